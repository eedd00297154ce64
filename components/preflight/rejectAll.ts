import { RunError } from "@pulumi/pulumi";
import { buildUserMistake } from "../../config/userMistake";

/**
 * Waits for checks that run side by side, and tells of all that they refuse.
 *
 * @throws pulumi.RunError with the text of each check that failed; any other error as it is
 */
export async function rejectAll(...checks: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(checks);
  const reasons = results.flatMap((result) =>
    result.status === "rejected" ? [result.reason as Error] : [],
  );
  const unexpected = reasons.find((reason) => !isRefusal(reason));
  if (unexpected !== undefined) throw unexpected;
  if (reasons.length === 0) return;
  throw buildUserMistake(reasons.map(({ message }) => message).join("\n\n"));
}

function isRefusal(reason: Error): boolean {
  return RunError.isInstance(reason);
}
