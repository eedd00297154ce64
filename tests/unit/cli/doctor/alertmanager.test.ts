import { diagnose } from "../../../../cli/doctor/diagnose";
import type { AlertmanagerNow } from "../../../../cli/doctor/facts";
import { readAlertmanager } from "../../../../cli/doctor/readAlertmanager";
import { listFindings } from "../../../../cli/doctor/report";
import { parseStackState } from "../../../../cli/doctor/parseStackState";
import { updateComment } from "../../../../cli/alerting/silenceWhile";
import { buildSilence, FakeAlertmanager, isEqual } from "../alerting/fakeAlertmanager";
import { buildFacts, sampleExport } from "./sampleFacts";

const container = "glasshouse-test-prometheus-server";

/** What the state of a stack says whose Alertmanager is there. */
function buildState(url: string) {
  const [stack, ...others] = sampleExport.deployment.resources ?? [];
  const outputs = { ...stack!.outputs, prometheusUrl: url, alertmanagerUrl: url };
  const reload = {
    urn: "urn:pulumi:test::glasshouse::glasshouse:resources:AlertmanagerReload::running",
    type: "glasshouse:resources:AlertmanagerReload",
    // Any container of the sample will do.
    inputs: { container: "id-prometheus-server" },
  };
  const resources = [{ ...stack!, outputs }, ...others, reload];
  return parseStackState({ deployment: { resources } });
}

describe("what the doctor reads of Alertmanager", () => {
  let fake: FakeAlertmanager;
  let queried: string[];
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

  beforeEach(async () => {
    fake = await new FakeAlertmanager().start();
    queried = [];
    fake.answers["GET /api/v1/query"] = () => {
      queried.push("query");
      return {
        data: {
          result: [
            { metric: { receiver_name: "team", integration: "slack" }, value: [0, "3.02"] },
            { metric: { receiver_name: "pager", integration: "email" }, value: [0, "0.4"] },
          ],
        },
      };
    };
    fake.answers["GET /api/v2/alerts"] = () => [
      { labels: { alertname: "ContainerDown", app: "shop" }, startsAt: ago(90) },
      { labels: { alertname: "TargetsMissing", app: "shop" }, startsAt: ago(5) },
    ];
    fake.answers["GET /api/v1/rules"] = () => ({
      data: {
        groups: [
          { rules: [{ name: "HostCpuSaturated", labels: { severity: "warning" } }] },
          { rules: [{ name: "ContainerDown", labels: { severity: "critical" } }] },
        ],
      },
    });
    fake.answers["GET /api/v2/status"] = () => ({
      config: {
        original:
          'route: { receiver: none, routes: [{ receiver: pager, matchers: [severity="critical"] }] }\n' +
          "receivers: [{ name: none }, { name: pager, slack_configs: [{}] }]\n",
      },
    });
  });

  afterEach(() => fake.stop());

  const ended = (id: string, more = {}) =>
    buildSilence(id, {
      endsAt: ago(30),
      updatedAt: ago(120),
      status: { state: "expired" },
      ...more,
    });

  it("is who did not take messages, and which silences are over while their alerts fire, and whom no route leads to", async () => {
    fake.silences = [
      ended("by-itself"),
      ended("pattern", { matchers: [{ ...isEqual("alertname", "Container.*"), isRegex: true }] }),
      ended("by-hand", { updatedAt: ago(30) }),
      ended("long-ago", { endsAt: ago(25 * 60), updatedAt: ago(26 * 60) }),
      ended("of-an-update", { comment: updateComment }),
      ended("of-another-app", { matchers: [isEqual("app", "till")] }),
      ended("of-what-is-not", { matchers: [{ ...isEqual("app", "shop"), isEqual: false }] }),
      ended("of-no-pattern", { matchers: [{ ...isEqual("app", "(?i)shop"), isRegex: true }] }),
      buildSilence("in-force"),
    ];
    const now = await readAlertmanager(buildState(fake.url));
    expect(now).toMatchObject({
      container,
      failing: {
        value: [
          { receiver: "team", integration: "slack", messages: 3 },
          { receiver: "pager", integration: "email", messages: 1 },
        ],
      },
    });
    const found = now !== undefined && "value" in now.ended ? now.ended.value : [];
    expect(found.map(({ silence, alerts }) => [silence.id, alerts])).toStrictEqual([
      // What began only afterwards was never silenced.
      ["by-itself", ["ContainerDown"]],
      ["pattern", ["ContainerDown"]],
    ]);
    expect(queried).toHaveLength(1);
    expect(now?.unrouted).toStrictEqual({
      value: { alerts: ["HostCpuSaturated"], areAll: false },
    });
  });

  it("is nothing for a stack without it, and in words why it could not be asked", async () => {
    await expect(readAlertmanager(parseStackState(sampleExport))).resolves.toBeUndefined();
    const now = await readAlertmanager(buildState("http://127.0.0.1:1"));
    expect(now?.failing).toStrictEqual({ problem: expect.any(String) as string });
    expect(now?.ended).toStrictEqual({ problem: expect.any(String) as string });
  });
});

describe("what the doctor says of Alertmanager", () => {
  const sound: AlertmanagerNow = {
    container,
    failing: { value: [] },
    ended: { value: [] },
    unrouted: { value: { alerts: [], areAll: false } },
  };
  const report = (changes: Partial<AlertmanagerNow>) =>
    diagnose(buildFacts({ alertmanager: { ...sound, ...changes } }));

  it("is nothing where nothing is wrong", () => {
    expect(listFindings(report({}))).toStrictEqual([]);
    expect(report({}).rows.map(({ subject }) => subject)).toContain("receivers");
    const without = diagnose(buildFacts());
    expect(without.rows.map(({ subject }) => subject)).not.toContain("receivers");
  });

  it("names a receiver that refuses, and how to find out why", () => {
    const value = [
      { receiver: "team", integration: "slack", messages: 3 },
      { receiver: "_heartbeat", integration: "webhook", messages: 1 },
    ];
    const found = listFindings(report({ failing: { value } }));
    expect(
      found.map(({ subject, problem, fix }) => `${subject} ${problem} => ${fix}`),
    ).toStrictEqual([
      "receiver team did not take 3 messages by slack in the last hour => npm run alert:test -- --stack test --receiver team" +
        `   (says why; so does docker logs --tail 20 ${container})`,
      `heartbeat did not take a message by webhook in the last hour => docker logs --tail 20 ${container}   (shows why)`,
    ]);
  });

  it("says that it does not know", () => {
    const found = listFindings(report({ failing: { problem: "timeout" } }));
    expect(found.map(({ problem }) => problem)).toStrictEqual(["could not be looked at: timeout"]);
  });

  it("reminds of a silence that is over while its alerts fire, which is no fault", () => {
    const value = [{ silence: buildSilence("a1"), alerts: ["ContainerDown", "TargetsMissing"] }];
    const { notes, ...rest } = report({ ended: { value } });
    expect(listFindings({ ...rest, notes })).toStrictEqual([]);
    expect(notes).toContainEqual({
      subject: "silence",
      text:
        'of app="shop" ended at 2026-11-27 07:30 UTC, while what it silenced still fires: ContainerDown, TargetsMissing. ' +
        "By ada: new disks",
    });
  });

  it("names alerts that nobody is told of, which may be meant", () => {
    const alerts = ["A", "B", "C", "D", "E of shop"];
    const { notes, ...rest } = report({ unrouted: { value: { alerts, areAll: false } } });
    expect(listFindings({ ...rest, notes })).toStrictEqual([]);
    const why = "the route ends at a receiver that has no way to be told";
    expect(notes).toContainEqual({
      subject: "routes",
      text: `nobody is told of A, B, C, D and 1 more: ${why}`,
    });
    const all = report({ unrouted: { value: { alerts, areAll: true } } });
    expect(all.notes).toContainEqual({
      subject: "routes",
      text: `nobody is told of any alert: ${why}`,
    });
  });
});
