import { describeOthers } from "../../../../../cli/ci/report/changes/otherChanges";
import type { Operation, Step } from "../../../../../cli/ci/report/preview";
import { typeToken } from "../../../../../resources/types";

function step(type: string, name: string, operation: Operation): Step {
  return {
    operation,
    urn: `urn:pulumi:test::glasshouse::${type}::${name}`,
    type,
    name,
    ownerType: "glasshouse:alertmanager:Alertmanager",
    owner: "alertmanager",
    before: {},
    after: {},
    found: {},
    reasons: [],
    isKnown: true,
  };
}

function describeAlertmanager(files: Operation, secrets: Operation, container: Operation = "same") {
  const preview = {
    steps: [
      step("docker:index/container:Container", "alertmanager-server", container),
      step(typeToken("VolumeFiles"), "alertmanager-files", files),
      step(typeToken("VolumeFiles"), "alertmanager-secret-files", secrets),
      step(typeToken("AlertmanagerReload"), "alertmanager-running-config", "update"),
    ],
    diagnostics: [],
    violations: [],
    isComplete: true,
  };
  return describeOthers(preview, false);
}

describe("what a preview says of Alertmanager", () => {
  it.each([
    ["update", "same", "its configuration changes, reloaded without restart"],
    ["same", "update", "its secrets change, reloaded without restart"],
    ["update", "update", "its configuration and secrets change, reloaded without restart"],
  ] as const)("with files %s and secrets %s is one sentence", (files, secrets, words) => {
    expect(describeAlertmanager(files, secrets)).toStrictEqual([
      { subject: "alertmanager", words: [words] },
    ]);
  });

  it("says nothing of a reload where the container is replaced anyway", () => {
    expect(JSON.stringify(describeAlertmanager("update", "same", "replace"))).not.toContain(
      "reloaded",
    );
  });
});
