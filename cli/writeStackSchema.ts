import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderStackSchema } from "../config/settings/stackSchema";

// Writes the JSON Schema by which editors check stack files; a unit test says when that is due.
writeFileSync(join(__dirname, "..", "schema", "stack.schema.json"), renderStackSchema());
