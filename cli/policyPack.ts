import { join } from "node:path";
import { projectFolder } from "./versions";

/** Flags that make Pulumi check a stack against the rules of `policy/`; for `preview` and `up`. */
export function policyPackFlags(): string[] {
  return ["--policy-pack", join(projectFolder, "policy")];
}
