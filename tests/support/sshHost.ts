import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { restartEngineDirectly } from "../../host/daemon/directEngine";
import { localDockerHost } from "../../host/access/dockerHost";
import { buildEngineLocation, locateApi } from "../../host/daemon/engineLocation";
import { run, runOrReject } from "../../cli/run";
import { docker } from "./dockerCommands";
import { makeCertificates } from "./makeCertificates";
import { readTestImages } from "./testNetwork";
import { waitUntil } from "./waitUntil";

const image = "glasshouse-e2e/ssh-host:2";
const imageFolder = join(__dirname, "sshHost");

/** What it takes to run an engine in a container, without the rest of what `--privileged` gives. */
const rights = [
  ...["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "SYS_CHROOT", "MKNOD"].map(
    (name) => `--cap-add=${name}`,
  ),
  ...["seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"].map(
    (option) => `--security-opt=${option}`,
  ),
];

/** What looks after the host's engine: nothing, or systemd, as on most servers. */
export type SshHostInit = "none" | "systemd";

/** Users of the host: all of them let the test in by the same key. */
export type SshUser = "root" | "deploy" | "guest" | "stranger";

/**
 * Another Docker host: a container with an engine and an ssh server of its own. A program `ssh` that stands first in PATH
 * brings an ssh config of the test's own, with the host's name, key and known hosts in it.
 */
export class SshHostContainer {
  /** The host's name in the ssh config. */
  readonly name: string;
  /** The same host's name, reached by a jump over itself. */
  readonly nameByJump: string;
  private readonly savedPath = process.env["PATH"] ?? "";

  private constructor(
    readonly container: string,
    readonly folder: string,
    private readonly init: SshHostInit,
  ) {
    this.name = container;
    this.nameByJump = `${container}-by-jump`;
  }

  /** Whether this machine can run it. */
  static get isPossible(): boolean {
    try {
      execFileSync("ssh", ["-V"], { stdio: "ignore" });
      execFileSync("docker", ["version"], { stdio: "ignore" });
      return process.platform === "linux";
    } catch {
      return false;
    }
  }

  /**
   * Starts a host without any image on its engine; `stop` has to be called whatever happens.
   *
   * @param beside a host that is to be reached as well; it has to be stopped after this one
   */
  static async start(
    init: SshHostInit = "none",
    beside?: SshHostContainer,
  ): Promise<SshHostContainer> {
    const { base } = readTestImages();
    await runOrReject([
      "docker",
      "build",
      "--build-arg",
      `BASE_IMAGE=${base}`,
      "--tag",
      image,
      imageFolder,
    ]);
    const folder = mkdtempSync(join(tmpdir(), "gh-ssh-"));
    const suffix = (init === "systemd" ? "-systemd" : "") + (beside ? "-beside" : "");
    const name = `glasshouse-e2e-ssh-${process.pid}${suffix}`;
    const host = new SshHostContainer(name, folder, init);
    try {
      await host.create();
      await host.writeSshConfig(beside);
      process.env["PATH"] = [join(folder, "bin"), host.savedPath].join(delimiter);
      await waitUntil(
        "the host's engine answers",
        () => host.tryExec("docker", "version"),
        ({ exitCode }) => exitCode === 0,
      );
    } catch (error) {
      await host.stop();
      throw error;
    }
    return host;
  }

  uriOf(user: SshUser): string {
    return `ssh://${user}@${this.name}`;
  }

  /** Runs a command on the host as its owner would, without ssh. */
  async exec(...command: string[]): Promise<string> {
    return (await runOrReject(["docker", "exec", this.container, ...command])).trim();
  }

  async tryExec(...command: string[]) {
    return run(["docker", "exec", this.container, ...command]);
  }

  /** Calls the host's own docker. */
  async docker(...args: string[]): Promise<string> {
    return this.exec("docker", ...args);
  }

  /** Copies images of the machine's own engine to the host's. */
  async loadImage(...references: string[]): Promise<void> {
    const pipe = 'docker save "$@" | docker exec -i "$0" docker load --quiet';
    await runOrReject(["sh", "-c", pipe, this.container, ...references]);
  }

  /** Breaks every ssh connection, as a network does. */
  async breakConnections(): Promise<void> {
    await this.exec("sh", "-c", "pkill -KILL sshd-session || true");
  }

  async readDaemonJson(): Promise<string | undefined> {
    const { exitCode, stdout } = await this.tryExec("cat", "/etc/docker/daemon.json");
    return exitCode === 0 ? stdout : undefined;
  }

  /** Lets the engine listen for clients with a certificate. @returns the folder with one */
  async listenOverTls(): Promise<string> {
    const folder = join(this.folder, "tls");
    mkdirSync(folder);
    makeCertificates(folder);
    await runOrReject(["docker", "cp", `${folder}/server`, `${this.container}:/certs`]);
    const settings = {
      hosts: [localDockerHost.uri, "tcp://0.0.0.0:2376"],
      tlsverify: true,
      tlscacert: "/certs/ca.pem",
      tlscert: "/certs/cert.pem",
      tlskey: "/certs/key.pem",
    };
    const location = buildEngineLocation(locateApi({ uri: this.uriOf("root") }));
    await location.host.writeFileAtomically(location.daemonJsonPath, JSON.stringify(settings));
    await restartEngineDirectly(location);
    return join(folder, "client");
  }

  async stop(): Promise<void> {
    process.env["PATH"] = this.savedPath;
    // The shared connections end with the server.
    await run(["docker", "rm", "--force", "--volumes", this.container]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async create(): Promise<void> {
    const keys = join(this.folder, "keys");
    mkdirSync(keys);
    for (const name of ["id", "host"]) {
      const how = ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", join(keys, name)];
      execFileSync("ssh-keygen", how);
    }
    writeFileSync(join(keys, "authorized"), readFileSync(join(keys, "id.pub")));
    const ports = ["--publish=127.0.0.1::22", "--publish=127.0.0.1::2376"];
    const options = [...rights, ...ports, "--volume=/var/lib/docker", "--name", this.container];
    const systemd = ["--tmpfs=/run", "--tmpfs=/run/lock", "--stop-signal=SIGRTMIN+3"];
    await runOrReject([
      ...["docker", "create", ...options, ...(this.init === "systemd" ? systemd : [])],
      ...["--hostname", this.name, image, "/start.sh", this.init],
    ]);
    await runOrReject(["docker", "cp", `${keys}/.`, `${this.container}:/keys`]);
    await runOrReject(["docker", "start", this.container]);
  }

  /** Address at which the machine, and hosts beside this one, reach it. */
  async readAddress(): Promise<string> {
    const format = "{{.NetworkSettings.Networks.bridge.IPAddress}}";
    return docker("container", "inspect", "--format", format, this.container);
  }

  /** Where a port of the host is published on this machine. */
  async readPort(port: number): Promise<string> {
    const published = await runOrReject(["docker", "port", this.container, `${port}/tcp`]);
    return /:(\d+)/.exec(published)?.[1] ?? "";
  }

  private async writeSshConfig(beside: SshHostContainer | undefined): Promise<void> {
    const file = (name: string): string => join(this.folder, name);
    const port = await this.readPort(22);
    const key = readFileSync(file("keys/host.pub"), "utf8").trim();
    writeFileSync(file("known_hosts"), `${this.name} ${key}\n`);
    const known = `HostKeyAlias ${this.name}`;
    const own = [
      ...[`IdentityFile ${file("keys/id")}`, "IdentitiesOnly yes"],
      `UserKnownHostsFile ${file("known_hosts")}`,
    ];
    const lines = [
      `Host ${this.name}`,
      ...["HostName 127.0.0.1", `Port ${port}`, known, ...own],
      `Host ${this.nameByJump}`,
      ...["HostName 127.0.0.1", "Port 22", known, `ProxyJump root@${this.name}`, ...own],
      // The first value of an option counts.
      ...(beside ? ["Match all", `Include ${join(beside.folder, "config")}`] : []),
      ...["Host *", ...own],
    ];
    writeFileSync(file("config"), `${lines.join("\n")}\n`);
    mkdirSync(file("bin"));
    const program = execFileSync("which", ["ssh"], { encoding: "utf8" }).trim();
    // The shared connections are the test's own as well.
    const call = `exec ${program} -F ${file("config")} -o ControlPath=${file("c-%C")} "$@"`;
    writeFileSync(file("bin/ssh"), `#!/bin/sh\n${call}\n`);
    chmodSync(file("bin/ssh"), 0o755);
  }
}
