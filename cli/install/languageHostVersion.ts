import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pulumiBinFolder } from "./pulumiHome";
import { projectFolder } from "../versions";

export const languageHost = "pulumi-language-nodejs";

const goModule = join(projectFolder, "cli", "install", "from-source", "pulumi");
/** Stands in every program that is built from that module, and in no official one. */
const modulePath = "glasshouse/from-source/pulumi";

/** The version that our language host is built with; it tells which sources it was built from. */
export function renderLanguageHostVersion(pulumi: string): string {
  const folder = join(goModule, "cmd", languageHost);
  const files = [
    join(goModule, "go.mod"),
    ...readdirSync(folder)
      .sort()
      .map((name) => join(folder, name)),
  ];
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(file));
  return `${pulumi}+from-source.${hash.digest("hex").slice(0, 12)}`;
}

/** Whether the language host was built from earlier sources of ours, and lacks what they have learnt since. */
export function isLanguageHostOutdated(pulumi: string): boolean {
  const file = join(pulumiBinFolder(pulumi), languageHost);
  if (!existsSync(file)) return false;
  const program = readFileSync(file);
  return program.includes(modulePath) && !program.includes(renderLanguageHostVersion(pulumi));
}
