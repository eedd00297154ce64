import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { images } from "../../config/images";
import { detectNetwork, probeDownload, probeImage } from "../../cli/install/detectNetwork";
import { registryImages } from "../../cli/install/registryImages";
import { run, type RunResult } from "../../cli/run";
import { typeScriptCommand } from "../../cli/install/typeScriptCommand";
import { projectFolder, readPulumiVersions } from "../../cli/versions";
import { docker, readContainerIds } from "../support/dockerCommands";
import { closeServer, findFreePorts, portOf } from "../support/freePorts";
import { DownloadServer } from "../support/internetRoute/downloadServer";
import { ImageRegistry } from "../support/internetRoute/imageRegistry";
import {
  packPulumiArchives,
  type PulumiArchives,
} from "../support/internetRoute/packPulumiArchives";
import { PrometheusApi } from "../support/prometheusApi";
import { skipThisTest } from "../support/skip";
import { readTestNetwork } from "../support/testNetwork";
import { TestStack } from "../support/testStack";
import { waitUntil } from "../support/waitUntil";

const versions = readPulumiVersions();
const noRegistry = "an image registry needs Debian's docker-registry, or apt and root";

describe("Pulumi's downloads, served from a folder", () => {
  let folder: string;
  let archives: PulumiArchives;
  let server: DownloadServer;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "glasshouse-downloads-"));
    archives = await packPulumiArchives(folder);
    server = await DownloadServer.start(folder);
  });

  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const setupCommand = () => [
    ...typeScriptCommand,
    ...[join(projectFolder, "cli", "main.ts"), "setup"],
    ...["--network", "internet", "--pulumi-downloads", server.url],
  ];
  const setUp = (home: string): Promise<RunResult> => {
    server.requests.length = 0;
    return run(setupCommand(), { cwd: projectFolder, env: { PULUMI_HOME: home } });
  };
  const binOf = (home: string) => join(home, "versions", versions.pulumi, "bin");
  const listVersions = (home: string) => readdirSync(join(home, "versions", versions.pulumi));

  describe("a machine without Pulumi", () => {
    let home: string;

    beforeAll(() => {
      home = mkdtempSync(join(tmpdir(), "glasshouse-pulumi-home-"));
    });
    afterAll(() => rmSync(home, { recursive: true, force: true }));

    it("gets the command line and both plugins, by the names of the official downloads", async () => {
      const { exitCode, stdout } = await setUp(home);

      expect(stdout).toContain("Network: internet (asked for by --network)");
      expect(exitCode).toBe(0);
      expect(server.requests).toStrictEqual([
        archives.commandLine,
        archives.docker,
        archives.random,
      ]);
      expect(listVersions(home)).toStrictEqual(["bin"]);
      expect(statSync(join(binOf(home), "pulumi")).uid).toBe(process.getuid?.());
    });

    it("runs a program with what was downloaded, and with nothing else", async () => {
      const pulumi = openPulumi(home, binOf(home));
      try {
        expect(await pulumi.run("version")).toBe(`v${versions.pulumi}\n`);
        const plugins = JSON.parse(await pulumi.run("plugin", "ls", "--json")) as {
          name: string;
          version: string;
        }[];
        expect(plugins.map(({ name, version }) => `${name} ${version}`).sort()).toStrictEqual([
          `docker ${versions.docker}`,
          `random ${versions.random}`,
        ]);
        await pulumi.run("stack", "init", "tiny");
        await pulumi.run("up", "--yes", "--skip-preview");
        expect(await docker("volume", "ls", "--quiet")).toContain(
          (await pulumi.run("stack", "output", "volume")).trim(),
        );
        await pulumi.run("destroy", "--yes", "--skip-preview");
      } finally {
        pulumi.remove();
      }
    });

    it("asks for nothing the second time", async () => {
      const { exitCode, stdout } = await setUp(home);
      expect({ exitCode, requests: server.requests }).toStrictEqual({ exitCode: 0, requests: [] });
      expect(stdout).not.toContain("This changes on your machine");
    });
  });

  describe("a network that fails", () => {
    let home: string;

    beforeAll(() => {
      home = mkdtempSync(join(tmpdir(), "glasshouse-pulumi-home-"));
    });
    afterAll(() => rmSync(home, { recursive: true, force: true }));
    afterEach(() => server.forget());

    it.each([
      [404, "answers with HTTP status 404, not with the archive"],
      ["break off", "broke off (terminated: other side closed). Nothing of it was kept"],
      ["cut short", "is not a whole archive of Pulumi ("],
    ] as const)("says so in one message and keeps nothing: %s", async (treatment, message) => {
      server.treat = () => treatment;
      const { exitCode, stderr } = await setUp(home);

      expect(exitCode).toBe(1);
      expect(stderr).toContain(`${server.url}/${archives.commandLine}`);
      expect(stderr).toContain(message);
      expect(stderr).toContain("un the command again");
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(stderr.trim().split("\n")).toHaveLength(1);
      expect(listVersions(home)).toStrictEqual([]);
    });

    it("names the mirror that is down", async () => {
      const [port] = await findFreePorts(1);
      const command = [...setupCommand().slice(0, -1), `http://127.0.0.1:${port!}`];
      const { exitCode, stderr } = await run(command, { env: { PULUMI_HOME: home } });
      expect(exitCode).toBe(1);
      expect(stderr).toContain(`http://127.0.0.1:${port!}/${archives.commandLine} cannot be`);
      expect(stderr).toContain("ECONNREFUSED");
    });

    it("goes on after a kill, and then asks only for the plugins that failed", async () => {
      server.treat = () => "stall";
      const [program = "", ...args] = setupCommand();
      const env = { ...process.env, PULUMI_HOME: home };
      const killed = spawn(program, args, { cwd: projectFolder, env, stdio: "ignore" });
      await waitUntil(
        "half of the archive lies on the disk",
        async () => listVersions(home),
        (names) => names.length === 1 && names[0]!.startsWith("glasshouse-work-"),
      );
      const ended = new Promise((resolve) => killed.once("exit", resolve));
      killed.kill("SIGKILL");
      await ended;
      expect(existsSync(binOf(home))).toBe(false);

      // A newer plugin, as another project leaves it, is not the one that this project is pinned to.
      const newer = join(home, "plugins", "resource-docker-v99.0.0");
      mkdirSync(newer, { recursive: true });
      writeFileSync(join(newer, "pulumi-resource-docker"), "#!/bin/sh\n", { mode: 0o755 });

      server.treat = (file) => (file === archives.docker ? "break off" : "serve");
      const broken = await setUp(home);
      expect(broken.exitCode).toBe(1);
      expect(broken.stderr).toContain(`docker plugin ${versions.docker} could not be installed`);
      expect(broken.stderr).toContain("Run the command again");
      expect(listVersions(home)).toStrictEqual(["bin"]);

      server.treat = () => "serve";
      expect(await setUp(home)).toMatchObject({ exitCode: 0 });
      expect(server.requests).toStrictEqual([archives.docker, archives.random]);
    });
  });
});

describe("images from a registry", () => {
  const tag = images.prometheus.slice(images.prometheus.lastIndexOf(":") + 1);
  let registry: ImageRegistry | undefined;
  let stack: TestStack | undefined;
  let reference: string;
  let port: number;

  beforeAll(async () => {
    registry = await ImageRegistry.start();
    if (registry === undefined) return;
    reference = `${registry.host}/prom/prometheus:${tag}`;
    [port = 0] = await findFreePorts(1);
    await publishPrometheus(reference);
    stack = await TestStack.create("route");
  });

  afterAll(async () => {
    await stack?.remove();
    await registry?.remove();
    if (registry !== undefined) await run(["docker", "image", "rm", reference]);
  });

  const settingsWith = (image: string) => ({
    apps: [],
    engineMetrics: { mode: "off" },
    grafana: { deploy: "never" },
    prometheus: { image, publishPort: port },
  });

  it("says which image is to be had nowhere when its pull breaks off, and leaves nothing running", async () => {
    if (registry === undefined || stack === undefined) {
      skipThisTest(noRegistry);
      return;
    }
    const top = (await registry.readLayers("prom/prometheus", tag)).at(-1)!;
    const restore = registry.loseLayer(top);
    stack.write(settingsWith(reference));
    const output = await stack.failToUp();

    expect(output).toContain(`${reference} could not be pulled. \`docker pull ${reference}\``);
    expect(await readContainerIds(stack.prefix)).toStrictEqual({});
    restore();
  });

  it("pulls Prometheus, which answers on its port", async () => {
    if (registry === undefined || stack === undefined) {
      skipThisTest(noRegistry);
      return;
    }
    expect((await run(["docker", "image", "inspect", reference])).exitCode).not.toBe(0);
    await stack.up();

    expect(await docker("image", "inspect", "--format", "{{.RepoDigests}}", reference)).toContain(
      `${registry.host}/prom/prometheus@sha256:`,
    );
    const prometheus = new PrometheusApi(`http://127.0.0.1:${port}`);
    expect(await prometheus.waitForTargets("prometheus", 1)).toHaveLength(1);
  });

  it("needs no registry for an image that the engine holds", async () => {
    if (registry === undefined || stack === undefined) {
      skipThisTest(noRegistry);
      return;
    }
    await registry.pause();
    await stack.pulumi("preview", "--expect-no-changes", "--non-interactive");
    await stack.up("--expect-no-changes");
  });

  it.each(["a registry that is down", "a version that does not exist"])(
    "names the image and keeps what runs: %s",
    async (situation) => {
      if (registry === undefined || stack === undefined) {
        skipThisTest(noRegistry);
        return;
      }
      if (situation === "a version that does not exist") await registry.resume();
      const before = await readContainerIds(stack.prefix);
      const missing = `${registry.host}/prom/prometheus:v0.0.0-missing`;
      stack.write(settingsWith(missing));
      const output = await stack.failToUp();

      expect(output).toContain(`${missing} could not be pulled. \`docker pull ${missing}\``);
      expect(output).toContain("What was running still runs");
      expect(await readContainerIds(stack.prefix)).toStrictEqual(before);
      const prometheus = new PrometheusApi(`http://127.0.0.1:${port}`);
      expect(await prometheus.queryNumber("vector(1)")).toBe(1);

      stack.write(settingsWith(reference));
      await stack.up("--expect-no-changes");
    },
  );

  it("makes the network count as the internet as soon as the engine could pull from it", async () => {
    if (registry === undefined) {
      skipThisTest(noRegistry);
      return;
    }
    const known = probeImage("Images", reference);
    const unknown = probeImage("Images", `${registry.host}/prom/prometheus:v0.0.0-missing`);
    expect((await detectNetwork(undefined, [known])).network).toBe("internet");
    expect((await detectNetwork(undefined, [unknown])).network).toBe("registries");
  });
});

describe("what stands between a machine and the internet", () => {
  it.each([
    ["a proxy that refuses", 403],
    ["a proxy that asks for a log-in", 407],
    ["a log-in page", 200],
    ["nothing but silence", undefined],
  ])("is not taken for a download: %s", async (_, status) => {
    const server = createServer((_request, response) => {
      if (status !== undefined) response.writeHead(status, { "content-type": "text/html" }).end("");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const downloads = probeDownload("Downloads", `http://127.0.0.1:${portOf(server)}/`);
      expect(await detectNetwork(undefined, [downloads], 0.5)).toStrictEqual({
        network: "registries",
        reason: "Downloads cannot be reached",
      });
    } finally {
      server.closeAllConnections();
      await closeServer(server);
    }
  });
});

/** A program of two resources, one of each plugin, run by a Pulumi that sees no other on this machine. */
function openPulumi(home: string, bin: string) {
  const folder = mkdtempSync(join(tmpdir(), "glasshouse-tiny-"));
  const program = `const docker = require("@pulumi/docker");
const random = require("@pulumi/random");
const suffix = new random.RandomId("suffix", { byteLength: 4 });
exports.volume = new docker.Volume("tiny", { name: suffix.hex.apply((hex) => "e2e-tiny-" + hex) }).name;
`;
  writeFileSync(join(folder, "index.js"), program);
  writeFileSync(join(folder, "package.json"), '{ "main": "index.js" }');
  writeFileSync(join(folder, "Pulumi.yaml"), "name: tiny\nruntime: nodejs\n");
  symlinkSync(join(projectFolder, "node_modules"), join(folder, "node_modules"));
  mkdirSync(join(folder, "state"));
  const env = {
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "a test's",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PATH: [bin, dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter),
  };
  return {
    async run(...args: string[]): Promise<string> {
      const command = [join(bin, "pulumi"), ...args, "--non-interactive"];
      const { exitCode, stdout, stderr } = await run(command, { cwd: folder, env });
      if (exitCode !== 0) throw new Error(`pulumi ${args.join(" ")}: ${stdout}${stderr}`);
      return stdout;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Pushes an image with a layer of its own, which is then nowhere but in the registry. */
async function publishPrometheus(reference: string): Promise<void> {
  const base = readTestNetwork() === "internet" ? images.prometheus : registryImages.prometheus;
  const folder = mkdtempSync(join(tmpdir(), "glasshouse-image-"));
  writeFileSync(join(folder, "layer"), randomBytes(256 * 1024));
  writeFileSync(join(folder, "Dockerfile"), `FROM ${base}\nCOPY layer /layer\n`);
  await docker("build", "--quiet", "--tag", reference, folder);
  await docker("push", "--quiet", reference);
  await docker("image", "rm", reference);
  rmSync(folder, { recursive: true });
}
