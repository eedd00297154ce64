import { parse } from "yaml";
import { buildRules, renderRules } from "../../../../config/prometheus/rules";
import type { AlertRule, Rules } from "../../../../config/prometheus/ruleFile";
import { settingsSchema } from "../../../../config/settings";

type Input = Parameters<typeof settingsSchema.parse>[0] & object;

function rulesOf(input: Input): AlertRule[] {
  const { groups } = parse(renderRules(buildRules(settingsSchema.parse(input)))) as Rules;
  return groups.flatMap(({ rules }) => rules as readonly AlertRule[]);
}

describe("the alert rules", () => {
  it("watch every sample, the engine and Prometheus' configuration", () => {
    expect(rulesOf({}).map(({ alert, expr }) => [alert, expr])).toStrictEqual([
      ["TargetsMissing", '(sum(up{job="access-log"}) or vector(0)) < 3'],
      ["TargetsMissing", '(sum(up{job="image-gallery"}) or vector(0)) < 1'],
      ["TargetsMissing", '(sum(up{job="iotd-api"}) or vector(0)) < 1'],
      ["EngineMetricsDown", '(sum(up{job="docker"}) or vector(0)) < 1'],
      [
        "PrometheusConfigReloadFailed",
        'prometheus_config_last_reload_successful{job="prometheus"} == 0',
      ],
    ]);
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

  it("wait for four scrapes of the app", () => {
    const [rule] = rulesOf({ apps: [{ name: "shop", image: "shop", scrapeIntervalSeconds: 60 }] });
    expect(rule?.for).toBe("4m");
  });

  it("wait as long as the settings say, and leave out those that are disabled", () => {
    const alerts = { forSeconds: 300, disabled: ["EngineMetricsDown" as const] };
    const rules = rulesOf({ apps: [{ name: "shop", image: "shop" }], prometheus: { alerts } });
    expect(rules.map(({ alert, for: patience }) => [alert, patience])).toStrictEqual([
      ["TargetsMissing", "5m"],
      ["PrometheusConfigReloadFailed", "5m"],
    ]);
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

  it("leave out what is not deployed or not scraped", () => {
    const rules = rulesOf({
      apps: [{ name: "shop", image: "shop", replicas: 0 }],
      engineMetrics: { mode: "off" },
    });
    expect(rules.map(({ alert }) => alert)).toStrictEqual(["PrometheusConfigReloadFailed"]);
  });
});
