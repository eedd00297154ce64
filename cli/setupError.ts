/** A problem that the user can do something about: shown as its message, without a stack trace. */
export class SetupError extends Error {
  override readonly name = "SetupError";
}
