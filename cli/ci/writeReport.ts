import { appendFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { callersFolder } from "../backup/callersFolder";

/** Writes a report to a file, or to standard output; GitHub's summary of a job may hold something already and is kept. */
export function writeReport(text: string, to: string | undefined): void {
  if (to === undefined) process.stdout.write(text);
  else if (to === process.env["GITHUB_STEP_SUMMARY"]) appendFileSync(to, text);
  else writeFileSync(resolve(callersFolder(), to), text);
}
