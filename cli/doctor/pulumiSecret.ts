/** A value that Pulumi keeps encrypted; the doctor never asks for the plain one. */
export interface Secret {
  readonly "4dabf18193072939515e22adb298388d": string;
}

export function isSecret(value: unknown): value is Secret {
  return typeof value === "object" && value !== null && "4dabf18193072939515e22adb298388d" in value;
}
