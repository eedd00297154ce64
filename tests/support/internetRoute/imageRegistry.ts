import { spawn, type ChildProcess } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { canInstallPackages } from "../../../cli/install/installPackages";
import { asRoot, run } from "../../../cli/run";
import { findFreePorts } from "../freePorts";
import { waitUntil } from "../waitUntil";

const packageName = "docker-registry";

/** Debian's image registry on a port of 127.0.0.1, which Docker trusts without TLS, in place of Docker Hub. */
export class ImageRegistry {
  private process: ChildProcess | undefined;

  private constructor(
    private readonly program: string,
    private readonly folder: string,
    private readonly port: number,
  ) {}

  /** @returns undefined where the program is neither there nor to be had */
  static async start(): Promise<ImageRegistry | undefined> {
    const folder = mkdtempSync(join(tmpdir(), "glasshouse-registry-"));
    const program = await obtainProgram(folder);
    if (program === undefined) {
      rmSync(folder, { recursive: true });
      return undefined;
    }
    const [port] = await findFreePorts(1);
    const registry = new ImageRegistry(program, folder, port!);
    const config = {
      version: "0.1",
      storage: {
        filesystem: { rootdirectory: join(folder, "storage") },
        delete: { enabled: true },
      },
      http: { addr: registry.host },
    };
    writeFileSync(registry.configFile, stringify(config));
    await registry.resume();
    return registry;
  }

  /** What stands before the first slash of an image's name. */
  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  get url(): string {
    return `http://${this.host}/v2/`;
  }

  async resume(): Promise<void> {
    this.process = spawn(this.program, ["serve", this.configFile], { stdio: "ignore" });
    await waitUntil(
      "the registry answers",
      () =>
        fetch(this.url).then(
          ({ status }) => status,
          () => 0,
        ),
      (status) => status === 200,
    );
  }

  /** Takes the registry off the network; what was pushed stays. */
  async pause(): Promise<void> {
    const { process } = this;
    this.process = undefined;
    if (process === undefined) return;
    const ended = new Promise((resolve) => process.once("exit", resolve));
    process.kill("SIGKILL");
    await ended;
  }

  /**
   * Loses a layer's content, so that a pull finds the image's manifest and breaks off after it.
   *
   * @returns puts the layer back
   */
  loseLayer(digest: string): () => void {
    const [algorithm = "", hex = ""] = digest.split(":");
    const blobs = join(this.folder, "storage", "docker", "registry", "v2", "blobs");
    const data = join(blobs, algorithm, hex.slice(0, 2), hex, "data");
    renameSync(data, `${data}-lost`);
    return () => renameSync(`${data}-lost`, data);
  }

  /** Digests of an image's layers, the lowest first. */
  async readLayers(repository: string, tag: string): Promise<string[]> {
    const response = await fetch(`${this.url}${repository}/manifests/${tag}`, {
      headers: { accept: "application/vnd.docker.distribution.manifest.v2+json" },
    });
    const { layers } = (await response.json()) as { layers: { digest: string }[] };
    return layers.map(({ digest }) => digest);
  }

  async remove(): Promise<void> {
    await this.pause();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get configFile(): string {
    return join(this.folder, "config.yml");
  }
}

/** Unpacked instead of installed: the package would start a registry of its own for everybody on port 5000. */
async function obtainProgram(folder: string): Promise<string | undefined> {
  if (existsSync("/usr/bin/docker-registry")) return "/usr/bin/docker-registry";
  if (!(await canInstallPackages())) return undefined;
  const downloads = join(folder, "package");
  mkdirSync(downloads);
  const download = () =>
    run(["apt-get", "-o", "APT::Sandbox::User=root", "download", packageName], { cwd: downloads });
  if ((await download()).exitCode !== 0) {
    await run(asRoot(["apt-get", "update"]));
    if ((await download()).exitCode !== 0) return undefined;
  }
  const [file] = readdirSync(downloads);
  const unpacked = await run(["dpkg-deb", "-x", join(downloads, file ?? ""), downloads]);
  return unpacked.exitCode === 0 ? join(downloads, "usr", "bin", "docker-registry") : undefined;
}
