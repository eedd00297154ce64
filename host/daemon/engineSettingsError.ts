/**
 * A mistake or an obstacle that a user can act on: the message says what is wrong, which value was found, what is
 * allowed and what to do. Show `message` alone; the stack trace is of no use to them.
 */
export class EngineSettingsError extends Error {
  override readonly name = "EngineSettingsError";
}

/** The message of anything that was thrown, without its full stop, for joining into a longer sentence. */
export function readMessage(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  // A refused connection to "localhost" is an AggregateError, whose message is empty.
  const { code } = thrown as { readonly code?: string };
  return (thrown.message || code || thrown.name).replace(/\.$/, "");
}
