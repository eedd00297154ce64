import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectFolder } from "../../cli/versions";

/** What is used of Playwright, which belongs to the dashboards page's own packages. */
export interface Page {
  goto(url: string): Promise<unknown>;
  getByText(text: string | RegExp, options?: { exact?: boolean }): Locator;
  locator(selector: string): Locator;
  on(event: "console", listener: (message: { type(): string; text(): string }) => void): void;
  screenshot(options: { path: string }): Promise<unknown>;
}

interface Locator {
  first(): Locator;
  waitFor(options?: { timeout?: number }): Promise<void>;
  innerText(): Promise<string>;
  count(): Promise<number>;
}

interface BrowserContext {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

interface Playwright {
  readonly chromium: {
    launchPersistentContext(folder: string, options: object): Promise<BrowserContext>;
  };
}

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** Whether this machine has a browser. */
export const hasBrowser = existsSync(executablePath);

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Opens a real browser with a profile of its own. */
export async function openBrowser(): Promise<{ page: Page; close: () => Promise<void> }> {
  const load = createRequire(join(projectFolder, "board", "package.json"));
  const { chromium } = load("playwright-core") as Playwright;
  const profile = mkdtempSync(join(tmpdir(), "glasshouse-browser-"));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport: { width: 1440, height: 1200 },
    args: flags,
  });
  return {
    page: await browser.newPage(),
    close: async () => {
      await browser.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
