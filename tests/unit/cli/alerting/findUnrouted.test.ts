import { parse } from "yaml";
import { findUnrouted } from "../../../../cli/alerting/findUnrouted";
import type { RunningConfig } from "../../../../cli/alerting/runningConfig";
import { buildAlertmanagerConfig } from "../../../../config/alertmanager/alertmanagerConfig";
import { buildRules } from "../../../../config/prometheus/rules";
import { settingsSchema } from "../../../../config/settings/settings";

const rules = [
  { name: "Watchdog", labels: { severity: "none" } },
  { name: "HostCpuSaturated", labels: { severity: "warning" } },
  { name: "ContainerDown", labels: { severity: "critical" } },
  { name: "TargetsMissing", labels: { severity: "critical", app: "shop" } },
  { name: "TargetsMissing", labels: { severity: "critical", app: "till" } },
];
const receivers = [
  { name: "none" },
  { name: "empty", slack_configs: [] },
  { name: "team", slack_configs: [{}] },
  { name: "pager", pagerduty_configs: [{}] },
];

/** What is found where alerts go to nobody, and to the team by these routes. */
const find = (...routes: string[]) =>
  findUnrouted(
    { route: { receiver: "none", routes: routes.map((text) => parse(text) as object) }, receivers },
    rules,
  ).alerts;

describe("alerts that nobody is told of", () => {
  it("are all where no receiver has a way to be told", () => {
    const found = findUnrouted({ route: { receiver: "empty" }, receivers }, rules);
    expect(found).toStrictEqual({
      alerts: ["ContainerDown", "HostCpuSaturated", "TargetsMissing"],
      areAll: true,
    });
  });

  it.each<[string, string[], string[]]>([
    [
      "a severity",
      ["{ receiver: team, matchers: ['severity=\"critical\"'] }"],
      ["HostCpuSaturated"],
    ],
    [
      "an app",
      ["{ receiver: team, matchers: ['app=~\"shop|none\"'] }"],
      [
        "ContainerDown of no app",
        "ContainerDown of till",
        "HostCpuSaturated of no app",
        "HostCpuSaturated of till",
        "TargetsMissing of till",
      ],
    ],
    [
      "all but an alert",
      ["{ receiver: team, matchers: ['alertname!=\"ContainerDown\"'] }"],
      ["ContainerDown"],
    ],
    [
      "the old notation",
      ["{ receiver: team, match: { severity: warning }, match_re: { app: '.*' } }"],
      ["ContainerDown", "TargetsMissing"],
    ],
    [
      "a route below another",
      ["{ matchers: ['severity=~\".+\"'], routes: [{ receiver: team, matchers: ['app=\"\"'] }] }"],
      [
        "ContainerDown of shop",
        "ContainerDown of till",
        "HostCpuSaturated of shop",
        "HostCpuSaturated of till",
        "TargetsMissing",
      ],
    ],
    [
      "nobody first",
      ["{ receiver: none, matchers: ['severity=\"warning\"'] }", "{ receiver: team }"],
      ["HostCpuSaturated"],
    ],
    [
      "nobody first, and then the next",
      ["{ receiver: none, continue: true }", "{ receiver: team }"],
      [],
    ],
    // Only a series says what it is called.
    ["what may be", ["{ receiver: team, matchers: ['name=\"db\"'] }"], []],
    [
      "what may be nobody's",
      ["{ receiver: none, matchers: ['name=\"db\"'] }", "{ receiver: team }"],
      [],
    ],
    // No alert is a test.
    [
      "tests",
      ["{ receiver: team, matchers: ['glasshouse_test_receiver=\"team\"'] }"],
      ["ContainerDown", "HostCpuSaturated", "TargetsMissing"],
    ],
  ])("are those that are left beside a route for %s", (_, routes, expected) => {
    expect(find(...routes)).toStrictEqual(expected);
  });

  it("are none with a receiver of the stack file's", () => {
    const settings = settingsSchema.parse({
      apps: [{ name: "shop", image: "shop" }],
      alertmanager: {
        receivers: [{ name: "team", webhook: { url: { config: "hook" } } }],
        routes: [{ receiver: "team", apps: ["shop"], severities: ["critical"] }],
        heartbeat: { url: { config: "beat" } },
      },
    });
    const config = buildAlertmanagerConfig(settings.alertmanager, {
      prefix: "glasshouse-test",
      dashboardsUrl: "http://127.0.0.1:3000",
      templates: [],
    }) as unknown as RunningConfig;
    const own = buildRules(settings, "glasshouse-dev").groups.flatMap((group) =>
      group.rules.flatMap((rule) =>
        "alert" in rule ? [{ name: rule.alert, labels: rule.labels }] : [],
      ),
    );
    expect(own.length).toBeGreaterThan(20);
    expect(findUnrouted(config, own)).toStrictEqual({ alerts: [], areAll: false });
  });
});
