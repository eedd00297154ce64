import { RunError } from "@pulumi/pulumi";

/**
 * The error that tells a user of a mistake in the stack file.
 *
 * It has no stack trace. Pulumi shows none for a `RunError`, but still has Node.js 20 colour it, which for a trace through
 * `node_modules` takes ten seconds and ends in a RangeError (https://github.com/pulumi/pulumi/issues/21326).
 */
export function buildUserMistake(message: string): RunError {
  const mistake = new RunError(message);
  delete mistake.stack;
  return mistake;
}
