import type Docker from "dockerode";
import { runOrReject } from "../../cli/run";

/** Calls Docker's command line, another client than the one that the product uses. */
export async function docker(...args: string[]): Promise<string> {
  return (await runOrReject(["docker", ...args])).trim();
}

export async function inspectContainer(name: string): Promise<Docker.ContainerInspectInfo> {
  const [container] = await inspectContainers([name]);
  return container!;
}

export async function inspectContainers(
  names: readonly string[],
): Promise<Docker.ContainerInspectInfo[]> {
  if (names.length === 0) return [];
  return JSON.parse(
    await docker("container", "inspect", ...names),
  ) as Docker.ContainerInspectInfo[];
}

/** All containers, running or not, whose names start with a stack's prefix. */
export async function inspectStack(prefix: string): Promise<Docker.ContainerInspectInfo[]> {
  return inspectContainers(await listContainers(prefix));
}

/** Names of all containers, running or not, that start with a stack's prefix. */
export async function listContainers(prefix: string): Promise<string[]> {
  const names = await docker("ps", "--all", "--format", "{{.Names}}");
  return ofStack(prefix, names);
}

/** Ids of a stack's containers, by name; without those that write files, which come and go. */
export async function readContainerIds(prefix: string): Promise<Record<string, string>> {
  const names = (await listContainers(prefix)).filter((name) => !name.includes("-writer-"));
  const containers = await inspectContainers(names);
  return Object.fromEntries(containers.map(({ Name, Id }) => [Name.slice(1), Id]));
}

/** Names of the volumes that hold a stack's data. */
export async function listDataVolumes(prefix: string): Promise<string[]> {
  const label = "label=glasshouse.data=true";
  return ofStack(prefix, await docker("volume", "ls", "--filter", label, "--format", "{{.Name}}"));
}

/** Everything on the engine that bears a stack's prefix, each with its kind. */
export async function listRemains(prefix: string): Promise<string[]> {
  const [containers, networks, volumes, images] = await Promise.all([
    listContainers(prefix),
    docker("network", "ls", "--format", "{{.Name}}"),
    docker("volume", "ls", "--format", "{{.Name}}"),
    docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}"),
  ]);
  return [
    ...containers.map((name) => `container ${name}`),
    ...ofStack(prefix, networks).map((name) => `network ${name}`),
    ...ofStack(prefix, volumes).map((name) => `volume ${name}`),
    ...ofStack(prefix, images).map((name) => `image ${name}`),
  ];
}

function ofStack(prefix: string, names: string): string[] {
  return names
    .split("\n")
    .filter(
      (name) => name === prefix || name.startsWith(`${prefix}-`) || name.startsWith(`${prefix}/`),
    )
    .sort();
}
