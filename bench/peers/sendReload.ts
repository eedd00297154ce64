import type Docker from "dockerode";
import type { StackPlan } from "../stackPlan";

/**
 * Tells the containers that mount a changed folder to read their files again, as the users of such a tool do by
 * `docker kill --signal HUP` or a script of theirs. None of the tools looks whether it helped.
 */
export async function sendReload(
  docker: Docker,
  { containers }: StackPlan,
  prefix: string,
  changedFolders: readonly string[],
): Promise<void> {
  const readers = containers.filter(({ mounts }) =>
    mounts.some(({ source }) => changedFolders.includes(source)),
  );
  await Promise.all(
    readers.map(({ name }) => docker.getContainer(`${prefix}-${name}`).kill({ signal: "SIGHUP" })),
  );
}
