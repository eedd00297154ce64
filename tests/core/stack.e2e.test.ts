import { mkdtemp, readFile, readlink, rm, stat } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import type { AppSettingsInput } from "../../config/settings/appSettings";
import { buildDashboards } from "../../config/grafana/listDashboards";
import { listQueries } from "../../config/grafana/listQueries";
import { parseSettings } from "../../config/settings/parseSettings";
import { sampleApps } from "../../config/samples";
import { pulumi } from "../../cli/pulumiSession";
import { runOrReject } from "../../cli/run";
import {
  chooseEngineMetrics,
  daemonJsonPath,
  type EngineMetrics,
} from "../support/chooseEngineMetrics";
import {
  docker,
  inspectContainer,
  inspectContainers,
  listContainers,
  listDataVolumes,
  listRemains,
  readContainerIds,
} from "../support/dockerCommands";
import { findFreePorts } from "../support/freePorts";
import { PrometheusApi } from "../support/prometheusApi";
import { readListeners } from "../support/security/readListeners";
import { readTree } from "../support/security/readTree";
import { watchProcesses } from "../support/security/watchProcesses";
import { skipThisTest } from "../support/skip";
import { networkSettings } from "../support/testNetwork";
import { TestStack, withoutExporters } from "../support/testStack";
import { waitUntil } from "../support/waitUntil";

// One stack, deployed once: the three samples, and an app of a user's own that is given by its image, has a secret and
// names no Content-Type. Each test finds what the one before it left.

const ownImage = `glasshouse-test-own-image:${process.pid}`;
const secretValue = `top-${randomBytes(12).toString("hex")}`;

let stack: TestStack;
let engineMetrics: EngineMetrics;
let daemonJsonBefore: string | undefined;
let prometheusPort: number;
let galleryPort: number;
let iotdPort: number;
let galleryUrl: string;
let prometheus: PrometheusApi;
let upOutput: string;

interface Changes {
  readonly logReplicas?: number;
  readonly iotdIntervalSeconds?: number;
  readonly publishAddress?: string;
}

/** The stack file's settings, with what a test changes in them. */
function buildSettings({ logReplicas = 3, iotdIntervalSeconds, publishAddress }: Changes = {}) {
  const { builds, prometheus: image } = networkSettings();
  const changes: Record<string, Partial<AppSettingsInput>> = {
    "image-gallery": { publishPort: galleryPort },
    iotd: {
      publishPort: iotdPort,
      ...(iotdIntervalSeconds && { scrapeIntervalSeconds: iotdIntervalSeconds }),
      ...(publishAddress && { publishAddress }),
    },
    "access-log": { replicas: logReplicas },
  };
  const own: AppSettingsInput = {
    name: "own",
    image: ownImage,
    secrets: { TOKEN: { config: "ownToken" } },
    memoryMb: 64,
  };
  return {
    engineMetrics,
    builds,
    apps: [...sampleApps.map((app) => ({ ...app, ...changes[app.name] })), own],
    prometheus: { ...image, publishPort: prometheusPort, scrapeIntervalSeconds: 2 },
    grafana: { deploy: "never" },
  };
}

async function change(changes: Changes): Promise<void> {
  stack.write(buildSettings(changes));
  await stack.up();
}

const container = (name: string) => inspectContainer(`${stack.prefix}-${name}`);
const allContainers = async () => inspectContainers(await listContainers(stack.prefix));
const readDaemonJson = () => readFile(daemonJsonPath, "utf8").catch(() => undefined);

beforeAll(async () => {
  daemonJsonBefore = await readDaemonJson();
  [prometheusPort, galleryPort, iotdPort] = (await findFreePorts(3)) as [number, number, number];
  galleryUrl = `http://127.0.0.1:${galleryPort}`;
  prometheus = new PrometheusApi(`http://127.0.0.1:${prometheusPort}`);
  stack = await TestStack.create("stack");
  engineMetrics = await chooseEngineMetrics(stack.name);
  const { baseImage } = networkSettings().builds as { baseImage?: string };
  const base = baseImage === undefined ? [] : ["--build-arg", `BASE_IMAGE=${baseImage}`];
  await docker("build", ...base, "--tag", ownImage, "tests/support/apps/tiny");
  stack.write({});
  await stack.setSecret("ownToken", secretValue);
  stack.write(buildSettings());
  upOutput = await stack.up();
});

afterAll(async () => {
  try {
    await stack.remove();
  } finally {
    await docker("image", "rm", "--force", ownImage);
  }
});

describe("what is scraped", () => {
  it("finds every target of every job, and all of them are up", async () => {
    const expected = { prometheus: 1, "image-gallery": 1, "iotd-api": 1, "access-log": 3, own: 1 };
    for (const [job, count] of Object.entries(expected)) {
      await prometheus.waitForTargets(job, count);
    }
    if (engineMetrics.mode === "managed") await prometheus.waitForTargets("docker", 1);
    const jobs = new Set((await prometheus.readTargets()).map(({ scrapePool }) => scrapePool));
    const withEngine = engineMetrics.mode === "managed" ? ["docker"] : [];
    expect([...jobs].sort()).toStrictEqual([...Object.keys(expected), ...withEngine].sort());
  });

  it("sees three access-log containers at three addresses", async () => {
    const targets = await prometheus.waitForTargets("access-log", 3);
    const seen = targets.map(({ scrapeUrl }) => new URL(scrapeUrl).hostname).sort();
    const real = (await allContainers())
      .filter(({ Name }) => Name.includes("-access-log-"))
      .map(({ NetworkSettings }) => NetworkSettings.Networks[stack.prefix]!.IPAddress);
    expect(new Set(seen).size).toBe(3);
    expect(seen).toStrictEqual(real.sort());
  });

  it("is told of targets by name, never by address", async () => {
    const config = await prometheus.readConfig();
    expect(config).toContain("accesslog");
    expect(config).not.toMatch(/\d+\.\d+\.\d+\.\d+/);
  });

  it("scrapes an app that is given by its image and names no Content-Type", async () => {
    const [target] = await prometheus.waitForTargets("own", 1);
    expect(target?.lastError).toBe("");
    expect(await prometheus.queryNumber("tiny_answers_total")).toBeGreaterThan(0);
  });
});

describe("what is counted", () => {
  it("counts exactly the visits that were made, in all three apps", async () => {
    const visits = 40;
    const counters = [
      'sum(image_gallery_requests_total{code="200"})',
      "sum(image_gallery_requests_total)",
      "sum(iotd_api_image_load_total)",
      "sum(access_log_total)",
    ];
    const readCounters = async () => {
      await prometheus.waitForFreshScrapes();
      return Promise.all(counters.map((counter) => prometheus.queryNumber(counter)));
    };

    // iotd's counter comes into being with its first image.
    await visitGallery(1);
    const before = await readCounters();
    await visitGallery(visits);
    const after = await readCounters();

    expect(after.map((count, index) => count - before[index]!)).toStrictEqual(
      counters.map(() => visits),
    );
  });

  it("spreads the accesses over all access-log containers", async () => {
    const perContainer = await prometheus.query("access_log_total");
    expect(perContainer).toHaveLength(3);
    expect(perContainer.every(({ value }) => value > 0)).toBe(true);
  });

  it("counts as many running containers as the engine says", async () => {
    if (engineMetrics.mode === "off") {
      skipThisTest(
        "the engine's metrics are off: its settings would have to change while containers run",
      );
      return;
    }
    const running = 'engine_daemon_container_states_containers{state="running"}';
    await waitUntil(
      "Prometheus and the engine count the same containers",
      async () => {
        await prometheus.waitForFreshScrapes();
        const [counted, said] = await Promise.all([
          prometheus.queryNumber(running),
          docker("info", "--format", "{{.ContainersRunning}}"),
        ]);
        return { counted, said: Number(said) };
      },
      ({ counted, said }) => counted === said,
    );
  });

  it("answers every query of every panel", async () => {
    const parsed = parseSettings(
      { ...withoutExporters, ...buildSettings(), ownToken: "" },
      { fileExists: () => true, secretKeys: new Set(["ownToken"]) },
    );
    if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
    const queries = buildDashboards(parsed.settings, stack.prefix)
      .flatMap((dashboard) => listQueries(dashboard))
      // Empty while all is well.
      .filter(({ panel }) => panel !== "Firing alerts by name")
      .map((query) => ({ ...query, query: query.query.replaceAll("$container", ".*") }));
    expect(queries.length).toBeGreaterThan(50);
    await prometheus.waitForAnswers(queries);
  });
});

describe("an update", () => {
  it("has nothing to do the second time, and neither has a refresh", async () => {
    await stack.pulumi("preview", "--expect-no-changes", "--non-interactive");
    await stack.pulumi("refresh", "--preview-only", "--expect-no-changes", "--non-interactive");
    const output = await stack.up();
    const lines = output.split("\n").filter((line) => !/ refresh(ing)? \(/.test(line));
    expect(lines.join("\n")).not.toMatch(/^ +[+~-] |created|updated|replaced|deleted/m);
  });

  it("takes a new scrape interval to the running Prometheus", async () => {
    const before = await container("prometheus");
    await change({ iotdIntervalSeconds: 3 });
    // Prometheus hands a new configuration on to its scraping within seconds.
    await waitUntil(
      "iotd scraped every 3 s",
      () => prometheus.waitForTargets("iotd-api", 1),
      ([target]) => target?.scrapeInterval === "3s",
    );
    const after = await container("prometheus");
    expect(after.Id).toBe(before.Id);
    expect(after.State.StartedAt).toBe(before.State.StartedAt);
  });

  it.each([
    { from: 3, to: 5 },
    { from: 5, to: 2 },
  ])("from $from to $to replicas only adds or removes containers", async ({ from, to }) => {
    const before = await readContainerIds(stack.prefix);
    await change({ logReplicas: to });
    const after = await readContainerIds(stack.prefix);

    const replica = (number: number) => `${stack.prefix}-access-log-${number}`;
    const numbers = Array.from({ length: Math.max(from, to) }, (_, index) => index + 1);
    const scaled = numbers.slice(Math.min(from, to)).map(replica);
    const isScaled = ([name]: [string, string]) => scaled.includes(name);
    expect(Object.entries(to > from ? after : before).filter(isScaled)).toHaveLength(scaled.length);
    const others = (ids: Record<string, string>) =>
      Object.entries(ids).filter((entry) => !isScaled(entry));
    expect(others(after)).toStrictEqual(others(before));
    expect(Object.keys(after).filter((name) => name.includes("-access-log-"))).toHaveLength(to);
    await prometheus.waitForTargets("access-log", to);
  });

  it("makes a container again that was removed by hand, and leaves the others", async () => {
    const before = await readContainerIds(stack.prefix);
    const removed = `${stack.prefix}-access-log-2`;
    await docker("rm", "--force", removed);
    await stack.up("--refresh");
    const after = await readContainerIds(stack.prefix);
    expect(after[removed]).toBeDefined();
    expect(after).toStrictEqual({ ...before, [removed]: after[removed] });
    await prometheus.waitForTargets("access-log", 2);
  });
});

describe("every container", () => {
  async function readOfEach<T>(read: (info: Docker.ContainerInspectInfo) => T): Promise<T[]> {
    const found = (await allContainers()).map(read);
    expect(found).toHaveLength(6);
    return found;
  }
  const allBe = <T>(value: T) => Array.from({ length: 6 }, () => value);

  it("does not run as root, and cannot become more than it is", async () => {
    const users = await readOfEach(({ Config }) => Config.User);
    expect(users.filter((user) => !/^[1-9]\d*:[1-9]\d*$/.test(user))).toStrictEqual([]);
    const options = await readOfEach(({ HostConfig }) => HostConfig.SecurityOpt as string[]);
    expect(options).toStrictEqual(allBe(["no-new-privileges:true"]));
  });

  it("is what it says in the kernel's eyes too", async () => {
    for (const pid of await readOfEach(({ State }) => State.Pid)) {
      const status = await readFile(`/proc/${pid}/status`, "utf8");
      expect(status).not.toMatch(/^Uid:\s+0\s/m);
      expect(status).toMatch(/^CapEff:\s+0+$/m);
      expect(status).toMatch(/^CapBnd:\s+0+$/m);
      expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    }
  });

  it("is not privileged, and shares no namespace with the host or with another", async () => {
    expect(await readOfEach(({ HostConfig }) => HostConfig.Privileged)).toStrictEqual(allBe(false));
    const pids = await readOfEach(({ State }) => State.Pid);
    for (const namespace of ["net", "pid", "ipc", "uts", "mnt"]) {
      const found = await Promise.all(
        ["self", ...pids].map((process) => readlink(`/proc/${process}/ns/${namespace}`)),
      );
      expect(new Set(found).size).toBe(7);
    }
    // The kernel shows no difference where the engine remaps no users: nobody asks for the host's by name.
    expect(await readOfEach(({ HostConfig }) => HostConfig.UsernsMode)).toStrictEqual(allBe(""));
  });

  it("has nothing of the host in it: no path, no socket of the engine, no device", async () => {
    const mounts = (await readOfEach(({ Mounts }) => Mounts)).flat();
    const volumes = mounts.map(({ Type, Name, RW }) => [Type, Name, RW ? "rw" : "ro"].join(" "));
    expect(volumes.sort()).toStrictEqual([
      `volume ${stack.prefix}-own-secrets ro`,
      `volume ${stack.prefix}-prometheus-config ro`,
      `volume ${stack.prefix}-prometheus-data rw`,
    ]);
    const borrowed = await readOfEach(({ HostConfig }) => [
      ...(HostConfig.Binds ?? []),
      ...((HostConfig.VolumesFrom ?? []) as string[]),
      ...((HostConfig.Devices ?? []) as object[]),
      ...((HostConfig.DeviceRequests ?? []) as object[]),
      ...(HostConfig.DeviceCgroupRules ?? []),
    ]);
    expect(borrowed).toStrictEqual(allBe([]));
    for (const pid of await readOfEach(({ State }) => State.Pid)) {
      expect(await readFile(`/proc/${pid}/mountinfo`, "utf8")).not.toMatch(
        /docker\.sock|containerd/,
      );
    }
  });

  it("sees the kernel as Docker shows it, with no setting of its own", async () => {
    const sysctls = await readOfEach(({ HostConfig }) =>
      Object.keys((HostConfig.Sysctls ?? {}) as object),
    );
    expect(sysctls).toStrictEqual(allBe([]));
    const own = await readOfEach(({ HostConfig }) => [
      HostConfig.CgroupParent ?? "",
      ...((HostConfig.Ulimits ?? []) as object[]),
    ]);
    expect(own).toStrictEqual(allBe([""]));
    const paths = await readOfEach(({ HostConfig }) => [
      HostConfig.MaskedPaths?.includes("/proc/kcore"),
      HostConfig.ReadonlyPaths?.includes("/proc/sys"),
    ]);
    expect(paths).toStrictEqual(allBe([true, true]));
  });

  it("is confined by the engine's seccomp profile, and by AppArmor's where the host has it", async () => {
    const confinements = await docker("info", "--format", "{{json .SecurityOptions}}");
    const appArmor = confinements.includes("name=apparmor") ? "docker-default" : "";
    const profiles = await readOfEach(
      (info) => (info as { AppArmorProfile?: string }).AppArmorProfile,
    );
    expect(profiles).toStrictEqual(allBe(appArmor));
    const filtering = confinements.includes("name=seccomp") ? "2" : "0";
    for (const pid of await readOfEach(({ State }) => State.Pid)) {
      const status = await readFile(`/proc/${pid}/status`, "utf8");
      expect(/^Seccomp:\s+(\d)$/m.exec(status)?.[1]).toBe(filtering);
    }
  });

  it("has no capabilities", async () => {
    const dropped = await readOfEach(({ HostConfig }) => HostConfig.CapDrop as string[]);
    const added = await readOfEach(({ HostConfig }) => (HostConfig.CapAdd ?? []) as string[]);
    expect(dropped).toStrictEqual(allBe(["ALL"]));
    expect(added).toStrictEqual(allBe([]));
  });

  it("has a read-only root file system", async () => {
    const readOnly = await readOfEach(({ HostConfig }) => HostConfig.ReadonlyRootfs);
    expect(readOnly).toStrictEqual(allBe(true));
  });

  it("has limits of memory, processors and processes", async () => {
    const limits = await readOfEach(({ HostConfig }) => [
      HostConfig.Memory,
      HostConfig.NanoCpus,
      HostConfig.PidsLimit,
    ]);
    expect(limits.flat().filter((limit) => !((limit ?? 0) > 0))).toStrictEqual([]);
  });

  it("rotates its logs", async () => {
    const logs = await readOfEach(({ HostConfig }) => HostConfig.LogConfig);
    const bounded = { Type: "json-file", Config: { "max-size": "10m", "max-file": "3" } };
    expect(logs).toStrictEqual(allBe(bounded));
  });

  it("comes back after a crash and after a restart of the engine", async () => {
    const policies = await readOfEach(({ HostConfig }) => HostConfig.RestartPolicy?.Name);
    expect(policies).toStrictEqual(allBe("always"));
  });

  it("passes a health check, but for the one whose app and image have none", async () => {
    const readHealth = () =>
      readOfEach(({ Name, State }) => [
        Name.slice(stack.prefix.length + 2),
        State.Health?.Status ?? "none",
      ]);
    // Docker looks for the first time after one interval, and the update has not waited for that.
    const health = await waitUntil("Docker has looked at each", readHealth, (found) =>
      found.every(([, status]) => status !== "starting"),
    );
    const without = health.filter(([, status]) => status !== "healthy");
    expect(without).toStrictEqual([["own-1", "none"]]);
  });

  it("has an address on the stack's own network, and on no other", async () => {
    const networks = await readOfEach(({ NetworkSettings }) =>
      Object.keys(NetworkSettings.Networks),
    );
    expect(networks).toStrictEqual(allBe([stack.prefix]));
  });

  it("is published on 127.0.0.1 or not at all", async () => {
    const bindings = await readOfEach(({ HostConfig }) =>
      Object.values((HostConfig.PortBindings ?? {}) as Record<string, Docker.PortBinding[]>).flat(),
    );
    const published = bindings.flat();
    expect(published.map(({ HostPort }) => Number(HostPort)).sort()).toStrictEqual(
      [prometheusPort, galleryPort, iotdPort].sort(),
    );
    expect(published.filter(({ HostIp }) => HostIp !== "127.0.0.1")).toStrictEqual([]);
  });

  it("makes the host listen on 127.0.0.1 only", async () => {
    const ports = [prometheusPort, galleryPort, iotdPort];
    expect(await readListeners(ports)).toStrictEqual(
      ports.map((port) => `127.0.0.1:${port}`).sort(),
    );
  });

  it("is published elsewhere only by a setting of that name, and the preview warns of it", async () => {
    const warning = "lets other machines in, without encryption";
    expect(await stack.pulumi("preview", "--non-interactive")).not.toContain(warning);
    stack.write(buildSettings({ logReplicas: 2, publishAddress: "0.0.0.0" }));
    const preview = await stack.pulumi("preview", "--non-interactive");
    stack.write(buildSettings({ logReplicas: 2 }));
    expect(preview).toContain(`apps[1].publishAddress 0.0.0.0 ${warning}`);
  });
});

describe("a secret of an app", () => {
  const rotatedValue = `${secretValue}-rotated`;
  const secretFile = "/run/secrets/TOKEN";
  const volume = () => `${stack.prefix}-own-secrets`;

  /** Everything that can be read of a running stack without being the app, by where it is read. */
  const places: Record<string, () => Promise<string>> = {
    "`docker inspect` of containers: environment, labels and commands": async () =>
      JSON.stringify(await allContainers()),
    "`docker inspect` of volumes and network": async () =>
      docker("inspect", volume(), `${stack.prefix}-prometheus-config`, stack.prefix),
    "the containers' logs": async () => {
      const names = await listContainers(stack.prefix);
      const logs = await Promise.all(
        names.map(async (name) => runOrReject(["sh", "-c", 'docker logs "$1" 2>&1', "sh", name])),
      );
      return logs.join("\n");
    },
    "the containers' processes, by `docker top`": async () => {
      const names = await listContainers(stack.prefix);
      return (await Promise.all(names.map((name) => docker("top", name, "axww")))).join("\n");
    },
    "the images that the stack built, and their history": async () => {
      const ids = await docker("image", "ls", "--quiet", `${stack.prefix}/*`);
      const images = await Promise.all(
        ids
          .split("\n")
          .flatMap((id) => [
            docker("image", "inspect", id),
            docker("image", "history", "--no-trunc", id),
          ]),
      );
      return images.join("\n");
    },
    "the state, exported": () => stack.pulumi("stack", "export"),
    "the state's files, with backups and history": async () =>
      JSON.stringify(await readTree(stack.session.stateFolder!)),
    "the stack's outputs": () => stack.pulumi("stack", "output", "--json"),
    "Prometheus' configuration": () => prometheus.readConfig(),
  };

  it("can be read by the app, as its own user, from a file", async () => {
    const name = `${stack.prefix}-own-1`;
    expect(await docker("exec", name, "id", "-u")).toBe("65532");
    expect(await docker("exec", name, "cat", secretFile)).toBe(secretValue);
    expect(await docker("exec", name, "printenv", "TOKEN_FILE")).toBe(secretFile);
  });

  it("cannot be changed by the app, and lies where nobody but root gets on the host", async () => {
    const name = `${stack.prefix}-own-1`;
    expect(await docker("exec", name, "stat", "--format", "%u:%g %a", secretFile)).toBe("0:0 444");
    const change = 'if (echo x > "$1") 2> /dev/null; then echo changed; else echo refused; fi';
    expect(await docker("exec", name, "sh", "-c", change, "sh", secretFile)).toBe("refused");
    const root = await stat(await docker("info", "--format", "{{.DockerRootDir}}"));
    expect({ uid: root.uid, gid: root.gid, forOthers: root.mode & 0o007 }).toStrictEqual({
      uid: 0,
      gid: 0,
      forOthers: 0,
    });
  });

  it("is not in what the update printed that brought it", () => {
    expect(upOutput).not.toContain(secretValue);
  });

  it.each(Object.keys(places))("is not in %s", async (place) => {
    const text = await places[place]!();
    expect(text).not.toBe("");
    expect(text).not.toContain(secretValue);
  });

  it("is not in a preview of its change", async () => {
    await stack.setSecret("ownToken", rotatedValue);
    const preview = await stack.pulumi("preview", "--diff", "--non-interactive");
    expect(preview).toContain("[secret]");
    expect(preview).not.toContain(secretValue);
  });

  it("is not in the error of a write that fails, which leaves the app as it was", async () => {
    const before = await container("own-1");
    // A file cannot take the place of a folder of its name.
    await writeIntoVolume("mv TOKEN aside && mkdir -p TOKEN/TOKEN");
    try {
      const output = await stack.failToUp();
      expect(output).toContain(`The files could not be put into the volume ${volume()}`);
      expect(output).not.toContain(secretValue);
    } finally {
      await writeIntoVolume("rm -r TOKEN && mv aside TOKEN");
    }
    expect((await container("own-1")).Id).toBe(before.Id);
    expect(await docker("exec", before.Id, "cat", secretFile)).toBe(secretValue);
  });

  it("reaches the app anew when its value changes, and passes through no command line", async () => {
    const before = await container("own-1");
    const folder = await mkdtemp(join(tmpdir(), "glasshouse-events-"));
    const eventLog = join(folder, "events");
    const since = await docker("info", "--format", "{{.SystemTime}}");
    let printed = "";
    const seen = await watchProcesses(async () => {
      printed = await pulumi(
        // The switch that Pulumi hides its event log behind.
        { ...stack.session, env: { ...stack.session.env, PULUMI_DEBUG_COMMANDS: "true" } },
        ...stack.upCommand.slice(1),
        ...["--diff", "--event-log", eventLog],
      );
    });
    const after = await container("own-1");
    expect(after.Id).not.toBe(before.Id);
    expect(await docker("exec", after.Id, "cat", secretFile)).toBe(rotatedValue);

    const commandLines = [...seen.commandLines];
    expect(commandLines.filter((line) => line.includes(stack.upCommand[0]!))).not.toHaveLength(0);
    expect(commandLines.filter((line) => line.includes(secretValue))).toStrictEqual([]);
    // Pulumi hands a program its config this way; only the same user and root can look.
    const variables = [...seen.variables].filter((variable) => variable.includes(secretValue));
    expect(new Set(variables.map((variable) => variable.split("=")[0]))).toStrictEqual(
      new Set(["PULUMI_CONFIG"]),
    );
    const until = await docker("info", "--format", "{{.SystemTime}}");
    const records = {
      printed,
      pulumi: await readFile(eventLog, "utf8"),
      engine: await docker("events", "--since", since, "--until", until, "--format", "{{json .}}"),
    };
    await rm(folder, { recursive: true });
    expect(records.engine).toContain(after.Id);
    for (const record of Object.values(records)) {
      expect(record).toContain("own-1");
      expect(record).not.toContain(secretValue);
    }
  });

  it.each(Object.keys(places))("is not in %s after that either", async (place) => {
    expect(await places[place]!()).not.toContain(secretValue);
  });

  async function writeIntoVolume(script: string): Promise<void> {
    const options = ["--rm", "--user", "0", "--network", "none", "--entrypoint", "sh"];
    const mount = ["--volume", `${volume()}:/volume`, "--workdir", "/volume"];
    await docker("run", ...options, ...mount, ownImage, "-c", script);
  }
});

describe("destroy", () => {
  it("leaves nothing of the stack but its data, daemon.json as it was, and other people's images", async () => {
    const imagesOfOthers = async () =>
      (await docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}"))
        .split("\n")
        .filter((name) => !name.startsWith(stack.prefix) && name !== "<none>:<none>")
        .sort();
    const before = await imagesOfOthers();
    expect(await listRemains(stack.prefix)).not.toStrictEqual([]);

    await stack.destroy();

    const data = await listDataVolumes(stack.prefix);
    expect(data).toContain(`${stack.prefix}-prometheus-data`);
    expect(await listRemains(stack.prefix)).toStrictEqual(data.map((name) => `volume ${name}`));
    expect(await readDaemonJson()).toBe(daemonJsonBefore);
    expect(await imagesOfOthers()).toStrictEqual(before);
    expect(before).toContain(ownImage);
  });
});

async function visitGallery(times: number): Promise<void> {
  for (let visit = 0; visit < times; visit++) {
    const response = await fetch(galleryUrl);
    await response.text();
    expect(response.status).toBe(200);
  }
}
