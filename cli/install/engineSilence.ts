import { connectDocker } from "../../host/docker/connectDocker";
import type { DockerHost } from "../../host/access/dockerHost";
import { readMessage } from "../../host/daemon/engineSettingsError";
import { SetupError } from "../setupError";
import { readStackHost } from "../stackHost";

const patienceSeconds = 20;

/**
 * Why the engine that a stack file names does not answer.
 *
 * @returns undefined when it does, and for a stack file that names none that could be asked: the preview says that better
 */
export async function findEngineSilence(stack: string): Promise<string | undefined> {
  const dockerHost = readHost(stack);
  if (dockerHost === undefined) return undefined;
  const patience = AbortSignal.timeout(patienceSeconds * 1000);
  const given = new Promise<string>((resolve) => {
    patience.addEventListener("abort", () =>
      resolve(`${dockerHost.uri}: no answer after ${patienceSeconds} s`),
    );
  });
  return Promise.race([given, ping(dockerHost)]);
}

async function ping(dockerHost: DockerHost): Promise<string | undefined> {
  try {
    await (await connectDocker(dockerHost)).ping();
    return undefined;
  } catch (error) {
    return `${dockerHost.uri}: ${readMessage(error)}`;
  }
}

function readHost(stack: string): DockerHost | undefined {
  try {
    return readStackHost(stack);
  } catch (error) {
    if (error instanceof SetupError) return undefined;
    throw error;
  }
}

/** What that means for a preview, in whole sentences. */
export function describeBlindness(engineProblem: string): string[] {
  return [
    `The Docker Engine does not answer (${engineProblem}).`,
    "So the host was not checked: manual changes, daemon.json, ports in use and images are unknown. The changes below compare with the state of the last update.",
  ];
}
