import {
  describeHost,
  findDaemonJsonDiffs,
} from "../../../../../cli/ci/report/changes/hostChanges";
import { renderPlain } from "../../../../../cli/ci/report/words";
import { componentTypes } from "../../../../../resources/types";

const urn = `urn:pulumi:test::glasshouse::${componentTypes.engineMetrics}::engine-metrics`;
const diff = '--- a\n+++ b\n+  "metrics-addr": "0.0.0.0:9323"';
const preview = {
  steps: [],
  violations: [],
  isComplete: true,
  diagnostics: [
    `ssh://root@two: The host's settings change:\n${diff}`,
    "The Docker Engine of ssh://root@two restarts. Its node is drained first.",
  ].map((message) => ({ urn, severity: "info" as const, message })),
};

it("a preview says on which other node daemon.json changes, and what becomes of its engine", () => {
  expect(findDaemonJsonDiffs(preview)).toStrictEqual([{ node: "ssh://root@two", text: diff }]);
  const said = describeHost(preview, true).map(({ words, risk }) => [risk, renderPlain(words)]);
  expect(said).toStrictEqual([
    [
      "host setting",
      "daemon.json of ssh://root@two gains metrics-addr; the engine of ssh://root@two restarts. Its node is drained first",
    ],
  ]);
});
