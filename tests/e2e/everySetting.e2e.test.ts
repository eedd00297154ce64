import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type Docker from "dockerode";
import type { AppSettingsInput } from "../../config/settings/appSettings";
import { describeKilled } from "../../cli/describeKilled";
import { parseStackState } from "../../cli/doctor/parseStackState";
import { exportState } from "../../cli/ensureStack";
import { projectFolder } from "../../cli/versions";
import { localDockerHost } from "../../host/access/dockerHost";
import { docker, inspectContainer, readContainerIds } from "../support/dockerCommands";
import { findFreePorts } from "../support/freePorts";
import { PrometheusApi } from "../support/prometheusApi";
import { networkSettings } from "../support/testNetwork";
import { TestStack } from "../support/testStack";
import { waitUntil } from "../support/waitUntil";

// One setting of an app after the other is changed, each has to be found on the running container, and on no other one: some
// changes are accepted by the Docker provider and never reach the engine.

let stack: TestStack;
let ports: number[];

const tiny = { build: { context: "tests/support/apps/tiny" } };
const mebibyte = 1024 * 1024;

interface Case {
  readonly setting: string;
  readonly change: () => Partial<AppSettingsInput>;
  readonly read: (info: Docker.ContainerInspectInfo) => unknown;
  readonly expected: () => unknown;
  /** Whether the container runs on while it changes; default: a new one takes its place. */
  readonly inPlace?: true;
}

function listTmpfs({ Tmpfs }: Docker.HostConfig): string[] {
  return Object.keys(Tmpfs ?? {}).sort();
}

const health = { command: ["true"], intervalSeconds: 1, startPeriodSeconds: 5 };

const cases: readonly Case[] = [
  {
    setting: "memoryMb",
    change: () => ({ memoryMb: 96 }),
    read: ({ HostConfig }) => [HostConfig.Memory, HostConfig.MemorySwap],
    expected: () => [96 * mebibyte, 96 * mebibyte],
    inPlace: true,
  },
  {
    setting: "memoryMb, smaller again",
    change: () => ({ memoryMb: 48 }),
    read: ({ HostConfig }) => [HostConfig.Memory, HostConfig.MemorySwap],
    expected: () => [48 * mebibyte, 48 * mebibyte],
    inPlace: true,
  },
  {
    setting: "cpus",
    change: () => ({ memoryMb: 48, cpus: 0.25 }),
    read: ({ HostConfig }) => HostConfig.NanoCpus,
    expected: () => 25e7,
    inPlace: true,
  },
  {
    setting: "pids",
    change: () => ({ memoryMb: 48, pids: 33 }),
    read: ({ HostConfig }) => HostConfig.PidsLimit,
    expected: () => 33,
    inPlace: true,
  },
  {
    setting: "environment",
    change: () => ({ environment: { COLOUR: "red" } }),
    read: ({ Config }) => Config.Env.filter((line) => line.startsWith("COLOUR=")),
    expected: () => ["COLOUR=red"],
  },
  {
    setting: "environment, another value",
    change: () => ({ environment: { COLOUR: "blue" } }),
    read: ({ Config }) => Config.Env.filter((line) => line.startsWith("COLOUR=")),
    expected: () => ["COLOUR=blue"],
  },
  {
    setting: "environment, taken away",
    change: () => ({}),
    read: ({ Config }) => Config.Env.filter((line) => line.startsWith("COLOUR=")),
    expected: () => [],
  },
  {
    setting: "healthCheck",
    change: () => ({ healthCheck: health }),
    read: ({ Config }) => [Config.Healthcheck?.Test, Config.Healthcheck?.Interval],
    expected: () => [["CMD", "true"], 1e9],
  },
  {
    setting: "healthCheck, another interval",
    change: () => ({ healthCheck: { ...health, intervalSeconds: 2 } }),
    read: ({ Config }) => Config.Healthcheck?.Interval,
    expected: () => 2e9,
  },
  {
    setting: "healthCheck, taken away",
    change: () => ({}),
    read: ({ Config }) => Config.Healthcheck,
    expected: () => undefined,
  },
  {
    setting: "command",
    change: () => ({ command: ["one", "two"] }),
    read: ({ Config }) => Config.Cmd,
    expected: () => ["one", "two"],
  },
  {
    setting: "command, taken away",
    change: () => ({}),
    read: ({ Config }) => Config.Cmd,
    expected: () => null,
  },
  {
    setting: "user",
    change: () => ({ user: "1234:1234" }),
    read: ({ Config }) => Config.User,
    expected: () => "1234:1234",
  },
  {
    setting: "readOnly and writablePaths",
    change: () => ({ readOnly: false, writablePaths: ["/scratch"] }),
    read: ({ HostConfig }) => [HostConfig.ReadonlyRootfs, listTmpfs(HostConfig)],
    expected: () => [false, ["/scratch"]],
  },
  {
    setting: "writablePaths",
    change: () => ({ writablePaths: ["/scratch", "/tmp"] }),
    read: ({ HostConfig }) => listTmpfs(HostConfig),
    expected: () => ["/scratch", "/tmp"],
  },
  {
    setting: "capabilities",
    change: () => ({ capabilities: ["NET_RAW"] }),
    // Engines differ in whether they spell out the beginning of the name.
    read: ({ HostConfig: { CapAdd, CapDrop } }) => [
      (CapAdd as string[]).map((name) => name.replace(/^CAP_/, "")),
      CapDrop as string[],
    ],
    expected: () => [["NET_RAW"], ["ALL"]],
  },
  {
    setting: "publishPort",
    change: () => ({ publishPort: ports[0]! }),
    read: ({ HostConfig }) => HostConfig.PortBindings as unknown,
    expected: () => ({ "80/tcp": [{ HostIp: "127.0.0.1", HostPort: String(ports[0]) }] }),
  },
  {
    setting: "publishPort, another one, and publishAddress",
    change: () => ({ publishPort: ports[1]!, publishAddress: "127.0.0.2" }),
    read: ({ HostConfig }) => HostConfig.PortBindings as unknown,
    expected: () => ({ "80/tcp": [{ HostIp: "127.0.0.2", HostPort: String(ports[1]) }] }),
  },
  {
    setting: "publish, beside publishPort",
    change: () => ({
      publishPort: ports[0]!,
      publish: [{ port: 8080, hostPort: ports[1]!, address: "127.0.0.3" }],
    }),
    read: ({ HostConfig }) => HostConfig.PortBindings as unknown,
    expected: () => ({
      "80/tcp": [{ HostIp: "127.0.0.1", HostPort: String(ports[0]) }],
      "8080/tcp": [{ HostIp: "127.0.0.3", HostPort: String(ports[1]) }],
    }),
  },
  {
    setting: "entrypoint and workingDir",
    change: () => ({ entrypoint: ["perl", "/serve.pl"], workingDir: "/tmp" }),
    read: ({ Config }) => [Config.Entrypoint, Config.WorkingDir],
    expected: () => [["perl", "/serve.pl"], "/tmp"],
  },
  {
    setting: "entrypoint and workingDir, taken away",
    change: () => ({}),
    read: ({ Config }) => Config.WorkingDir,
    expected: () => "",
  },
  {
    setting: "init",
    change: () => ({ init: true }),
    read: ({ HostConfig }) => HostConfig.Init,
    expected: () => true,
  },
  {
    setting: "stopSignal and stopGraceSeconds",
    change: () => ({ stopSignal: "SIGINT", stopGraceSeconds: 3 }),
    read: ({ Config }) => [
      (Config as { StopSignal?: string }).StopSignal,
      (Config as { StopTimeout?: number }).StopTimeout,
    ],
    expected: () => ["SIGINT", 3],
  },
  {
    setting: "stopSignal and stopGraceSeconds, taken away",
    change: () => ({}),
    read: ({ Config }) => (Config as { StopTimeout?: number }).StopTimeout,
    expected: () => undefined,
  },
  {
    setting: "sharedMemoryMb",
    change: () => ({ sharedMemoryMb: 128 }),
    read: ({ HostConfig }) => HostConfig.ShmSize,
    expected: () => 128 * mebibyte,
  },
  {
    setting: "ulimits",
    change: () => ({ ulimits: { nofile: { soft: 512, hard: 1024 } } }),
    read: ({ HostConfig }) => HostConfig.Ulimits,
    expected: () => [{ Name: "nofile", Soft: 512, Hard: 1024 }],
  },
  {
    setting: "networks",
    change: () => ({ networks: [otherNetwork] }),
    read: ({ NetworkSettings }) => Object.keys(NetworkSettings.Networks).sort(),
    expected: () => [stack.prefix, otherNetwork].sort(),
  },
  {
    setting: "hosts",
    change: () => ({ hosts: { "db.example": "192.0.2.1" } }),
    read: ({ HostConfig }) => HostConfig.ExtraHosts as unknown,
    expected: () => ["db.example:192.0.2.1"],
  },
  {
    setting: "labels",
    change: () => ({ labels: { "example.team": "shop" } }),
    read: ({ Config }) => Config.Labels["example.team"],
    expected: () => "shop",
  },
  {
    setting: "volumes",
    change: () => ({ volumes: [{ name: "data", path: "/data" }] }),
    read: ({ Mounts }) => Mounts.map(({ Name, Destination, RW }) => [Name, Destination, RW]),
    expected: () => [[`${stack.prefix}-shop-data-1`, "/data", true]],
  },
  {
    setting: "volumes, how they are backed up",
    change: () => ({ volumes: [{ name: "data", path: "/data", backup: "pause" }] }),
    read: ({ Mounts }) => Mounts.map(({ Name }) => Name),
    expected: () => [`${stack.prefix}-shop-data-1`],
    inPlace: true,
  },
  {
    setting: "volumes, another path, read-only",
    change: () => ({ volumes: [{ name: "data", path: "/rows", readOnly: true }] }),
    read: ({ Mounts }) => Mounts.map(({ Name, Destination, RW }) => [Name, Destination, RW]),
    expected: () => [[`${stack.prefix}-shop-data-1`, "/rows", false]],
  },
  {
    setting: "volumes, another app's",
    change: () => ({
      volumes: [{ name: "shared", path: "/rows", from: "bystander", readOnly: true }],
    }),
    read: ({ Mounts }) => Mounts.map(({ Name, Destination, RW }) => [Name, Destination, RW]),
    expected: () => [[`${stack.prefix}-bystander-shared`, "/rows", false]],
  },
  {
    setting: "volumes, taken away",
    change: () => ({}),
    read: ({ Mounts }) => Mounts,
    expected: () => [],
  },
  {
    setting: "files",
    change: () => ({ files: [{ path: "/etc/shop/shop.conf", text: "colour = red" }] }),
    read: ({ Mounts }) => Mounts.map(({ Name, Destination, RW }) => [Name, Destination, RW]),
    expected: () => [[`${stack.prefix}-shop-files-etc-shop`, "/etc/shop", false]],
  },
  {
    setting: "files, another text",
    change: () => ({ files: [{ path: "/etc/shop/shop.conf", text: "colour = blue" }] }),
    read: ({ Config }) => (Config.Labels["glasshouse.files"] ?? "").length > 0,
    expected: () => true,
  },
  {
    setting: "files, read again after a signal",
    change: () => ({
      files: [{ path: "/etc/shop/shop.conf", text: "colour = blue", reload: "SIGURG" }],
    }),
    read: ({ Config }) => Config.Labels["glasshouse.files"],
    expected: () => undefined,
  },
  {
    setting: "files, another text, after a signal",
    change: () => ({
      files: [{ path: "/etc/shop/shop.conf", text: "colour = green", reload: "SIGURG" }],
    }),
    read: ({ Mounts }) => Mounts.length,
    expected: () => 1,
    inPlace: true,
  },
  {
    setting: "alias",
    change: () => ({ alias: "store" }),
    read: ({ NetworkSettings }) => {
      const { Aliases } = NetworkSettings.Networks[stack.prefix] as { Aliases: string[] };
      return Aliases.includes("store");
    },
    expected: () => true,
  },
  {
    setting: "build, a folder with another content",
    change: () => ({ build: { context: relative(projectFolder, otherFolder) } }),
    read: ({ Image, Id }) => Image !== imageBefore && Id !== "",
    expected: () => true,
  },
];

let imageBefore: string;
let otherFolder: string;
let otherNetwork: string;

function buildSettings(shop: Partial<AppSettingsInput>) {
  const { builds, prometheus } = networkSettings();
  return {
    engineMetrics: { mode: "off" },
    builds,
    apps: [
      { name: "shop", ...tiny, ...shop },
      {
        ...{ name: "bystander", ...tiny },
        volumes: [{ name: "shared", path: "/shared", shared: true }],
      },
    ],
    prometheus: { ...prometheus, publishPort: ports[2] },
    grafana: { deploy: "never" },
  };
}

beforeAll(async () => {
  ports = await findFreePorts(3);
  otherFolder = mkdtempSync(join(tmpdir(), "glasshouse-build-"));
  cpSync(join(projectFolder, tiny.build.context), otherFolder, { recursive: true });
  appendFileSync(join(otherFolder, "serve.pl"), "# another version\n");
  otherNetwork = `glasshouse-e2e-other-${process.pid}`;
  await docker("network", "create", otherNetwork);
  stack = await TestStack.create("settings");
  stack.write(buildSettings({ memoryMb: 64 }));
  await stack.up();
});

afterAll(async () => {
  await stack.remove();
  await docker("network", "rm", otherNetwork);
  rmSync(otherFolder, { recursive: true });
});

describe("a change of one setting of one app", () => {
  it.each(cases)("reaches its container, and no other: $setting", async (tried) => {
    const { change, read, expected, inPlace } = tried;
    const name = `${stack.prefix}-shop-1`;
    const before = await readContainerIds(stack.prefix);
    const { Image, State } = await inspectContainer(name);
    imageBefore = Image;

    stack.write(buildSettings(change()));
    await stack.up();

    const after = await inspectContainer(name);
    expect(read(after)).toStrictEqual(expected());
    if (inPlace) expect(after.State.StartedAt).toBe(State.StartedAt);
    expect(after.Id === before[name]).toBe(inPlace ?? false);
    expect(await readContainerIds(stack.prefix)).toStrictEqual({ ...before, [name]: after.Id });
  });

  it("is scraped at its metricsPort, and serves at its port", async () => {
    const environment = { METRICS_PORT: "9100" };
    const published = { publishPort: ports[0]!, metricsPort: 9100, environment };
    stack.write(buildSettings(published));
    await stack.up();
    const answer = await fetch(`http://127.0.0.1:${ports[0]}`);
    expect(await answer.text()).toBe("open\n");
    const prometheus = new PrometheusApi(`http://127.0.0.1:${ports[2]}`);
    await waitUntil(
      "its counter is read at its metricsPort",
      () => prometheus.queryNumber('tiny_answers_total{job="shop",instance="shop:9100"}'),
      (value) => value >= 1,
    );
    expect(await prometheus.queryNumber('up{job="shop",instance="shop:9100"}')).toBe(1);
    const targets = (await prometheus.readTargets()).filter(
      ({ scrapePool }) => scrapePool === "shop",
    );
    expect(targets.map(({ scrapeUrl }) => scrapeUrl)).toStrictEqual(["http://shop:9100/metrics"]);
  });

  it("tells of a replica that is removed and did not end within its stopGraceSeconds", async () => {
    // A shell does not hand on the signal.
    const entrypoint = ["sh", "-c", "perl /serve.pl; true"];
    const deploy = async (replicas: number) => {
      const before = parseStackState(await exportState(stack.session, stack.name)).containers;
      stack.write(buildSettings({ replicas, entrypoint, stopGraceSeconds: 1 }));
      await stack.up();
      return describeKilled(localDockerHost, before);
    };
    await deploy(2);
    expect(await deploy(1)).toStrictEqual([
      expect.stringMatching(/^shop-2 did not end within its 1 s of grace and was killed/),
    ]);
  });

  it("leaves nothing to do", async () => {
    await stack.pulumi("preview", "--expect-no-changes", "--non-interactive");
  });
});
