import { parseImageReference } from "../../../../config/parseImageReference";
import { asText, types } from "../plan";
import type { Step } from "../preview";
import { say, type Words } from "../words";

/** Another image: which, and whether its tag goes back to an older version. */
export function describeImage(step: Step): { words: Words; isDowngrade: boolean } | undefined {
  const { operation, before, after } = step;
  if (operation === "same" || after === undefined) return undefined;
  if (step.type === types.builtImage) {
    return { words: describeBuild(step, asText(after["context"])), isDowngrade: false };
  }
  const now = asText(after["name"]);
  const was = asText(before?.["name"]);
  if (was === "") return { words: say`image ${now}`, isDowngrade: false };
  if (was === now) return { words: say`image ${now} pulled again`, isDowngrade: false };
  return { words: say`image ${was} → ${now}`, isDowngrade: isDowngrade(was, now) };
}

function describeBuild({ operation, before }: Step, context: string): Words {
  // An update is the repair of what a look at the host has found.
  if (operation === "update") {
    return say`image is no longer the one built from ${context}: tagged again, or rebuilt`;
  }
  return before === undefined
    ? say`image built from ${context}`
    : say`image rebuilt from ${context}`;
}

/** Whether both are versions of the same image, and the second is the older one. */
export function isDowngrade(was: string, now: string): boolean {
  const before = parseImageReference(was);
  const after = parseImageReference(now);
  if (before === undefined || before.name !== after?.name) return false;
  const old = findNumbers(before.tag);
  const young = findNumbers(after.tag);
  if (old === undefined || young === undefined) return false;
  const length = Math.max(old.length, young.length);
  for (let place = 0; place < length; place += 1) {
    const difference = (young[place] ?? 0) - (old[place] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** `v3.5.1-debian` is 3, 5, 1; undefined for a tag that is no version. */
function findNumbers(tag: string | undefined): number[] | undefined {
  const version = /^v?(\d+(?:\.\d+)*)/.exec(tag ?? "")?.[1];
  return version?.split(".").map(Number);
}
