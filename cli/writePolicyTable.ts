import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { replaceBetween } from "../config/replaceBetween";
import { policyTableMarkers, renderPolicyTable } from "../policy/policyTable";

// Brings the table of rules in docs/policy.md up to date with the code; a unit test says when that is due.
const file = join(__dirname, "..", "docs", "policy.md");
writeFileSync(
  file,
  replaceBetween(readFileSync(file, "utf8"), policyTableMarkers, renderPolicyTable()),
);
