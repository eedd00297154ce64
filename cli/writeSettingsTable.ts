import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { replaceSettingsTable } from "../config/settings/settingsTable";

// Brings the table of settings in docs/settings.md up to date with the schema; a unit test says when that is due.
const page = join(__dirname, "..", "docs", "settings.md");
writeFileSync(page, replaceSettingsTable(readFileSync(page, "utf8")));
