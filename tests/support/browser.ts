import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectFolder } from "../../cli/versions";
import { waitUntil } from "./waitUntil";

// What is used of Playwright, which belongs to the dashboards page's own packages. What runs in the page is text, since
// the tests are compiled without the types of a browser.

export interface Page {
  readonly mouse: {
    move(x: number, y: number, options?: { steps?: number }): Promise<void>;
    down(): Promise<void>;
    up(): Promise<void>;
  };
  readonly keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> };
  goto(url: string, options?: { waitUntil: "networkidle" }): Promise<unknown>;
  goBack(): Promise<unknown>;
  url(): string;
  waitForURL(url: RegExp): Promise<void>;
  setViewportSize(size: Size): Promise<void>;
  evaluate<T>(script: string): Promise<T>;
  route(url: string, handler: (route: Route) => Promise<void>): Promise<void>;
  locator(selector: string, options?: { hasText?: string | RegExp }): Locator;
  getByText(text: string | RegExp, options?: { exact?: boolean }): Locator;
  getByLabel(text: string): Locator;
  getByRole(role: string, options?: { name?: string | RegExp; exact?: boolean }): Locator;
  on(event: "console", listener: (message: ConsoleMessage) => void): void;
  off(event: "console", listener: (message: ConsoleMessage) => void): void;
  on(event: "pageerror", listener: (error: Error) => void): void;
  on(event: "request", listener: (request: { url(): string }) => void): void;
  setDefaultTimeout(milliseconds: number): void;
  screenshot(options: { path: string }): Promise<unknown>;
  close(): Promise<void>;
}

export interface Locator {
  first(): Locator;
  locator(selector: string): Locator;
  getByText(text: string | RegExp): Locator;
  getByRole(role: string, options?: { name?: string | RegExp }): Locator;
  waitFor(options?: { timeout?: number; state?: "visible" | "hidden" }): Promise<void>;
  click(): Promise<void>;
  hover(): Promise<void>;
  check(options?: { force?: boolean }): Promise<void>;
  scrollIntoViewIfNeeded(): Promise<void>;
  innerText(): Promise<string>;
  allInnerTexts(): Promise<string[]>;
  selectOption(label: string): Promise<string[]>;
  count(): Promise<number>;
  isVisible(): Promise<boolean>;
  getAttribute(name: string): Promise<string | null>;
  boundingBox(): Promise<(Size & { x: number; y: number }) | null>;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Route {
  request(): { url(): string };
  fulfill(answer: { status?: number; contentType?: string; body?: string }): Promise<void>;
}

interface ConsoleMessage {
  type(): string;
  text(): string;
  location(): { url: string };
}

interface BrowserContext {
  newPage(): Promise<Page>;
  addCookies(cookies: readonly { name: string; value: string; url: string }[]): Promise<void>;
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

/** For a machine on which much else runs. */
const timeoutMilliseconds = 60_000;

const loadOfBoard = createRequire(join(projectFolder, "board", "package.json"));

/** A real browser with a profile of its own. */
export interface Browser {
  newPage(size?: Partial<Size>): Promise<Page>;
  addCookies: BrowserContext["addCookies"];
  close(): Promise<void>;
}

export async function openBrowser(): Promise<Browser> {
  const { chromium } = loadOfBoard("playwright-core") as Playwright;
  const profile = mkdtempSync(join(tmpdir(), "glasshouse-browser-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    colorScheme: "dark",
    args: flags,
  });
  return {
    async newPage({ width = 1440, height = 1200 } = {}) {
      const page = await context.newPage();
      page.setDefaultTimeout(timeoutMilliseconds);
      await page.setViewportSize({ width, height });
      return page;
    },
    addCookies: (cookies) => context.addCookies(cookies),
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/**
 * What Chromium says of what it was loading when a network interface of the machine came or went, as one does with each
 * container.
 */
const cutOff = /ERR_NETWORK_CHANGED/;

/** Goes to an address and waits until all of the page is loaded; once more, where Chromium cut that off. */
export async function visit(page: Page, url: string): Promise<void> {
  let isCutOff = true;
  const listen = (message: ConsoleMessage) => (isCutOff ||= cutOff.test(message.text()));
  page.on("console", listen);
  for (let attempt = 1; isCutOff; attempt += 1) {
    if (attempt > 10) throw new Error(`${url} is cut off again and again`);
    isCutOff = false;
    await page.goto(url, { waitUntil: "networkidle" }).catch((error: unknown) => {
      if (!cutOff.test(String(error))) throw error;
      isCutOff = true;
    });
  }
  page.off("console", listen);
}

/** Everything that a page complains about, and what it asks of others than its own server. */
export function noteProblems(page: Page, origin: string): string[] {
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    if (cutOff.test(message.text())) return;
    problems.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => problems.push(`page error: ${error.message}`));
  page.on("request", (request) => {
    const isOwn = request.url().startsWith(origin) || request.url().startsWith("data:");
    if (!isOwn) problems.push(`a request to the outside: ${request.url()}`);
  });
  return problems;
}

/** What axe calls a serious or critical fault of accessibility, each with its elements. */
export async function findAccessibilityFaults(page: Page): Promise<string[]> {
  // A colour on its way from one theme to the other has the contrast of neither.
  await waitUntil(
    "colours that stay",
    () =>
      page.evaluate<number>(
        "document.getAnimations().filter((each) => each instanceof CSSTransition).length",
      ),
    (changing) => changing === 0,
  );
  await page.evaluate(readFileSync(loadOfBoard.resolve("axe-core/axe.min.js"), "utf8"));
  const violations = await page.evaluate<
    { id: string; impact: string; nodes: { html: string }[] }[]
  >(
    'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations.map(' +
      "({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ html }) => ({ html })) })))",
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}
