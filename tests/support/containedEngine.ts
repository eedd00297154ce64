import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, runOrReject } from "../../cli/run";
import { docker } from "./dockerCommands";
import { readTestImages } from "./testNetwork";
import { waitUntil } from "./waitUntil";

export type ContainedKind = "podman" | "rootless" | "swarm";

const capabilities = ["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "SYS_CHROOT", "MKNOD"];
const unconfined = ["seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"];
/**
 * Another kind of engine than the machine's own, in a container of the machine's engine: its socket is in a folder of the
 * machine, its data go with the container.
 */
export class ContainedEngine {
  readonly dockerHost: string;
  private readonly folder = mkdtempSync(join(tmpdir(), "glasshouse-engine-"));

  private constructor(
    private readonly image: string,
    private readonly name: string,
    private readonly hostname: string,
  ) {
    this.dockerHost = `unix://${this.folder}/engine.sock`;
  }

  /**
   * Makes the image that such an engine runs in; from Docker's cache after the first time.
   *
   * @returns why it cannot be had on this machine; undefined when it can
   */
  static findObstacle(kind: ContainedKind): string | undefined {
    if (process.platform !== "linux" || process.getuid?.() !== 0) return "it takes Linux and root";
    const file = join(__dirname, "engines", `${kind}.Dockerfile`);
    const args = ["build", "--quiet", "--tag", imageOf(kind), "--file", file];
    const base = ["--build-arg", `BASE_IMAGE=${readTestImages().base}`];
    const options = { encoding: "utf8", timeout: 300_000 } as const;
    const built = spawnSync("docker", [...args, ...base, join(__dirname, "engines")], options);
    return built.status === 0
      ? undefined
      : `its image cannot be built: ${built.stderr.trim().slice(-300)}`;
  }

  /**
   * Starts an engine with these images of the machine's own engine; `stop` has to be called whatever happens.
   *
   * @param hostname of the machine that the engine takes itself for. Default: the kind
   */
  static async start(
    kind: ContainedKind,
    images: readonly string[],
    hostname: string = kind,
  ): Promise<ContainedEngine> {
    const name = `glasshouse-engine-${hostname}-${process.pid}`;
    const engine = new ContainedEngine(imageOf(kind), name, hostname);
    try {
      await engine.begin();
      if (images.length > 0) await engine.load(images);
    } catch (error) {
      await engine.stop();
      throw error;
    }
    return engine;
  }

  /** Calls Docker's command line on this engine. */
  async docker(...args: string[]): Promise<string> {
    return docker("--host", this.dockerHost, ...args);
  }

  /** Ids of everything on the engine that a stack could have made. */
  async listRemains(): Promise<string> {
    return (
      (await this.docker("ps", "--all", "--quiet")) + (await this.docker("volume", "ls", "--quiet"))
    );
  }

  /** Address at which the machine reaches what is published on the engine's every address. */
  async readAddress(): Promise<string> {
    const format = "{{.NetworkSettings.Networks.bridge.IPAddress}}";
    return docker("container", "inspect", "--format", format, this.name);
  }

  /** Stops the engine of the kind `swarm` as its owner would, and waits until it answers again. */
  async restart(): Promise<void> {
    await docker("exec", this.name, "sh", "-c", "kill $(cat /var/run/docker.pid)");
    await waitUntil(
      "the contained engine is down",
      () => run(["docker", "--host", this.dockerHost, "version"]),
      ({ exitCode }) => exitCode !== 0,
    );
    await waitUntil(
      "the contained engine answers again",
      () => run(["docker", "--host", this.dockerHost, "version"]),
      ({ exitCode }) => exitCode === 0,
    );
  }

  /** Ends the machine with all that runs on it, at once. */
  async kill(): Promise<void> {
    await docker("kill", this.name);
  }

  /** Nothing on the machine runs or answers until it is let go again. */
  async freeze(): Promise<void> {
    await docker("pause", this.name);
  }

  async unfreeze(): Promise<void> {
    await docker("unpause", this.name);
  }

  async stop(): Promise<void> {
    try {
      await docker("rm", "--force", "--volumes", this.name);
    } finally {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  private async begin(): Promise<void> {
    // The engine itself may run as another user.
    chmodSync(this.folder, 0o777);
    await docker(
      ...["run", "--detach", "--name", this.name, "--hostname", this.hostname],
      ...["--device", "/dev/net/tun"],
      ...capabilities.flatMap((capability) => ["--cap-add", capability]),
      ...unconfined.flatMap((option) => ["--security-opt", option]),
      ...["--volume", `${this.folder}:/srv/glasshouse`, this.image],
    );
    await waitUntil(
      "the contained engine answers",
      () => run(["docker", "--host", this.dockerHost, "version"]),
      ({ exitCode }) => exitCode === 0,
    );
  }

  private async load(images: readonly string[]): Promise<void> {
    const archive = join(this.folder, "images.tar");
    await runOrReject(["docker", "save", "--output", archive, ...images]);
    await this.docker("load", "--quiet", "--input", archive);
    rmSync(archive);
  }
}

function imageOf(kind: ContainedKind): string {
  return `glasshouse/test-${kind}:debian`;
}
