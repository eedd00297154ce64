import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../isAlive";

/**
 * Makes a folder for something unfinished, and removes what killed runs left beside it. The process id in the name
 * tells whose it is.
 *
 * @param parent on the same disk as the result, so that the last step can be one rename
 */
export function makeWorkFolder(parent: string): string {
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent)) {
    const owner = /^glasshouse-work-(\d+)-/.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner)))
      rmSync(join(parent, name), { recursive: true, force: true });
  }
  return mkdtempSync(join(parent, `glasshouse-work-${process.pid}-`));
}
