import { RunError } from "@pulumi/pulumi";
import { buildUserMistake } from "../../config/userMistake";

/**
 * Waits for checks that run side by side, and tells of all that they refuse.
 *
 * @throws pulumi.RunError with the text of each check that refused, and of each that could not be made; where none refused, the
 *   first error as it is
 */
export async function rejectAll(...checks: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(checks);
  const reasons = results.flatMap((result) =>
    result.status === "rejected" ? [result.reason as Error] : [],
  );
  const [first] = reasons;
  if (first === undefined) return;
  if (!reasons.some(isRefusal)) throw first;
  throw buildUserMistake(reasons.map(({ message }) => message).join("\n\n"));
}

function isRefusal(reason: Error): boolean {
  return RunError.isInstance(reason);
}
