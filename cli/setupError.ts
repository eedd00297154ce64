/** A problem that the user can do something about: shown as its message, without a stack trace. */
export class SetupError extends Error {
  override readonly name: string = "SetupError";
}

/** A problem whose message says already what to do, or quotes others: no cause is looked for in its words. */
export class ExplainedError extends SetupError {
  override readonly name = "ExplainedError";
}
