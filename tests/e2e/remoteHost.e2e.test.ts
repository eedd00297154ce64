import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectDocker } from "../../host/docker/connectDocker";
import { findConnectionProblem } from "../../host/access/connectionProblem";
import { openHost } from "../../host/access/openHost";
import { runOrReject } from "../../cli/run";
import { readTargets } from "../../cli/waitForTargets";
import { describeOnSshHost } from "../support/describeOnSshHost";
import { SshHostContainer, type SshUser } from "../support/sshHost";
import { startUpdate } from "../support/startUpdate";
import { readTestImages } from "../support/testNetwork";
import { TestStack } from "../support/testStack";
import { waitUntil } from "../support/waitUntil";

const { base: baseImage, prometheus: prometheusImage } = readTestImages();
const appImage = "glasshouse-e2e/tiny:1";
const appFolder = resolve(__dirname, "../support/apps/tiny");
const noChanges = ["--expect-no-changes", "--non-interactive"];

/** Copies the images to a host, and makes the app's there. */
async function fill(host: SshHostContainer): Promise<void> {
  await host.loadImage(baseImage, prometheusImage);
  const build = ["build", "--build-arg", `BASE_IMAGE=${baseImage}`, "--tag", appImage, appFolder];
  await runOrReject(["docker", "--host", host.uriOf("root"), ...build]);
}

describeOnSshHost("a stack on another host", () => {
  let host: SshHostContainer;
  let stack: TestStack;

  beforeAll(async () => {
    host = await SshHostContainer.start();
    await fill(host);
    stack = await TestStack.create("remote");
  });

  afterAll(async () => {
    try {
      await stack.remove();
    } finally {
      await host.stop();
    }
  });

  const write = (hostSettings: object, engineMetrics: object, replicas = 1): void =>
    stack.write({
      host: hostSettings,
      engineMetrics,
      apps: [{ name: "tiny", image: appImage, port: 80, replicas, memoryMb: 32 }],
      prometheus: { image: prometheusImage, scrapeIntervalSeconds: 1 },
      grafana: { deploy: "never" },
    });
  const writeFor = (user: SshUser, mode = "managed", replicas = 1): void =>
    write({ uri: host.uriOf(user) }, { mode }, replicas);
  const listContainers = async (): Promise<readonly string[]> =>
    (await host.docker("ps", "--all", "--format", "{{.Names}}")).split("\n").sort();
  const waitForTargets = (jobs: readonly string[]) =>
    waitUntil(
      "every target is up",
      () =>
        readTargets({
          dockerHost: { uri: host.uriOf("root") },
          url: "http://127.0.0.1:9090",
          container: `${stack.prefix}-prometheus`,
        }).catch(() => []),
      (found) =>
        found.every(({ health }) => health === "up") &&
        jobs.every((job) => found.some((target) => target.job === job)),
    );

  it("is refused with a sentence, and left alone, where ssh or Docker do not let the user in", async () => {
    writeFor("stranger", "off");
    expect(await stack.failToUp()).toContain("This user may not use Docker on stranger@");
    write({ uri: "ssh://root@127.0.0.1:1" }, { mode: "off" });
    expect(await stack.failToUp()).toContain("no ssh server answers there");
    write({ uri: "ssh://nobody@" + host.name }, { mode: "off" });
    expect(await stack.failToUp()).toContain('"ssh -o BatchMode=yes nobody@');
    const unknown = `ssh://root@127.0.0.1:${await host.readPort(22)}`;
    expect(await findConnectionProblem({ uri: unknown })).toContain("its host key is not known");
    expect(await findConnectionProblem({ uri: `ssh://root@${host.nameByJump}` })).toBeUndefined();
    expect(await host.docker("ps", "--all", "--quiet")).toBe("");
  });

  it("needs root or sudo for the engine's settings only", async () => {
    writeFor("guest");
    const said = await stack.failToUp();
    expect(said).toContain("guest@");
    expect(said).toContain('allow this user "sudo" without a password');
    expect(await host.readDaemonJson()).toBeUndefined();
    await stack.destroy();
  });

  it("is deployed by root, with the engine's metrics, and a preview before that changes nothing", async () => {
    writeFor("root");
    const shown = await stack.pulumi("preview", "--non-interactive", "--color", "never");
    expect(shown).toContain('+  "metrics-addr": "0.0.0.0:9323"');
    expect(await host.readDaemonJson()).toBeUndefined();
    expect(await host.docker("ps", "--all", "--quiet")).toBe("");
    await stack.up();
    expect(await host.readDaemonJson()).toContain('"metrics-addr": "0.0.0.0:9323"');
    await waitForTargets(["docker", "prometheus", "tiny"]);
    await stack.pulumi("preview", ...noChanges);
    await stack.pulumi("refresh", "--preview-only", ...noChanges);
  });

  it("starts twenty containers at Pulumi's usual parallelism", async () => {
    writeFor("root", "managed", 20);
    await stack.up();
    expect(await listContainers()).toHaveLength(21);
    await stack.pulumi("preview", ...noChanges);
  });

  it("survives connections that break in the middle of an update", async () => {
    writeFor("root", "off", 3);
    const update = startUpdate(stack);
    while (update.exitCode === null && update.signalCode === null) {
      await host.breakConnections();
      await sleep(1500);
    }
    await host.exec("flock", "-w", "10", "/var/lib/glasshouse/lock", "true");
    await stack.tryPulumi("cancel", "--yes");
    await stack.up();
    expect(await host.readDaemonJson()).toBeUndefined();
    expect(await listContainers()).toHaveLength(4);
    await stack.pulumi("preview", ...noChanges);
  });

  it("goes with everything, and daemon.json is as it was, for a user with sudo", async () => {
    const original = '{\n  "log-level": "warn"\n}\n';
    const root = openHost({ uri: host.uriOf("root") });
    await root.writeFileAtomically("/etc/docker/daemon.json", original);
    writeFor("deploy");
    await stack.up();
    await waitForTargets(["docker", "tiny"]);
    await stack.destroy();
    expect(await host.readDaemonJson()).toBe(original);
    expect(await host.docker("ps", "--all", "--quiet")).toBe("");
  });

  it("is deployed over TCP with TLS, and not without the certificates", async () => {
    const client = await host.listenOverTls();
    const uri = `tcp://127.0.0.1:${await host.readPort(2376)}`;
    write({ uri, certPath: "/no/such/folder" }, { mode: "off" });
    expect(await stack.failToUp()).toContain("is asked over TLS only");
    write({ uri, certPath: client }, { mode: "off" });
    await stack.up();
    expect(await listContainers()).toHaveLength(2);
    await stack.pulumi("preview", ...noChanges);
    const state = await stack.pulumi("stack", "export");
    expect(state).toContain(client);
    expect(state).not.toContain("PRIVATE KEY");
    await stack.destroy();
    expect(await host.docker("ps", "--all", "--quiet")).toBe("");
  });

  it("carries large archives through the connection", async () => {
    const docker = await connectDocker({ uri: host.uriOf("root") });
    const archive = await docker.getImage(baseImage).get();
    let size = 0;
    for await (const chunk of archive) size += (chunk as Buffer).length;
    expect(size).toBeGreaterThan(50_000_000);
  });
});

describeOnSshHost("a stack on a host that systemd runs", () => {
  let host: SshHostContainer;
  let stack: TestStack;

  beforeAll(async () => {
    host = await SshHostContainer.start("systemd");
    await fill(host);
    stack = await TestStack.create("systemd");
  });

  afterAll(async () => {
    try {
      await stack.remove();
    } finally {
      await host.stop();
    }
  });

  const readUnit = (property: string): Promise<string> =>
    host.exec("systemctl", "show", "docker.service", "--value", "--property", property);

  it("has its engine restarted by systemctl, through sudo, and daemon.json put back the same way", async () => {
    const original = '{\n  "log-level": "warn"\n}\n';
    await openHost({ uri: host.uriOf("root") }).writeFileAtomically(
      "/etc/docker/daemon.json",
      original,
    );
    stack.write({
      host: { uri: host.uriOf("deploy") },
      engineMetrics: { mode: "managed" },
      apps: [{ name: "tiny", image: appImage, port: 80, memoryMb: 32 }],
      prometheus: { image: prometheusImage, scrapeIntervalSeconds: 1 },
      grafana: { deploy: "never" },
    });
    const before = await readUnit("MainPID");
    await stack.up();
    const metered = await readUnit("MainPID");
    expect(metered).not.toBe(before);
    expect(await host.exec("pidof", "dockerd")).toBe(metered);
    expect(await host.readDaemonJson()).toContain('"metrics-addr": "0.0.0.0:9323"');
    const journal = await host.exec("journalctl", "--no-pager", "--output", "cat");
    expect(journal).toContain("/usr/bin/systemctl restart docker.service");
    await stack.pulumi("preview", ...noChanges);
    await stack.destroy();
    expect(await readUnit("MainPID")).not.toBe(metered);
    expect(await host.readDaemonJson()).toBe(original);
  });

  it("says what the engine logged to the journal when systemd cannot start it", async () => {
    // As the host's owner might have it: a flag that is in daemon.json as well keeps the engine from starting.
    await host.exec(
      "sh",
      "-c",
      "mkdir -p /etc/systemd/system/docker.service.d && printf '[Service]\\nExecStart=\\nExecStart=/usr/sbin/dockerd -H fd:// --metrics-addr 127.0.0.1:9555\\n' >/etc/systemd/system/docker.service.d/flag.conf && systemctl daemon-reload",
    );
    const original = await host.readDaemonJson();
    expect(await stack.failToUp()).toMatch(
      /specified both as a flag and in the configuration file: metrics-addr/,
    );
    expect(await host.readDaemonJson()).toBe(original);
    expect(await host.exec("systemctl", "is-active", "docker.service")).toBe("active");
  });
});
