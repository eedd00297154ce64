import { join } from "node:path";
import { projectFolder } from "../versions";

/** Node.js, with what it takes to run one of the project's TypeScript files; as `bootstrap.mjs` starts it. */
export const typeScriptCommand: readonly string[] = [
  process.execPath,
  "--require",
  join(projectFolder, "runtime", "loadTypeScript.cjs"),
];
