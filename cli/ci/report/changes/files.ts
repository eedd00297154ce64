import { typeToken } from "../../../../resources/types";
import { asValues, ofType } from "../plan";
import { holdsSecret, type Preview, type Step } from "../preview";

/** Text files that a step writes, by path: what was asked for before, and now. Without any that is a secret. */
export interface FileTexts {
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
  /** What a look at the host has found; the same as `before` without one. */
  readonly found: Readonly<Record<string, string>>;
}

export function findFilesStep(preview: Pick<Preview, "steps">, name: string): Step | undefined {
  return ofType(preview, typeToken("VolumeFiles")).find((step) => step.name === name);
}

export function readFileTexts({ before, after, found }: Step): FileTexts {
  return {
    before: readTexts(before?.["files"]),
    after: readTexts(after?.["files"]),
    found: readTexts(found["files"]),
  };
}

/** Paths whose content on the host is not what was written there. */
export function findEdited({ before, found }: FileTexts): string[] {
  return Object.keys(before).filter((path) => found[path] !== before[path]);
}

function readTexts(files: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(asValues(files)).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string" && !holdsSecret(entry[1]),
    ),
  );
}
