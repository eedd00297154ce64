import { readFileSync } from "node:fs";
import { join } from "node:path";
import { alertSettings, ownAlerts } from "../../../config/settings/alertSettings";

const text = readFileSync(join(__dirname, "../../../docs/alerts.md"), "utf8");

describe("docs/alerts.md", () => {
  const sections = text.split(/^### /m).slice(1);

  it("has a section for each alert, and for no other", () => {
    const titles = sections.map((section) => section.slice(0, section.indexOf("\n")));
    expect(titles).toStrictEqual([...ownAlerts]);
  });

  it.each(sections)("says in a few lines what %s", (section) => {
    const lines = section
      .replace(/^## .*/ms, "")
      .split("\n")
      .slice(1)
      .filter((line) => line !== "");
    expect(lines.length).toBeGreaterThanOrEqual(2);
    expect(lines.length).toBeLessThanOrEqual(6);
  });

  it("names every threshold", () => {
    const { thresholds } = alertSettings.parse({});
    const missing = Object.keys(thresholds).filter((name) => !text.includes(`\`${name}\``));
    expect(missing).toStrictEqual([]);
  });
});
