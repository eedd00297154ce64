import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  renderSettingsTable,
  replaceSettingsTable,
  settingsTableMarkers,
} from "../../../../config/settings/settingsTable";

const { begin, end } = settingsTableMarkers;

describe("the table of settings", () => {
  it("is in docs/settings.md as the schema has it (npm run docs:settings writes it)", () => {
    const page = readFileSync(join(__dirname, "../../../../docs/settings.md"), "utf8");
    const table = page.slice(page.indexOf(begin) + begin.length, page.indexOf(end)).trim();
    expect(table).toBe(renderSettingsTable());
  });

  it.each([
    "| `apps[].replicas` | whole number from 0 to 200 | `1` | Number of containers |",
    "| `apps[].name` | 1 to 40 lower-case letters, digits and inner hyphens | required | Name; its containers are `<project>-<stack>-<name>-1` and so on |",
    "| `apps[].jobName` | text | `name` | Scrape job |",
    "| `apps[].build.context` | text | required | Folder with the Dockerfile, relative to the project |",
    "| `apps[].writablePaths` | list; each absolute path | `/tmp` | Folders in memory (tmpfs) that the app may write to |",
    "| `grafana.publishPort` | whole number from 1 to 65535 | `3000` | Host port |",
    "**`glasshouse:network`**: The network that all containers share.",
  ])("has the line %s", (line) => {
    expect(renderSettingsTable().split("\n")).toContain(line);
  });

  it("gives each setting a meaning", () => {
    expect(renderSettingsTable()).not.toMatch(/\| *\|/);
  });
});

describe("replaceSettingsTable", () => {
  it("keeps what stands around the markers", () => {
    const replaced = replaceSettingsTable(`before\n${begin}\nold\n${end}\nafter\n`);
    expect(replaced).toBe(`before\n${begin}\n\n${renderSettingsTable()}\n\n${end}\nafter\n`);
    expect(replaceSettingsTable(replaced)).toBe(replaced);
  });

  it("refuses a text without markers", () => {
    expect(() => replaceSettingsTable("no table here")).toThrow(begin);
  });
});
