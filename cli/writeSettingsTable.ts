import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { replaceSettingsTable } from "../config/settingsTable";

// Brings the table of settings in README.md up to date with the schema; a unit test says when that is due.
const readme = join(__dirname, "..", "README.md");
writeFileSync(readme, replaceSettingsTable(readFileSync(readme, "utf8")));
