import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../config/settings/settings";
import { buildUserMistake } from "../../config/userMistake";
import { findConnectionProblem } from "../../host/access/connectionProblem";

/**
 * Refuses to go on when another host cannot be reached: one sentence, instead of one failure for every resource. It also
 * opens the connection that everything after it shares.
 *
 * @throws pulumi.RunError with what to do, before anything is touched; in a preview that is a warning
 */
export async function rejectUnreachableHost(host: Settings["host"]): Promise<void> {
  const problem = await findConnectionProblem(host);
  if (problem === undefined) return;
  if (!pulumi.runtime.isDryRun()) throw buildUserMistake(`${problem} Nothing was changed.`);
  await pulumi.log.warn(problem);
}
