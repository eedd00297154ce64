import type Docker from "dockerode";
import { readLogTail } from "./readLogTail";

/**
 * Runs a container until its command ends, and removes it.
 *
 * @param prepare what to do with the container before it starts
 * @returns the command's exit code, and what it wrote to standard output and standard error
 */
export async function runToEnd(
  docker: Docker,
  options: Docker.ContainerCreateOptions,
  prepare: (container: Docker.Container) => Promise<void> = async () => {},
): Promise<{ exitCode: number; output: string }> {
  const container = await docker.createContainer(options);
  try {
    await prepare(container);
    await container.start();
    const { StatusCode: exitCode } = (await container.wait()) as { StatusCode: number };
    return { exitCode, output: await readLogTail(container, 200) };
  } finally {
    await container.remove({ force: true, v: true });
  }
}
