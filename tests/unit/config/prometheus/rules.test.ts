import { parse } from "yaml";
import { buildRules, renderRules } from "../../../../config/prometheus/rules";
import type { AlertRule, Rules } from "../../../../config/prometheus/ruleFile";
import { settingsSchema } from "../../../../config/settings/settings";

type Input = Parameters<typeof settingsSchema.parse>[0] & object;

function rulesOf(input: Input): AlertRule[] {
  return groupsOf(input).flatMap(({ rules }) =>
    rules.flatMap((rule) => ("alert" in rule ? [rule] : [])),
  );
}

function groupsOf(input: Input): Rules["groups"] {
  return (parse(renderRules(buildRules(settingsSchema.parse(input), "glasshouse-dev"))) as Rules)
    .groups;
}

/** Nothing but Prometheus is deployed. */
const bare = {
  apps: [],
  engineMetrics: { mode: "off" },
  exporters: { node: { deploy: false }, cadvisor: { deploy: false } },
  discovery: { enabled: false },
} satisfies Input;

const engineOnly = { ...bare, engineMetrics: {} } satisfies Input;

describe("the alert rules", () => {
  it("expect every sample, every exporter and the engine", () => {
    const missing = ["TargetsMissing", "ExporterDown", "EngineMetricsDown"];
    const rules = rulesOf({}).filter(({ alert }) => missing.includes(alert));
    expect(rules.map(({ alert, expr }) => [alert, expr])).toStrictEqual([
      ["TargetsMissing", '(sum(up{job="access-log"}) or vector(0)) < 3'],
      ["TargetsMissing", '(sum(up{job="image-gallery"}) or vector(0)) < 1'],
      ["TargetsMissing", '(sum(up{job="iotd-api"}) or vector(0)) < 1'],
      ["ExporterDown", '(sum(up{job="node"}) or vector(0)) < 1'],
      ["ExporterDown", '(sum(up{job="cadvisor"}) or vector(0)) < 1'],
      ["ExporterDown", '(sum(up{job="containers"}) or vector(0)) < 1'],
      ["EngineMetricsDown", '(sum(up{job="docker"}) or vector(0)) < 1'],
    ]);
  });

  it("say how bad it is, for how long, what to do, and where to read on", () => {
    for (const { alert, labels, for: patience, annotations } of rulesOf({})) {
      expect(labels["severity"]).toMatch(/^(critical|warning|info)$/);
      expect(patience).toMatch(/^\d+[hms]/);
      expect(annotations.summary).not.toBe("");
      expect(annotations.description).toMatch(/\.$/);
      expect(annotations.runbook_url).toBe(`docs/alerts.md#${alert.toLowerCase()}`);
    }
  });

  it("take their thresholds from the settings", () => {
    const defaults = settingsSchema.parse({}).prometheus.alerts.thresholds;
    const input = (name: string, value: number) => ({
      prometheus: { alerts: { thresholds: { [name]: value } } },
    });
    const probing = { ...bare, probes: [{ name: "home", url: "http://shop" }] };
    const inputs = [{}, bare, engineOnly, probing];
    const unchanged = inputs.map(groupsOf);
    for (const name of Object.keys(defaults)) {
      const changed = inputs.map((base) => groupsOf({ ...base, ...input(name, 7) }));
      expect([name, changed]).not.toStrictEqual([name, unchanged]);
    }
  });

  it("name the app, not its job or an address", () => {
    const [rule] = rulesOf({ apps: [{ name: "shop", image: "shop", jobName: "orders" }] });
    expect(rule?.labels).toStrictEqual({ severity: "critical", app: "shop" });
    expect(rule?.annotations.summary).toBe("shop: {{ $value }} of 1 targets up");
  });

  it("expect one target of static discovery, however many replicas answer behind it", () => {
    const [rule] = rulesOf({
      apps: [{ name: "shop", image: "shop", replicas: 4, discovery: "static" }],
    });
    expect(rule?.expr).toBe('(sum(up{job="shop"}) or vector(0)) < 1');
  });

  it("watch each scrape job of the stack file, and find one without any target", () => {
    const scrapeJobs = [{ name: "nas", targets: ["nas:9100"], scrapeIntervalSeconds: 30 }];
    const [rule] = rulesOf({ ...bare, scrapeJobs });
    expect(rule).toMatchObject({
      alert: "ExternalTargetDown",
      expr: 'up{job="nas"} == 0 or absent(up{job="nas"})',
      for: "2m",
    });
  });

  it("wait for four scrapes of the app, and until it is known of its containers as well", () => {
    const [rule] = rulesOf({ apps: [{ name: "shop", image: "shop", scrapeIntervalSeconds: 60 }] });
    expect(rule?.for).toBe("4m20s");
  });

  it("wait as long as the settings say, unless they are about an event, and leave out those that are disabled", () => {
    const alerts = { forSeconds: 300, disabled: ["ContainerDown" as const] };
    const rules = rulesOf({ prometheus: { alerts } });
    const patience = (alert: string) => rules.find((rule) => rule.alert === alert)?.for;
    // Two scrapes later than what holds it back.
    expect(patience("TargetsMissing")).toBe("5m20s");
    expect(patience("ContainerUnhealthy")).toBe("5m");
    expect(patience("HostCpuSaturated")).toBe("5m");
    expect(patience("ContainerOomKilled")).toBe("0s");
    expect(patience("ContainerDown")).toBeUndefined();
  });

  it("go on, where they hold others back, until all apps have been asked again", () => {
    const lingers = (input: Input) =>
      Object.fromEntries(
        rulesOf(input).flatMap(({ alert, keep_firing_for }) =>
          keep_firing_for === undefined ? [] : [[alert, keep_firing_for]],
        ),
      );
    const app = { name: "shop", image: "shop" };
    expect(lingers({ apps: [app] })).toStrictEqual({
      ...{ ContainerDown: "1m", ContainerUnhealthy: "1m" },
      ...{ HostCpuSaturated: "15m", HostMemoryLow: "15m", PrometheusNotIngesting: "5m" },
    });
    const seldom = { ...app, name: "nightly", scrapeIntervalSeconds: 60 };
    expect(lingers({ apps: [app, seldom] })).toMatchObject({ ContainerDown: "4m" });
  });

  it("end with those of the user's own", () => {
    const slow = { alert: "Slow", query: "up < 1", summary: "{{ $labels.app }} is slow" };
    const full = { ...slow, alert: "Full", forSeconds: 0, severity: "critical" as const };
    const rules = [slow, { ...full, description: "Make room." }];
    expect(rulesOf({ apps: [], prometheus: { alerts: { rules } } }).slice(-2)).toStrictEqual([
      {
        ...{ alert: "Slow", expr: "up < 1", for: "1m", labels: { severity: "warning" } },
        annotations: { summary: "{{ $labels.app }} is slow" },
      },
      {
        ...{ alert: "Full", expr: "up < 1", for: "0s", labels: { severity: "critical" } },
        annotations: { summary: "{{ $labels.app }} is slow", description: "Make room." },
      },
    ]);
  });

  it("say nothing of what is not deployed or not scraped", () => {
    const rules = rulesOf({ ...bare, apps: [{ name: "shop", image: "shop", replicas: 0 }] });
    expect(rules.filter(({ alert }) => !alert.startsWith("Prometheus"))).toStrictEqual([]);
    expect(groupsOf(bare).map(({ name }) => name)).toStrictEqual(["prometheus"]);
  });
});
