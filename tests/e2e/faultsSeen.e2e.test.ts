import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import type { OwnAlert } from "../../config/settings/alertSettings";
import { listDashboards } from "../../config/grafana/listDashboards";
import { listQueries } from "../../config/grafana/listQueries";
import { settingsSchema } from "../../config/settings/settings";
import { docker, readContainerIds } from "../support/dockerCommands";
import { findFreePorts } from "../support/freePorts";
import { mountControlGroups } from "../support/mountControlGroups";
import { PrometheusApi, type Series } from "../support/prometheusApi";
import { skipThisTest } from "../support/skip";
import { networkSettings, readTestImages } from "../support/testNetwork";
import { type StackSettings, TestStack } from "../support/testStack";
import { waitUntil } from "../support/waitUntil";

/** What an alert is about, by name. */
type Firing = readonly [alert: OwnAlert, about: string];

const { base } = readTestImages();

/** Longer than a flapping container is ill at a time, which is another alert. */
const forSeconds = 30;
/** cAdvisor measures every 15 s, and a rate looks back for a minute. */
const patienceSeconds = 180;

let stack: TestStack;
let prometheus: PrometheusApi;
let port: number;
let disk: { readonly device: string; readonly folder: string } | undefined;
let whyNoDisk = "";
let folder: string;

/** Faults that were made so far, for their alerts. */
const made: Firing[] = [];

const names = ["burning", "leaking", "flapping", "looping", "till"] as const;
const nameOf = (name: (typeof names)[number]) => `${stack.prefix}-${name}`;

beforeAll(async () => {
  mountControlGroups();
  folder = mkdtempSync(join(tmpdir(), "glasshouse-disk-"));
  try {
    disk = mountSmallDisk();
  } catch (error) {
    whyNoDisk = `no file system can be mounted here: ${String(error)}`;
  }
  stack = await TestStack.create("faults-seen");
  [port] = (await findFreePorts(1)) as [number];
  prometheus = new PrometheusApi(`http://127.0.0.1:${port}`);
  stack.write(buildSettings());
  await stack.up();
  for (const job of ["node", "cadvisor", "containers", "cart"]) {
    await prometheus.waitForTargets(job, 1);
  }
  await prometheus.waitForTargets("shop", 2);
});

afterAll(async () => {
  try {
    await docker("rm", "--force", "--volumes", ...names.map(nameOf)).catch(() => undefined);
    await stack.remove();
  } finally {
    if (disk !== undefined) execFileSync("umount", [disk.folder]);
    rmSync(folder, { recursive: true, force: true });
  }
});

function buildSettings(alerts: object = {}): StackSettings {
  const { builds, prometheus: image, exporters, dockerApi } = networkSettings();
  const app = { build: { context: "tests/support/apps/tiny" }, memoryMb: 64 };
  return {
    engineMetrics: { mode: "off" },
    builds,
    apps: [
      { ...app, name: "shop", replicas: 2 },
      { ...app, name: "cart" },
    ],
    prometheus: { ...image, publishPort: port, scrapeIntervalSeconds: 2, alerts },
    grafana: { deploy: "never" },
    exporters,
    dockerApi,
    discovery: { refreshSeconds: 1 },
  };
}

/**
 * A disk of 32 MB in a file. The exporter sees what was mounted before it started.
 *
 * @throws Error where this is not root's process, or the kernel has no loop devices
 */
function mountSmallDisk(): { device: string; folder: string } {
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
  // The exporter, another user, has to get to the mount point.
  chmodSync(folder, 0o755);
  const [file, mounted] = [join(folder, "disk.img"), join(folder, "disk")];
  writeFileSync(file, "");
  truncateSync(file, 32 * 1024 * 1024);
  mkdirSync(mounted);
  run("mkfs.ext4", "-q", "-F", file);
  run("mount", "-o", "loop", file, mounted);
  return { folder: mounted, device: run("findmnt", "--noheadings", "--output", "SOURCE", mounted) };
}

/** Asks what a panel asks, about one container where the panel lets one be picked. */
function ask(uid: string, row: string, panel: string, container = ".*"): Promise<Series[]> {
  const listed = listDashboards(settingsSchema.parse(buildSettings()), stack.prefix).find(
    (each) => each.uid === uid,
  );
  const queries = listQueries(JSON.parse(listed?.json ?? "{}") as Dashboard);
  const found = queries.find((query) => query.row === row && query.panel === panel);
  if (found === undefined) throw new Error(`${uid} has no panel ${row} / ${panel}`);
  return prometheus.query(found.query.replaceAll("$container", container));
}

/** Waits until a panel that draws one line a container draws a value of one. */
async function seeOnPanel(
  row: string,
  panel: string,
  container: string,
  satisfies: (value: number) => boolean,
): Promise<void> {
  await waitUntil(
    `${row} / ${panel} shows ${container}`,
    () => ask("glasshouse-containers", row, panel, container),
    (series) =>
      series.length === 1 && series[0]?.metric["name"] === container && satisfies(series[0].value),
    patienceSeconds,
  );
}

/** Alerts that fire, or did within the last while, about the stack and what this test has started; the host's other containers may have faults of their own. */
async function readFired(range?: string): Promise<string[]> {
  const about = `name=~"|${stack.prefix}-.*", device=~"|${disk?.device ?? ""}"`;
  const alerts = `ALERTS{alertstate="firing", severity!="none", ${about}}`;
  const found = await prometheus.query(
    range === undefined ? alerts : `count_over_time(${alerts}[${range}])`,
  );
  const texts = found.map(({ metric }) =>
    describeAlert([
      metric["alertname"] as OwnAlert,
      metric["name"] ?? metric["device"] ?? metric["container"] ?? metric["app"] ?? "",
    ]),
  );
  return [...new Set(texts)].sort();
}

const describeAlert = ([alert, about]: Firing) => `${alert} of ${about}`;

async function startContainer(name: (typeof names)[number], ...args: string[]): Promise<void> {
  await docker("run", "--detach", "--name", nameOf(name), ...args);
}

const alone = ["--network", "none"];

it("raises no alert when everything is redeployed", async () => {
  const before = await readContainerIds(stack.prefix);
  const { deployment } = JSON.parse(await stack.pulumi("stack", "export")) as {
    deployment: { resources: { type: string; urn: string }[] };
  };
  const containers = deployment.resources.filter(
    ({ type }) => type === "docker:index/container:Container",
  );
  await stack.up(...containers.flatMap(({ urn }) => ["--replace", urn]));
  const after = await readContainerIds(stack.prefix);
  expect(Object.keys(after)).toStrictEqual(Object.keys(before));
  expect(Object.keys(after)).toHaveLength(7);
  for (const [name, id] of Object.entries(after)) expect(id).not.toBe(before[name]);
  await prometheus.waitForTargets("shop", 2);
  // Prometheus was replaced as well: it never saw the containers before end, and takes their last values for current ones for two minutes.
  await waitUntil(
    "the targets before are forgotten",
    () => prometheus.queryNumber('sum(up{job="shop"})'),
    (count) => count === 2,
    150,
  );
  await waitUntil(
    "no alert is on its way",
    () => prometheus.query('ALERTS{alertstate="pending"}'),
    (pending) => pending.filter(({ metric }) => metric["app"] ?? metric["exporter"]).length === 0,
  );
  expect(await readFired("15m")).toStrictEqual([]);
});

describe("a fault", () => {
  beforeAll(async () => {
    // What else this machine is busy with is none of this test's.
    const disabled = ["HostCpuSaturated", "HostMemoryLow"];
    // A limit as small as the one below is not used up to the last bit.
    const thresholds = { containerCpuPercent: 50 };
    stack.write(buildSettings({ forSeconds, disabled, thresholds }));
    await stack.up();
    // Measured while the others are made.
    await startContainer(
      "burning",
      ...alone,
      "--cpus",
      "0.1",
      base,
      "perl",
      "-e",
      "fork; 1 while 1",
    );
  });

  it("such as a stopped replica is seen", async () => {
    const replica = `${stack.prefix}-shop-2`;
    await docker("stop", replica);
    made.push(["ContainerDown", replica], ["TargetsMissing", "shop"]);
    await seeOnPanel("States", "Running", replica, (value) => value === 0);
    await waitUntil(
      "the app's row shows one target",
      () => ask("glasshouse", "shop", "Targets up"),
      ([series]) => series?.value === 1,
    );
  });

  it("such as a full disk is seen", async () => {
    if (disk === undefined) {
      skipThisTest(whyNoDisk);
      return;
    }
    const { device, folder: mounted } = disk;
    const usage = async () =>
      (await ask("glasshouse-host", "Disks", "Disk space in use")).find(
        ({ metric }) => metric["device"] === device,
      )?.value;
    await waitUntil("the disk is seen", usage, (value) => value !== undefined && value < 0.5);
    expect(() => writeFileSync(join(mounted, "fill"), Buffer.alloc(64 * 1024 * 1024))).toThrow(
      /ENOSPC/,
    );
    made.push(["HostDiskFillsUp", device]);
    await waitUntil("it is full", usage, (value) => (value ?? 0) > 0.99);
    const fullest = await ask("glasshouse-overview", "Now", "Fullest disk");
    expect(fullest[0]?.value).toBeGreaterThan(0.99);
  });

  it("such as a leak that ends in a kill is seen", async () => {
    const leaking = nameOf("leaking");
    const leak =
      'my @kept; for (1 .. 200) { push @kept, "x" x 1e6; select undef, undef, undef, 0.02 }';
    await startContainer("leaking", ...alone, "--memory", "32m", base, "perl", "-e", leak);
    expect(await docker("wait", leaking)).toBe("137");
    await waitUntil(
      "the host's panel shows a kill",
      () => ask("glasshouse-host", "Memory", "Processes killed for want of memory"),
      ([series]) => (series?.value ?? 0) > 0,
    );
    const isKnown = await docker("inspect", "--format", "{{.State.OOMKilled}}", leaking);
    if (isKnown !== "true") {
      made.push(["HostOomKill", ""]);
      skipThisTest(
        "the kernel kills, but the engine of this machine tells nobody of which container",
      );
      return;
    }
    made.push(["ContainerOomKilled", leaking]);
    await seeOnPanel(
      "Restarts and kills",
      "Killed for want of memory",
      leaking,
      (value) => value > 0,
    );
  });

  it("such as a health that flaps is seen", async () => {
    const flapping = nameOf("flapping");
    const check = ["--health-cmd", "test ! -e /tmp/ill", "--health-interval", "1s"];
    const retries = ["--health-retries", "1"];
    await startContainer("flapping", ...alone, ...check, ...retries, base, "sleep", "3600");
    const isSeen = async (health: number) => {
      await seeOnPanel("States", "Health", flapping, (value) => value === health);
      await waitUntil(
        "the rules know it",
        () => prometheus.queryNumber(`container:unhealthy:bool{name="${flapping}"}`),
        (value) => value === 1 - health,
      );
    };
    await isSeen(1);
    for (let time = 1; time <= 2; time += 1) {
      await docker("exec", flapping, "touch", "/tmp/ill");
      await isSeen(0);
      await docker("exec", flapping, "rm", "/tmp/ill");
      await isSeen(1);
    }
    made.push(["ContainerHealthFlapping", flapping]);
  });

  it("such as a container that ends again and again is seen", async () => {
    const looping = nameOf("looping");
    await startContainer("looping", ...alone, "--restart", "always", base, "false");
    made.push(["ContainerRestartLoop", looping]);
    await seeOnPanel("Restarts and kills", "Restarts", looping, (value) => value > 3);
  });

  it("such as a labelled container that does not answer is seen, and one that does comes and goes unnoticed", async () => {
    const till = nameOf("till");
    const shop = await docker("inspect", "--format", "{{.Image}}", `${stack.prefix}-cart-1`);
    const label = (text: string) => ["--label", text];
    const start = (port: number) =>
      startContainer(
        "till",
        ...["--network", stack.prefix, ...label("com.docker.compose.service=till")],
        ...[...label("prometheus.io/scrape=true"), ...label(`prometheus.io/port=${port}`), shop],
      );
    const isSeen = (state: number | undefined) =>
      waitUntil(
        `the job till is ${state ?? "gone"}`,
        () => ask("glasshouse-prometheus", "Targets", "Targets by job"),
        (series) => series.find(({ metric }) => metric["job"] === "till")?.value === state,
      );
    await start(80);
    await isSeen(1);
    await docker("rm", "--force", till);
    await isSeen(undefined);
    await start(81);
    await isSeen(0);
    made.push(["DiscoveredTargetDown", till]);
  });

  it("such as a container that burns all that it may is seen", async () => {
    const burning = nameOf("burning");
    made.push(["ContainerThrottled", burning]);
    await seeOnPanel("CPU", "CPU in use", burning, (value) => value > 0.08);
    await seeOnPanel("CPU", "CPU of its limit", burning, (value) => value > 0.8);
    await seeOnPanel("CPU", "Held back by its limit", burning, (value) => value > 0.5);
  });

  it("raises its alert, and no other", async () => {
    const expected = made.map(describeAlert).sort();
    await waitUntil(
      `exactly these alerts: ${expected.join(", ")}`,
      () => readFired(),
      (fired) => fired.join() === expected.join(),
      patienceSeconds,
    );
    expect(await readFired("15m")).toStrictEqual(expected);
  });
});
