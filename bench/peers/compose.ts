import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../cli/install/cacheFolder";
import { registryImages } from "../../cli/install/registryImages";
import { run, runOrReject } from "../../cli/run";
import { runMeasured } from "../runMeasured";
import { openFileTool } from "./fileTool";
import { type Peer, type PeerContext, PeerMissing, startTimeoutSeconds } from "./peer";
import { renderCompose } from "./renderCompose";

/** `docker compose` v2: the machine's own plugin where there is one, else Debian's package, unpacked into the cache. */
export async function openCompose(context: PeerContext): Promise<Peer> {
  const { prefix, folder, signal } = context;
  const program = await findCompose();
  const version = (await runOrReject([...program, "version", "--short"])).trim();
  const file = join(folder, "compose.yaml");
  const compose = (...args: string[]) =>
    runMeasured({
      command: [...program, "--file", file, "--project-name", prefix, ...args],
      cwd: folder,
      signal,
    });
  const up = ["up", "--detach", "--remove-orphans"];
  return openFileTool(
    {
      id: "compose",
      title: `docker compose ${version}`,
      write: ({ plan }, folders) => {
        writeFileSync(file, renderCompose(plan, prefix, folders));
      },
      up: () => compose(...up, "--wait", "--wait-timeout", String(startTimeoutSeconds)),
      preview: () => compose("--dry-run", ...up),
      destroy: () => compose("down", "--volumes"),
      readStateBytes: () => 0,
    },
    context,
  );
}

async function findCompose(): Promise<string[]> {
  const plugin = ["docker", "compose"];
  const { exitCode, stdout } = await run([...plugin, "version", "--short"]);
  if (exitCode === 0 && /^v?2\./.test(stdout)) return plugin;
  const folder = cacheFolder("bench", "compose");
  const program = join(folder, "usr", "libexec", "docker", "cli-plugins", "docker-compose");
  if (!existsSync(program)) await unpackPackage(folder);
  return [program];
}

/** In a container, since the package is newer than many a machine's own release. */
async function unpackPackage(folder: string): Promise<void> {
  const script =
    "cd /tmp && apt-get update -qq && apt-get download -qq docker-compose && dpkg -x docker-compose_*.deb /out";
  const { exitCode, stderr } = await run([
    ...["docker", "run", "--rm", "--name", `glasshouse-bench-unpack-${process.pid}`],
    ...["--volume", `${folder}:/out`, registryImages.base, "sh", "-c", script],
  ]);
  if (exitCode !== 0) {
    throw new PeerMissing(
      `no plugin here, and Debian's package cannot be fetched: ${stderr.trim()}`,
    );
  }
}
