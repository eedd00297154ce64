import type Docker from "dockerode";
import type { StackPlan } from "../stackPlan";

/** Ids of the containers that a run has deployed, by name. */
export type ContainerIds = Readonly<Record<string, string>>;

const namedAtMost = 5;

export async function readContainerIds(docker: Docker, prefix: string): Promise<ContainerIds> {
  const containers = await docker.listContainers({ filters: { name: [`^/${prefix}-`] } });
  return Object.fromEntries(containers.map(({ Names: [name = ""], Id }) => [name, Id]));
}

/**
 * A row that measures something else than it says is worse than none.
 *
 * @throws Error when not as many containers run as were wanted, or others than those that may be new are new
 */
export function rejectOtherContainers(
  before: ContainerIds,
  after: ContainerIds,
  { containers }: StackPlan,
  mayBeNew: number,
): void {
  const count = Object.keys(after).length;
  if (count !== containers.length) {
    throw new Error(`${count} containers run where ${containers.length} were wanted`);
  }
  const known = new Set(Object.values(before));
  const fresh = Object.entries(after).filter(([, id]) => !known.has(id));
  if (fresh.length <= mayBeNew) return;
  const names = fresh.slice(0, namedAtMost).map(([name]) => name);
  const more = fresh.length > names.length ? " …" : "";
  throw new Error(
    `${fresh.length} containers are new where ${mayBeNew} may be: ${names.join(", ")}${more}`,
  );
}
