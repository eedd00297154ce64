import { createHash } from "node:crypto";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { localDockerHost } from "../../host/access/dockerHost";
import { connectDocker } from "../../host/docker/connectDocker";
import { backUpParts } from "../../cli/backup/backUpParts";
import { type DataPart, dataKinds } from "../../cli/backup/dataParts";
import { manifestFormat, type PartManifest } from "../../cli/backup/manifest";
import { checkArchive } from "../../cli/backup/readArchive";
import { restoreParts } from "../../cli/backup/restoreParts";
import { openVolumeHelper } from "../../cli/backup/volumeHelper";
import { writeArchive } from "../../cli/backup/writeArchive";
import { run, type RunResult } from "../../cli/run";
import { typeScriptCommand } from "../../cli/install/typeScriptCommand";
import { projectFolder } from "../../cli/versions";
import { describeOnGrafana } from "../support/describeOnGrafana";
import {
  docker as dockerCommand,
  inspectContainer,
  listContainers,
  listDataVolumes,
} from "../support/dockerCommands";
import { findFreePorts } from "../support/freePorts";
import { PrometheusApi } from "../support/prometheusApi";
import { networkSettings, readTestImages } from "../support/testNetwork";
import { TestStack } from "../support/testStack";
import { waitUntil } from "../support/waitUntil";

const never = new AbortController().signal;
const program = [...typeScriptCommand, join(projectFolder, "cli", "main.ts")];
const settings = networkSettings();
const prometheusImage = readTestImages().prometheus;

let docker: Docker;
let folder: string;

beforeAll(async () => {
  docker = await connectDocker(localDockerHost);
  folder = mkdtempSync(join(tmpdir(), "glasshouse-backups-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("backup and restore of a running stack", () => {
  let stack: TestStack;
  let prometheus: string;
  let api: PrometheusApi;
  let apiUrl: string;
  let file: string;
  /** When the backup was made, in seconds, and what Prometheus answered about the minute before. */
  let memory: { time: number; samples: unknown };

  const oldTime = Math.floor(Date.now() / 1000) - 86_400;

  /** As npm sets it for a command that is called from the test's folder. */
  const environment = () => ({ ...stack.session.env, INIT_CWD: folder });

  const command = (...args: string[]): Promise<RunResult> =>
    run([...program, ...args, "--stack", stack.name], { cwd: projectFolder, env: environment() });

  async function succeed(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await command(...args);
    if (exitCode !== 0) throw new Error(stdout + stderr);
    return stdout;
  }

  async function fail(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await command(...args);
    if (exitCode !== 1) throw new Error(`should have failed, ended with ${exitCode}:\n${stdout}`);
    return stderr;
  }

  /** Sends a signal to a command as soon as the engine tells of something that it did to Prometheus. */
  async function interrupt(event: string, signal: NodeJS.Signals, args: string[]): Promise<void> {
    // By its id: a name would also mean all those that start with it.
    const { Id: id } = await inspectContainer(prometheus);
    const events = Readable.from(
      await docker.getEvents({
        filters: { event: [event], container: [id] },
      }),
    );
    const child = spawn(process.execPath, [...program.slice(1), ...args, "--stack", stack.name], {
      cwd: projectFolder,
      env: { ...process.env, ...environment() },
      stdio: "ignore",
    });
    const ended = once(child, "exit");
    try {
      await Promise.race([
        once(events, "data").then(() => child.kill(signal)),
        ended.then(() => {
          throw new Error(`${args.join(" ")} ended before its ${event}`);
        }),
      ]);
      await ended;
    } finally {
      events.destroy();
      child.kill("SIGKILL");
    }
  }

  async function readSamples(query: string, time: number): Promise<unknown> {
    const url = `${apiUrl}/api/v1/query?query=${encodeURIComponent(query)}&time=${time}`;
    const { data } = (await (await fetch(url)).json()) as { data: { result: unknown } };
    return data.result;
  }

  const readMemory = (time: number) =>
    Promise.all([
      readSamples('tiny_answers_total{job="counted"}[1m]', time),
      readSamples("up[1m]", time),
      readSamples("ancient_total", oldTime + 60),
    ]);

  const isRunning = async () => {
    const { Id, State, RestartCount } = await inspectContainer(prometheus);
    return { Id, StartedAt: State.StartedAt, Paused: State.Paused, RestartCount };
  };

  /** What lies in the data volume that is not Prometheus' own, and the containers that work on it. */
  async function listLeftovers(): Promise<string[]> {
    const files = await dockerCommand("exec", prometheus, "sh", "-c", "ls -A /prometheus");
    return [
      ...files.split("\n").filter((name) => name.startsWith(".glasshouse")),
      ...(await listContainers(stack.prefix)).filter((name) => name.endsWith("-backup")),
    ];
  }

  /** A block as Prometheus' own compaction would make it, a day old. */
  async function addOldBlock(): Promise<void> {
    const metrics = `# TYPE ancient counter\nancient_total{job="past"} 42 ${oldTime}\n# EOF\n`;
    const script = `printf '%s' '${metrics}' > /tmp/metrics && promtool tsdb create-blocks-from openmetrics /tmp/metrics /prometheus`;
    await dockerCommand(
      ...["run", "--rm", "--user", "65534:65534", "--network", "none", "--entrypoint", "sh"],
      ...["--volume", `${stack.prefix}-prometheus-data:/prometheus`, prometheusImage, "-c", script],
    );
    await dockerCommand("restart", prometheus);
  }

  async function waitForScrapes(): Promise<void> {
    await waitUntil(
      "Prometheus answers",
      () => api.readTargets().catch(() => []),
      (targets) => targets.length > 0,
    );
    await api.waitForTargets("counted", 1);
    await api.waitForFreshScrapes();
  }

  beforeAll(async () => {
    const [prometheusPort, appPort] = await findFreePorts(2);
    stack = await TestStack.create("backup");
    prometheus = `${stack.prefix}-prometheus`;
    apiUrl = `http://127.0.0.1:${prometheusPort}`;
    api = new PrometheusApi(apiUrl);
    file = join(folder, "kept.tar.gz");
    stack.write({
      engineMetrics: { mode: "off" },
      builds: settings.builds,
      apps: [
        {
          name: "counted",
          build: { context: "tests/support/apps/tiny" },
          memoryMb: 64,
          publishPort: appPort,
        },
      ],
      prometheus: {
        ...settings.prometheus,
        publishPort: prometheusPort,
        scrapeIntervalSeconds: 1,
      },
      grafana: { deploy: "never" },
    });
    await stack.up();
    await addOldBlock();
    await waitForScrapes();
    for (let visit = 0; visit < 7; visit++) await fetch(`http://127.0.0.1:${appPort}`);
    await api.waitForFreshScrapes();
  });

  afterAll(() => stack.remove());

  it("writes one file while every scrape goes on", async () => {
    const before = await isRunning();
    const start = Date.now() / 1000;
    const output = await succeed("backup", "--to", file);
    await api.waitForFreshScrapes();
    const time = Date.now() / 1000;
    const [{ values }] = (await readSamples(
      `up{job="counted"}[${Math.ceil(time - start) + 1}s]`,
      time,
    )) as [{ values: [number, string][] }];
    const gaps = values.slice(1).map(([at], index) => at - values[index]![0]);
    console.info(
      `${/was paused for \d+ ms/.exec(output)?.[0] ?? ""}; longest time between two scrapes ${Math.max(...gaps)} s`,
    );

    expect(output).toMatch(/kept\.tar\.gz holds the data of Prometheus 3\..* \(\d+ files, /);
    expect(values.map(([, up]) => up)).toStrictEqual(values.map(() => "1"));
    expect(await isRunning()).toStrictEqual(before);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toStrictEqual(["kept.tar.gz"]);
    expect(await listLeftovers()).toStrictEqual([]);
  });

  it("gives a stack that was destroyed and recreated its old series back, to the sample", async () => {
    const { createdAt } = await checkArchive(file, never);
    const time = Math.floor(Date.parse(createdAt) / 1000) - 1;
    memory = { time, samples: await readMemory(time) };
    await stack.destroy();
    for (const volume of await listDataVolumes(stack.prefix)) {
      await dockerCommand("volume", "rm", volume);
    }
    await stack.up();
    expect(await readMemory(time)).toStrictEqual([[], [], []]);

    await succeed("restore", "--from", file);

    const restored = await readMemory(time);
    expect(restored).toStrictEqual(memory.samples);
    expect(restored[0]).toMatchObject([{ metric: { job: "counted" } }]);
    expect(restored[2]).toMatchObject([{ metric: { job: "past" }, value: [oldTime + 60, "42"] }]);
    const owners = await dockerCommand(
      "exec",
      prometheus,
      "sh",
      "-c",
      "stat -c %u:%g /prometheus/*",
    );
    expect(new Set(owners.split("\n"))).toStrictEqual(new Set(["65534:65534"]));
    expect(await listLeftovers()).toStrictEqual([]);
    await waitForScrapes();
  });

  it("refuses a broken file before anything is stopped", async () => {
    const before = await isRunning();
    const broken = join(folder, "broken.tar.gz");
    writeFileSync(broken, readFileSync(file).subarray(0, -100));

    expect(await fail("restore", "--from", broken)).toContain(
      `${broken} cannot be restored: it is cut short. Nothing was touched.`,
    );
    expect(await fail("restore")).toContain("Name the backup: `npm run restore -- --from FILE`.");
    expect(await fail("backup", "--to", file)).toContain(
      `${file} already exists, and no backup replaces another.`,
    );
    expect(await isRunning()).toStrictEqual(before);
  });

  /** A backup whose checksums are right and whose data are not. */
  async function writeBadBackup(
    name: string,
    fill: (tar: ReturnType<typeof pack>) => void,
    targets: PartManifest["targets"],
  ): Promise<string> {
    const bad = join(folder, name);
    const archive = writeArchive(bad, never);
    const tar = pack();
    tar.entry({ name: "data", type: "directory", mode: 0o755, uid: 65534, gid: 65534 });
    fill(tar);
    tar.finalize();
    const files = await archive.addFolder("prometheus", Readable.from(tar));
    await archive.finish({
      ...{ format: manifestFormat, project: "glasshouse", stack: stack.name },
      createdAt: new Date().toISOString(),
      parts: { prometheus: { images: [], version: null, targets, files } },
    });
    return bad;
  }

  it("puts the old data back when Prometheus does not start with the new ones", async () => {
    const bad = await writeBadBackup(
      "crash.tar.gz",
      (tar) => tar.entry({ name: "data/wal", mode: 0o644, uid: 65534, gid: 65534 }, "no folder"),
      null,
    );
    const message = await fail("restore", "--from", bad);

    expect(message).toContain("Prometheus does not become ready with this data. Its log:");
    expect(message).toContain("Nothing was restored. The previous data is back in use.");
    expect(await readMemory(memory.time)).toStrictEqual(memory.samples);
    expect(await listLeftovers()).toStrictEqual([]);
    await waitForScrapes();
  });

  it("puts the old data back when Prometheus does not answer with the series of the backup", async () => {
    const bad = await writeBadBackup("empty.tar.gz", () => undefined, {
      time: memory.time,
      byJob: { counted: 1 },
    });
    const message = await fail("restore", "--from", bad);

    expect(message).toContain('of 1 series up{job="counted"} at ');
    expect(message).toContain("Nothing was restored. The previous data is back in use.");
    expect(await readMemory(memory.time)).toStrictEqual(memory.samples);
    expect(await listLeftovers()).toStrictEqual([]);
  });

  it("refuses a second backup of the same data", async () => {
    const part = { volume: `${stack.prefix}-prometheus-data`, image: prometheusImage };
    const helper = await openVolumeHelper(docker, part);
    try {
      expect(await fail("backup", "--to", "second.tar.gz")).toContain(
        `Another backup or restore works on the same data (container ${part.volume}-backup)`,
      );
    } finally {
      await helper.close();
    }
    expect(existsSync(join(folder, "second.tar.gz"))).toBe(false);
  });

  it("lets Prometheus run on when someone interrupts a backup in its pause", async () => {
    const before = await isRunning();
    await interrupt("pause", "SIGINT", ["backup", "--to", "interrupted.tar.gz"]);

    expect(await isRunning()).toStrictEqual(before);
    expect(existsSync(join(folder, "interrupted.tar.gz"))).toBe(false);
    expect(await listLeftovers()).toStrictEqual([]);
  });

  it("wakes Prometheus in the next backup when one was killed in its pause", async () => {
    await interrupt("pause", "SIGKILL", ["backup", "--to", "killed.tar.gz"]);
    expect(await isRunning()).toMatchObject({ Paused: true });

    const output = await succeed("backup", "--to", "after.tar.gz");

    expect(output).toContain(`An earlier backup was killed while ${prometheus} was paused`);
    expect(await isRunning()).toMatchObject({ Paused: false });
    expect(await listLeftovers()).toStrictEqual([]);
    expect(readdirSync(folder).filter((name) => name.startsWith("glasshouse-work"))).toStrictEqual(
      [],
    );
    await waitForScrapes();
  });

  it("starts over from the data of before when a restore was killed halfway", async () => {
    await interrupt("start", "SIGKILL", ["restore", "--from", file]);

    expect(await fail("backup", "--to", "halfway.tar.gz")).toContain(
      "A restore of Prometheus was killed halfway. Run `npm run restore` once more",
    );
    const output = await succeed("restore", "--from", file);
    expect(output).toContain("the previous data is put back");
    expect(await readMemory(memory.time)).toStrictEqual(memory.samples);
    expect(await listLeftovers()).toStrictEqual([]);
  });
});

describe("data that are written in place, by a stand-in for Grafana's database", () => {
  const prefix = `glasshouse-e2e-standin-${process.pid}`;
  const part: DataPart = {
    // Grafana's own mechanics, but for the question whether it is ready.
    kind: {
      ...dataKinds.find(({ name }) => name === "grafana")!,
      readyUrl: "http://127.0.0.1:3000/-/ready",
    },
    volume: `${prefix}-grafana-data`,
    container: `${prefix}-grafana`,
    image: prometheusImage,
  };
  // As SQLite does: first the journal, then the database, both in the middle of files that are there already.
  const script = `
    umask 027
    cd /data
    [ -e grafana.db ] || { echo 10000000 > grafana.db; echo 10000000 > grafana.db-journal; }
    echo "starts from $(cat grafana.db)"
    echo > /tmp/empty.yml
    prometheus --config.file=/tmp/empty.yml --storage.tsdb.path=/tmp/tsdb --web.listen-address=127.0.0.1:3000 2> /dev/null &
    value=$(cat grafana.db)
    while :; do
      value=$((value + 1))
      echo $value | dd of=grafana.db-journal conv=notrunc 2> /dev/null
      echo $value | dd of=grafana.db conv=notrunc 2> /dev/null
    done`;

  beforeAll(async () => {
    await dockerCommand("volume", "create", part.volume);
    await dockerCommand(
      ...["run", "--rm", "--user", "0:0", "--network", "none", "--entrypoint", "chown"],
      ...["--volume", `${part.volume}:/data`, part.image, "472:0", "/data"],
    );
    await dockerCommand(
      ...["run", "--detach", "--init", "--name", part.container, "--user", "472:0"],
      ...["--network", "none", "--volume", `${part.volume}:/data`, "--entrypoint", "sh"],
      ...[part.image, "-c", script],
    );
    await waitUntil(
      "the stand-in writes",
      () => dockerCommand("exec", part.container, "cat", "/data/grafana.db"),
      (value) => Number(value) > 10_000_100,
    );
  });

  afterAll(async () => {
    await run(["docker", "rm", "--force", "--volumes", part.container]);
    await dockerCommand("volume", "rm", part.volume);
  });

  it("are copied as they are at one moment, and restored with owner and permissions", async () => {
    const file = join(folder, "standin.tar.gz");
    const manifest = await backUpParts(
      docker,
      { project: "glasshouse", stack: "standin", parts: [part], groups: [] },
      file,
      never,
    );
    const now = Number(await dockerCommand("exec", part.container, "cat", "/data/grafana.db"));
    const { files } = manifest.parts.grafana!;
    const valueOf = (path: string) => {
      for (let value = 10_000_000; value <= now; value++) {
        const hash = createHash("sha256").update(`${value}\n`).digest("hex");
        if (hash === files[path]?.sha256) return value;
      }
      throw new Error(`${path} is none of the values that were written`);
    };
    const database = valueOf("grafana.db");
    expect(now).toBeGreaterThan(database);
    expect([0, 1]).toContain(valueOf("grafana.db-journal") - database);

    const standin = { parts: [part], groups: [] };
    await restoreParts(docker, standin, file, await checkArchive(file, never), never);

    const log = await dockerCommand("logs", part.container);
    expect(log.split("\n").at(-1)).toBe(`starts from ${database}`);
    const stat = "stat -c '%u:%g %a' /data/grafana.db; ls -A /data";
    expect(await dockerCommand("exec", part.container, "sh", "-c", stat)).toBe(
      "472:0 640\ngrafana.db\ngrafana.db-journal",
    );
  });
});

describeOnGrafana("backup and restore of Grafana", () => {
  let stack: TestStack;

  beforeAll(async () => {
    const [prometheusPort, grafanaPort] = await findFreePorts(2);
    stack = await TestStack.create("backup-grafana");
    stack.write({
      engineMetrics: { mode: "off" },
      builds: settings.builds,
      apps: [],
      prometheus: { ...settings.prometheus, publishPort: prometheusPort },
      grafana: { deploy: "always", publishPort: grafanaPort },
    });
    await stack.up();
  });

  afterAll(() => stack.remove());

  async function ask(method: string, path: string, body?: unknown): Promise<Response> {
    const { grafanaUrl, grafanaAdminPassword } = await stack.readOutputs<{
      grafanaUrl: string;
      grafanaAdminPassword: string;
    }>();
    const login = Buffer.from(`admin:${grafanaAdminPassword}`).toString("base64");
    return fetch(`${grafanaUrl}${path}`, {
      method,
      headers: { Authorization: `Basic ${login}`, "Content-Type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  it("brings a user back that was removed since", async () => {
    const file = join(folder, "grafana.tar.gz");
    const user = { login: "ada", password: "a test's password", name: "Ada" };
    const made = await ask("POST", "/api/admin/users", user);
    expect(made.status).toBe(200);
    const { id } = (await made.json()) as { id: number };
    for (const [name, option] of [
      ["backup", "--to"],
      ["restore", "--from"],
    ] as const) {
      const { exitCode } = await run([...program, name, option, file, "--stack", stack.name], {
        env: stack.session.env,
      });
      expect(exitCode).toBe(0);
      if (name === "backup") await ask("DELETE", `/api/admin/users/${id}`);
    }

    expect((await ask("GET", "/api/users/lookup?loginOrEmail=ada")).status).toBe(200);
  });
});
