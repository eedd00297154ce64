import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import { joinFrames } from "./readLogTail";

/**
 * Runs a command inside a running container until it ends.
 *
 * @returns its exit code, and what it wrote to standard output and standard error; a container that does not run
 *   answers like a command that could not start (126)
 */
export async function execToEnd(
  container: Docker.Container,
  command: string[],
): Promise<{ exitCode: number; output: string }> {
  try {
    const exec = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
    const stream = await exec.start({});
    const output = joinFrames(await buffer(stream));
    const { ExitCode } = await exec.inspect();
    return { exitCode: ExitCode ?? 126, output };
  } catch (error) {
    return { exitCode: 126, output: (error as Error).message };
  }
}
