import type { PrometheusReloadInputs } from "../../../../resources/prometheusReload/inputs";
import { provider } from "../../../../resources/prometheusReload/provider";
import { FakeDocker } from "../../support/fakeDocker";

let engine: FakeDocker;
let prometheus: { running: string; rules: unknown[]; successful: boolean; lastSuccess: number };
/** What lies in its folder. */
let files: Record<string, string>;
let inputs: PrometheusReloadInputs;
let signals: string[];
const oldConfig = "global: { scrape_interval: 10s }\nrule_files: [rules.yml]\n";
const newConfig = "global: { scrape_interval: 20s }\nrule_files: [rules.yml]\n";
const oldRules = "groups: [{ name: apps, rules: [{ alert: Missing, expr: up < 3 }] }]\n";
const newRules = "groups: [{ name: apps, rules: [{ alert: Missing, expr: up < 6 }] }]\n";
const runningRules = (query: string) => [{ name: "apps", rules: [{ name: "Missing", query }] }];

beforeEach(async () => {
  engine = await new FakeDocker().start();
  prometheus = {
    running: oldConfig,
    rules: runningRules("up < 3"),
    successful: true,
    lastSuccess: 1,
  };
  files = { "prometheus.yml": oldConfig, "rules.yml": oldRules };
  signals = [];
  engine.inspect = () => ({ State: { Running: true, Restarting: false } });
  engine.run = (command) => {
    const asked = command.at(-1) ?? "";
    if (command[0] !== "cat") return { exitCode: 0, output: answer(asked) };
    const text = files[asked.replace("/etc/prometheus/", "")];
    return text === undefined
      ? { exitCode: 1, output: `cat: can't open '${asked}'\n` }
      : { exitCode: 0, output: text };
  };
  inputs = { dockerHost: { uri: engine.uri }, container: "p", revision: "1" };
});

afterEach(async () => {
  jest.restoreAllMocks();
  await engine.stop();
});

function answer(url: string): string {
  if (url.endsWith("/api/v1/status/config"))
    return JSON.stringify({ data: { yaml: prometheus.running } });
  if (url.endsWith("/api/v1/rules")) {
    return JSON.stringify({ data: { groups: prometheus.rules } });
  }
  const [, query] = /format_query\?query=(.*)/.exec(url) ?? [];
  // Prometheus spells a query its own way, such as with a space on both sides of an operator.
  if (query !== undefined) {
    return JSON.stringify({ data: decodeURIComponent(query).replace(/\s*<\s*/, " < ") });
  }
  if (!url.endsWith("/metrics")) return "ready";
  return [
    "# TYPE prometheus_config_last_reload_successful gauge",
    `prometheus_config_last_reload_successful ${prometheus.successful ? 1 : 0}`,
    `prometheus_config_last_reload_success_timestamp_seconds ${prometheus.lastSuccess}`,
    "",
  ].join("\n");
}

function onReload(change: () => void): void {
  engine.onSignal = (signal) => {
    signals.push(signal);
    change();
  };
}

const accept = (running: string) => () => {
  const { rules, lastSuccess } = prometheus;
  prometheus = { running, rules, successful: true, lastSuccess: lastSuccess + 1 };
};

/** New files are written, and Prometheus is told. */
function update(written: Record<string, string> = { "prometheus.yml": newConfig }) {
  files = { ...files, ...written };
  return provider.update("running", inputs, { ...inputs, revision: "2" });
}

describe("prometheusReload", () => {
  it("reloads a running Prometheus", async () => {
    onReload(accept(newConfig));
    expect((await update()).outs).toStrictEqual({ ...inputs, revision: "2" });
    expect(signals).toStrictEqual(["SIGHUP"]);
  });

  it("does not reload a Prometheus that started with its files", async () => {
    onReload(accept(newConfig));
    await provider.create(inputs);
    expect(signals).toStrictEqual([]);
  });

  it("gives Prometheus' own words when it refuses the configuration", async () => {
    engine.log = 'err="parsing YAML file: line 3"\n';
    onReload(() => (prometheus.successful = false));
    await expect(update()).rejects.toThrow(
      "Prometheus refuses the new configuration and keeps running the old one. " +
        'It says:\n    err="parsing YAML file: line 3"',
    );
  });

  it("waits for the new reload where the one before had failed", async () => {
    prometheus.successful = false;
    onReload(() => setTimeout(accept(newConfig), 300));
    await update();
    expect(prometheus.running).toBe(newConfig);
  });

  it("notices a reload that does not happen", async () => {
    // The deadline is taken after the signal: it moves on with every look at the clock.
    let clock = 4_000_000_000_000;
    onReload(() => jest.spyOn(Date, "now").mockImplementation(() => (clock += 20_000)));
    await expect(update()).rejects.toThrow("Prometheus was told to reload and did not");
  });

  it("notices a reload of other files than those that are there", async () => {
    onReload(accept("global: { scrape_interval: 15s }\n"));
    await expect(update()).rejects.toThrow(
      'another configuration than its files say: global.scrape_interval is "15s" where "20s" is wanted',
    );
  });

  it("notices rules that are still the old ones after a reload", async () => {
    onReload(accept(oldConfig));
    await expect(update({ "rules.yml": newRules })).rejects.toThrow(
      "apps: Missing is `up < 3` where `up < 6` is wanted",
    );
  });

  it("compares the rules of every file that the configuration names", async () => {
    const config = "rule_files: [rules.yml, more.yml]\n";
    const more = "groups: [{ name: more, rules: [] }]\n";
    onReload(accept(config));
    await expect(update({ "prometheus.yml": config, "more.yml": more })).rejects.toThrow(
      "there are no rules more",
    );
  });

  it("says which file is missing", async () => {
    files = { "prometheus.yml": oldConfig };
    await expect(provider.create(inputs)).rejects.toThrow(
      "Prometheus has no file /etc/prometheus/rules.yml: cat: can't open '/etc/prometheus/rules.yml'",
    );
  });

  it("takes a rule that Prometheus spells its own way for the same rule", async () => {
    onReload(accept(oldConfig));
    files["rules.yml"] = oldRules.replace("up < 3", "up<3");
    await provider.create(inputs);
    expect(signals).toStrictEqual([]);
  });

  it("reloads a Prometheus that was never told of the rules that are there", async () => {
    onReload(() => {
      accept(oldConfig)();
      prometheus.rules = runningRules("up < 6");
    });
    files["rules.yml"] = newRules;
    await provider.create(inputs);
    expect(signals).toStrictEqual(["SIGHUP"]);
  });

  it("checks a container that was recreated, without a reload", async () => {
    onReload(accept(newConfig));
    await provider.update("running", { ...inputs, container: "older" }, inputs);
    expect(signals).toStrictEqual([]);
  });

  it("reports a Prometheus that ended with its last log lines", async () => {
    engine.log = "out of disk\n";
    engine.run = () => ({ exitCode: 1, output: "refused\n" });
    engine.inspect = () => ({ State: { Running: false, Restarting: false } });
    await expect(provider.create(inputs)).rejects.toThrow(
      "Prometheus does not become ready (refused). It says:\n    out of disk",
    );
  });

  describe("drift", () => {
    const read = async () => {
      const { id, props } = await provider.read("running", inputs);
      const { changes } = await provider.diff(id, props, inputs);
      return { changes, difference: props.difference };
    };

    it("is another running configuration", async () => {
      expect(await read()).toStrictEqual({ changes: false, difference: undefined });
      prometheus.running = newConfig;
      expect(await read()).toStrictEqual({
        changes: true,
        difference: 'global.scrape_interval is "20s" where "10s" is wanted',
      });
    });

    it("is other rules", async () => {
      prometheus.rules = [];
      expect(await read()).toStrictEqual({ changes: true, difference: "there are no rules apps" });
    });

    it("ends with the update that corrects it", async () => {
      const olds = { ...inputs, difference: "there are no rules apps" };
      onReload(accept(oldConfig));
      const { outs } = await provider.update("running", olds, inputs);
      expect((await provider.diff("running", outs, inputs)).changes).toBe(false);
    });

    it("is not a Prometheus that cannot be asked", async () => {
      prometheus.running = newConfig;
      engine.run = () => ({ exitCode: 126, output: "" });
      expect(await read()).toStrictEqual({ changes: false, difference: undefined });
    });
  });

  it("changes with its container and with its files' revision, and not for what version 0.1 kept", async () => {
    const olds = { ...inputs, config: oldConfig, rules: oldRules, running: oldConfig };
    const changes = async (news: Partial<PrometheusReloadInputs>) =>
      (await provider.diff("running", olds, { ...inputs, ...news })).changes;
    expect(await changes({})).toBe(false);
    expect(await changes({ revision: "2" })).toBe(true);
    expect(await changes({ container: "another" })).toBe(true);
  });
});
