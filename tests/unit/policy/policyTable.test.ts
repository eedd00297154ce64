import { readFileSync } from "node:fs";
import { join } from "node:path";
import { policyTableMarkers, renderPolicyTable } from "../../../policy/policyTable";

describe("the table of rules", () => {
  it("stands in docs/policy.md as the code has it (npm run docs:policy rewrites it)", () => {
    const text = readFileSync(join(__dirname, "../../../docs/policy.md"), "utf8");
    const { begin, end } = policyTableMarkers;
    const table = text.slice(text.indexOf(begin) + begin.length, text.indexOf(end)).trim();
    expect(table).toBe(renderPolicyTable());
  });
});
