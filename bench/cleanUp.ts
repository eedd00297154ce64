import { rmSync } from "node:fs";
import { run } from "../cli/run";

/** Removes everything on the engine whose name starts with a run's own, whichever tool has made it. */
export async function removeByName(prefix: string): Promise<void> {
  const containers = await list(["ps", "--all", "--format", "{{.Names}}"], prefix);
  if (containers.length > 0) await run(["docker", "rm", "--force", "--volumes", ...containers]);
  for (const network of await list(["network", "ls", "--format", "{{.Name}}"], prefix)) {
    const { exitCode, stderr } = await run(["docker", "network", "rm", network]);
    // Engine 20.10, asked for hundreds of things at once, may count an endpoint whose container is gone.
    if (exitCode !== 0) console.error(`  The network ${network} stays: ${stderr.trim()}`);
  }
  const volumes = await list(["volume", "ls", "--format", "{{.Name}}"], prefix);
  if (volumes.length > 0) await run(["docker", "volume", "rm", "--force", ...volumes]);
  const images = await list(["image", "ls", "--format", "{{.Repository}}:{{.Tag}}"], prefix);
  if (images.length > 0) await run(["docker", "image", "rm", ...images]);
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

async function list(command: readonly string[], prefix: string): Promise<string[]> {
  const { stdout } = await run(["docker", ...command]);
  return stdout.split("\n").filter((name) => isOfRun(name, prefix));
}

/** Whether a name on the host belongs to a run, and not to one whose process id merely starts with the same digits. */
export function isOfRun(name: string, prefix: string): boolean {
  return (
    name === prefix ||
    [`${prefix}-`, `${prefix}_`, `${prefix}/`].some((own) => name.startsWith(own))
  );
}
