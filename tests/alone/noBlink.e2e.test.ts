import type { AppSettingsInput } from "../../config/settings/appSettings";
import { provider as prometheusReload } from "../../resources/prometheusReload/provider";
import { provider as volumeFiles } from "../../resources/volumeFiles/provider";
import { docker, inspectContainer } from "../support/dockerCommands";
import { findFreePorts } from "../support/freePorts";
import { PrometheusApi } from "../support/prometheusApi";
import { networkSettings } from "../support/testNetwork";
import { TestStack } from "../support/testStack";

// Everything is scraped once a second while jobs change and apps come, go and scale. What is not touched must not miss a
// single scrape.

const tiny = { build: { context: "tests/support/apps/tiny" }, memoryMb: 64 };
const intervalSeconds = 1;
const dockerHost = { uri: "unix:///var/run/docker.sock" };
const promYml = "/etc/prometheus/prometheus.yml";

let stack: TestStack;
let prometheus: PrometheusApi;
let prometheusPort: number;

/** One change of scrape jobs after the other, all on the app `other`. */
const jobChanges: readonly Partial<AppSettingsInput>[] = [
  { scrapeIntervalSeconds: 2 },
  { scrapeIntervalSeconds: 3 },
  { metricsPath: "/prometheus" },
  { jobName: "renamed" },
  { jobName: "renamed", metricsPath: "/prometheus" },
  { discovery: "dns" },
  { fallbackScrapeProtocol: "PrometheusText1.0.0" },
  { discovery: "dns", scrapeIntervalSeconds: 5 },
  { jobName: "renamed:again" },
  {},
];

function buildSettings(other: Partial<AppSettingsInput>, more: readonly AppSettingsInput[] = []) {
  const { builds, prometheus: image } = networkSettings();
  return {
    engineMetrics: { mode: "off" },
    builds,
    apps: [
      { name: "steady", ...tiny },
      { name: "crowd", ...tiny, replicas: 2 },
      { name: "other", ...tiny, ...other },
      ...more,
    ],
    prometheus: {
      ...image,
      publishPort: prometheusPort,
      scrapeIntervalSeconds: intervalSeconds,
    },
    grafana: { deploy: "never" },
  };
}

async function change(settings: object): Promise<void> {
  stack.write(settings as Record<string, unknown>);
  await stack.up();
}

const startOf = async (name: string) => {
  const { Id, State, RestartCount } = await inspectContainer(`${stack.prefix}-${name}`);
  return { Id, StartedAt: State.StartedAt, RestartCount };
};

beforeAll(async () => {
  [prometheusPort] = (await findFreePorts(1)) as [number];
  prometheus = new PrometheusApi(`http://127.0.0.1:${prometheusPort}`);
  stack = await TestStack.create("noblink");
  await change(buildSettings({}));
  for (const [job, count] of Object.entries({ prometheus: 1, steady: 1, crowd: 2, other: 1 })) {
    await prometheus.waitForTargets(job, count);
  }
});

afterAll(async () => {
  await stack.remove();
});

it("misses no scrape of an untouched target while jobs change ten times and apps scale", async () => {
  const untouched = ["prometheus", "steady-1", "crowd-1", "crowd-2", "other-1"];
  const before = await Promise.all(untouched.map(startOf));
  const crowd = await Promise.all(
    ["crowd-1", "crowd-2"].map(async (name) => {
      const { NetworkSettings } = await inspectContainer(`${stack.prefix}-${name}`);
      return `${NetworkSettings.Networks[stack.prefix]!.IPAddress}:80`;
    }),
  );
  await prometheus.waitForFreshScrapes();
  const from = Date.now() / 1000;

  for (const changed of jobChanges) {
    await change(buildSettings(changed));
    await prometheus.waitForTargets(changed.jobName ?? "other", 1);
  }
  const more: AppSettingsInput = { name: "more", ...tiny, replicas: 3 };
  await change(buildSettings({}, [more]));
  await prometheus.waitForTargets("more", 3);
  await change(buildSettings({}, [{ ...more, replicas: 5 }]));
  await prometheus.waitForTargets("more", 5);
  await change(buildSettings({}, [{ ...more, replicas: 2 }]));
  await prometheus.waitForTargets("more", 2);
  await change(buildSettings({}));
  await prometheus.waitForFreshScrapes();
  const to = Date.now() / 1000;

  const gaps: Record<string, number> = {};
  for (const target of [
    'job="steady"',
    'job="prometheus"',
    ...crowd.map((at) => `instance="${at}"`),
  ]) {
    const range = `${Math.ceil(Date.now() / 1000 - from)}s`;
    const samples = (await prometheus.readTimeline(`up{${target}}`, range)).filter(
      ({ time }) => time >= from,
    );
    expect(samples.filter(({ value }) => value !== 1)).toStrictEqual([]);
    const times = [from, ...samples.map(({ time }) => time), to];
    gaps[target] = Math.max(...times.slice(1).map((time, index) => time - times[index]!));
    // A missed scrape leaves two intervals between two samples.
    expect(gaps[target]).toBeLessThan(2 * intervalSeconds);
  }
  console.log(
    `${Math.round(to - from)} s, longest time between two samples: ${JSON.stringify(gaps)}`,
  );
  expect(await Promise.all(untouched.map(startOf))).toStrictEqual(before);
});

describe("a configuration that Prometheus would refuse", () => {
  const container = () => inspectContainer(`${stack.prefix}-prometheus`);
  const broken = "scrape_configs: [{ job_name: twice }, { job_name: twice }]\n";

  it("is refused by promtool before it reaches the volume", async () => {
    const { Image } = await container();
    const before = await docker("exec", `${stack.prefix}-prometheus`, "cat", promYml);
    const inputs = {
      dockerHost,
      volume: `${stack.prefix}-prometheus-config`,
      image: Image,
      files: { "prometheus.yml": broken },
      uid: 0,
      gid: 0,
      mode: 0o444,
      check: ["promtool", "check", "config", "prometheus.yml"],
    };
    await expect(volumeFiles.create(inputs)).rejects.toThrow(
      /refuses the new files; what was there before stays in use\.[^]*found multiple scrape configs with job name "twice"/,
    );
    expect(await docker("exec", `${stack.prefix}-prometheus`, "cat", promYml)).toBe(before);
  });

  it("is refused by Prometheus in its own words, and the old one runs on", async () => {
    const { Id } = await container();
    const before = await prometheus.readConfig();
    await writeConfig(broken);
    const config = before;
    const olds = { dockerHost, container: Id, config, rules: "", revision: "1" };
    await expect(
      prometheusReload.update("running", olds, { ...olds, revision: "2" }),
    ).rejects.toThrow(
      /refuses the new configuration and keeps running the old one\. It says:[^]*multiple scrape configs with job name/,
    );
    expect(await prometheus.readConfig()).toBe(before);
  });

  it("is corrected by the next update, and so is what Prometheus says of its last reload", async () => {
    await stack.up();
    await prometheus.waitForFreshScrapes();
    expect(await prometheus.queryNumber("prometheus_config_last_reload_successful")).toBe(1);
  });

  it("is noticed as well where the reload worked and read something else", async () => {
    const { Id } = await container();
    const asked = { dockerHost, container: Id, config: broken, rules: "", revision: "1" };
    await expect(
      prometheusReload.update("running", asked, { ...asked, revision: "2" }),
    ).rejects.toThrow("Prometheus runs another configuration than the one that was written for it");
  });

  async function writeConfig(text: string): Promise<void> {
    const { Image } = await container();
    const mount = `${stack.prefix}-prometheus-config:/volume`;
    const options = ["--rm", "--user", "0", "--entrypoint", "sh", "--volume", mount];
    await docker("run", ...options, Image, "-c", `printf '%s' '${text}' > /volume/prometheus.yml`);
  }
});

it("does not let anybody on the network stop Prometheus, reload it or delete series", async () => {
  const url = `http://127.0.0.1:${prometheusPort}`;
  const ask = async (method: string, path: string) =>
    (await fetch(`${url}${path}`, { method })).status;
  expect([await ask("POST", "/-/quit"), await ask("PUT", "/-/quit")]).toStrictEqual([403, 403]);
  expect(await ask("POST", "/-/reload")).toBe(403);
  const deletion = await fetch(`${url}/api/v1/admin/tsdb/delete_series?match[]=up`, {
    method: "POST",
  });
  expect(await deletion.text()).toContain("admin APIs disabled");
  expect(await prometheus.queryNumber("count(up)")).toBeGreaterThan(3);
});
