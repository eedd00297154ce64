import { setTimeout as sleep } from "node:timers/promises";
import { testLabels } from "../../config/alertmanager/testRoutes";
import { connectDocker } from "../../host/docker/connectDocker";
import { readLogTail } from "../../host/docker/readLogTail";
import type { AlertmanagerPlace } from "./askAlertmanager";

const pollMilliseconds = 500;

/** What Alertmanager's log says once it has given up, of all ways together. */
const finalMessage = 'msg="Notify for alerts failed"';

/** Why a test was not taken, as Alertmanager's log has it: the last that it says of each integration. */
export async function readFailureReasons(
  place: AlertmanagerPlace,
  id: string,
  timeoutSeconds: number,
): Promise<string[]> {
  const docker = await connectDocker(place.dockerHost);
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    const log = await readLogTail(docker.getContainer(place.container), 200);
    // Its metrics know earlier than its log, and count other messages to the receiver as well.
    if (Date.now() > deadline || listLines(log, id).some((line) => line.includes(finalMessage))) {
      return findReasons(log, id);
    }
    await sleep(pollMilliseconds);
  }
}

function findReasons(log: string, id: string): string[] {
  const lines = listLines(log, id);
  const final = lines.filter((line) => line.includes(finalMessage)).at(-1);
  const [, quoted] = / err=("(?:[^"\\]|\\.)*")/.exec(final ?? lines.at(-1) ?? "") ?? [];
  if (quoted === undefined) return [];
  const reasons = (JSON.parse(quoted) as string).split("\n");
  // Telegram's address has the bot's token in it.
  return reasons.map((reason) => reason.replace(/\/bot[^/\s"]+/g, "/bot<redacted>"));
}

/** What Alertmanager says about a test's failures. */
function listLines(log: string, id: string): string[] {
  return log
    .split("\n")
    .filter((line) => line.includes(`${testLabels.id}=\\"${id}\\"`) && line.includes(" err="));
}
