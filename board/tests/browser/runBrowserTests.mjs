// Opens the built page in Debian's Chromium, against a real Prometheus, and looks at what a person would.
//
//   BOARD_PROMETHEUS=http://127.0.0.1:9090 npm run test:browser     serves dist/ itself
//   BOARD_URL=http://localhost:8080 npm run test:browser            a page that runs already
//
// Prometheus scrapes itself as job "prometheus", and a target that is down (tests/browser/prometheus.yml).
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request as sendRequest } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { contentSecurityPolicy, serveBoard } from "./serveBoard.mjs";

const board = join(import.meta.dirname, "../..");
const axeSource = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);
const screenshots = join(import.meta.dirname, "screenshots");
/** Compressed JavaScript before the first dashboard is painted. */
const maxKilobytes = 700;
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

if (!existsSync(executablePath)) {
  console.log(`SKIPPED: ${executablePath} does not exist (set CHROMIUM). No page was looked at.`);
  process.exit(0);
}

/** What no test may see, beside what it expects. */
const problems = [];
const tests = [];
const test = (name, run) => tests.push({ name, run });

const ownServer =
  process.env.BOARD_URL === undefined
    ? await serveBoard({
        dist: join(board, "dist"),
        dashboards: join(board, "tests/fixtures/dashboards"),
        prometheusUrl: process.env.BOARD_PROMETHEUS ?? "http://127.0.0.1:9090",
      })
    : undefined;
const url = ownServer?.url ?? process.env.BOARD_URL;

mkdirSync(screenshots, { recursive: true });
const profile = mkdtempSync(join(tmpdir(), "board-chromium-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath,
  headless: true,
  viewport: { width: 1440, height: 1700 },
  colorScheme: "dark",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});

async function open(path, { width = 1440, height = 1700, expected = /(?!)/ } = {}) {
  const page = await browser.newPage();
  await page.setViewportSize({ width, height });
  const note = (text) => {
    if (!expected.test(text)) {
      problems.push(text);
    }
  };
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      note(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  page.on("pageerror", (error) => note(`page error: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith("data:")) {
      note(`a request to the outside: ${request.url()}`);
    }
  });
  await page.goto(url + path);
  return page;
}

/** Until no panel on the screen waits for an answer. */
async function settled(page) {
  await page.waitForSelector(".panel");
  await page.waitForFunction(
    () =>
      [...document.querySelectorAll(".panel")].every(
        (panel) =>
          panel.getBoundingClientRect().top > innerHeight ||
          (panel.getAttribute("aria-busy") === "false" &&
            panel.querySelector(".panel-body")?.childElementCount > 0),
      ),
    undefined,
    { timeout: 15_000 },
  );
}

const panel = (page, title) => page.getByRole("region", { name: title, exact: true });

async function findAxeFaults(page) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, { resultTypes: ["violations"] }),
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

test("draws every kind of panel", async () => {
  const page = await open("/");
  await settled(page);
  const types = await page
    .locator(".panel")
    .evaluateAll((panels) => panels.map((element) => element.dataset.panelType));
  for (const type of [
    "timeseries",
    "stat",
    "gauge",
    "bargauge",
    "table",
    "text",
    "state-timeline",
  ]) {
    assert(types.includes(type), `no panel of type ${type}`);
  }
  assert.equal(await page.locator("[data-no-data]").count(), 0, "a panel says that it has no data");
  assert.equal(await page.locator(".panel-error").count(), 0, "a panel shows an error");
  for (const graph of await page.locator("[data-panel-type=timeseries] canvas").all()) {
    const isDrawn = await graph.evaluate((canvas) =>
      canvas
        .getContext("2d")
        .getImageData(0, 0, canvas.width, canvas.height)
        .data.some((value) => value !== 0),
    );
    assert(isDrawn, "a graph is blank");
  }
  assert.match(await panel(page, "Targets down").innerText(), /[1-9]/);
  assert.match(await panel(page, "Map").innerText(), /cannot draw panels of type "nodeGraph"/);
  assert.equal(await page.evaluate(() => window.ran), undefined, "a text panel ran a script");
  await page.screenshot({ path: join(screenshots, "overview-dark.png") });
});

test("paints the first dashboard with few bytes and soon", async () => {
  const page = await open("/", { height: 900 });
  await settled(page);
  const { kilobytes, milliseconds } = await page.evaluate(() => ({
    kilobytes: performance
      .getEntriesByType("resource")
      .filter(({ name }) => name.endsWith(".js"))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize / 1000, 0),
    milliseconds: performance.now(),
  }));
  console.log(
    `      ${Math.round(kilobytes)} kB of JavaScript, painted after ${Math.round(milliseconds)} ms`,
  );
  assert(kilobytes <= maxKilobytes, `${kilobytes} kB`);
});

test("says what is empty, unmeasured, and refused", async () => {
  const page = await open("/", { expected: /status of 400/ });
  await settled(page);
  await page.getByRole("button", { name: /Edge cases/ }).click();
  await panel(page, "A broken query").scrollIntoViewIfNeeded();
  await settled(page);
  assert.match(await panel(page, "Nothing there").innerText(), /No data/);
  assert.match(await panel(page, "Nothing measured").innerText(), /Nothing was measured/);
  assert.match(await panel(page, "With noValue").innerText(), /0/);
  assert.match(await panel(page, "A broken query").innerText(), /parse error/);
});

test("zooms where a graph is dragged, and goes back", async () => {
  const page = await open("/?from=now-15m&to=now");
  await settled(page);
  const plot = await panel(page, "Memory in use").locator(".u-over").boundingBox();
  await page.mouse.move(plot.x + plot.width * 0.4, plot.y + 40);
  await page.mouse.down();
  await page.mouse.move(plot.x + plot.width * 0.8, plot.y + 50, { steps: 8 });
  await page.mouse.up();
  await page.waitForURL(/from=\d{13}&to=\d{13}/);
  const { searchParams } = new URL(page.url());
  const seconds = (searchParams.get("to") - searchParams.get("from")) / 1000;
  assert(seconds > 200 && seconds < 500, `zoomed to ${seconds} s`);
  await settled(page);
  await page.goBack();
  await page.waitForURL(/from=now-15m/);
});

test("shows a tooltip and the crosshair on all graphs", async () => {
  const page = await open("/?from=now-5m&to=now");
  await settled(page);
  const plot = await panel(page, "Memory in use").locator(".u-over").boundingBox();
  await page.mouse.move(plot.x + plot.width * 0.9, plot.y + plot.height / 2);
  await page.mouse.move(plot.x + plot.width * 0.95, plot.y + plot.height / 2);
  await page.waitForSelector(".graph-tooltip");
  assert.match(await page.locator(".graph-tooltip").first().innerText(), /resident/);
  const crosshair = panel(page, "HTTP requests").locator(".u-cursor-x");
  assert(!(await crosshair.getAttribute("style"))?.includes("-10px"), "no shared crosshair");
  await page.screenshot({ path: join(screenshots, "tooltip.png") });
});

test("changes the range and the refresh interval", async () => {
  const page = await open("/");
  await settled(page);
  await page.getByRole("button", { name: /Time range selected/ }).click();
  await page.getByText("Last 5 minutes", { exact: true }).click();
  await page.waitForURL(/from=now-5m/);
  await page.getByRole("button", { name: /refresh time interval/i }).click();
  await page.getByRole("menuitemradio", { name: "30 seconds" }).click();
  await page.waitForURL(/refresh=30s/);
});

test("filters by a variable", async () => {
  const page = await open("/");
  await settled(page);
  assert.match(await panel(page, "Is it up?").innerText(), /Down/);
  await page.locator("summary", { hasText: "Job" }).click();
  await page.getByRole("checkbox", { name: "prometheus", exact: true }).check();
  await page.waitForURL(/var-job=prometheus/);
  await page.waitForFunction(
    () =>
      !/Down/.test(
        [...document.querySelectorAll(".panel")].find((p) => p.textContent.includes("Is it up?"))
          ?.textContent ?? "",
      ),
  );
});

test("hides a series by its legend", async () => {
  const page = await open("/?refresh=");
  await settled(page);
  const legend = panel(page, "Memory in use").getByRole("button", { name: /heap/ });
  await legend.click();
  const resident = panel(page, "Memory in use").getByRole("button", { name: /resident/ });
  await page.waitForFunction(
    (button) => getComputedStyle(button).color !== "",
    await resident.elementHandle(),
  );
  await legend.click();
});

test("enlarges a panel and opens its query", async () => {
  const page = await open("/");
  await settled(page);
  await panel(page, "Memory in use").hover();
  await page.getByRole("button", { name: "Enlarge Memory in use" }).click();
  await page.waitForURL(/viewPanel=/);
  await settled(page);
  assert.equal(await page.locator(".panel").count(), 1);
  await page.getByRole("link", { name: "Open the queries of Memory in use" }).click();
  await page.waitForURL(/\/query\?/);
  await page.waitForSelector(".uplot canvas");
});

test("follows a link between dashboards", async () => {
  const page = await open("/?from=now-5m&to=now");
  await settled(page);
  await page.getByRole("navigation", { name: "Related pages" }).getByText("Second").click();
  await page.waitForURL(/\/d\/second\?from=now-5m/);
  await settled(page);
});

test("asks only for what is seen", async () => {
  if (ownServer === undefined) {
    return "skip";
  }
  ownServer.asked.length = 0;
  const page = await open("/?refresh=", { height: 420 });
  await settled(page);
  await page.waitForTimeout(500);
  const isAsked = (text) => ownServer.asked.some((path) => decodeURIComponent(path).includes(text));
  assert(isAsked("prometheus_tsdb_head_samples_appended_total"));
  assert(!isAsked("topk(6"), "asked for a panel far below");
  await panel(page, "Busiest paths").scrollIntoViewIfNeeded();
  await page.waitForTimeout(1000);
  assert(isAsked("topk(6"), "did not ask for a panel that came into sight");
});

test("tells that Prometheus is away, and comes back by itself", async () => {
  if (ownServer === undefined) {
    return "skip";
  }
  const page = await open("/", { expected: /status of 502/ });
  await settled(page);
  ownServer.setAway(true);
  await page.getByText(/Prometheus has not answered/).waitFor({ timeout: 15_000 });
  assert(await panel(page, "Memory in use").locator("canvas").isVisible(), "the graph is gone");
  await page.screenshot({
    path: join(screenshots, "away.png"),
    clip: { x: 0, y: 0, width: 1440, height: 400 },
  });
  ownServer.setAway(false);
  await page.getByText(/Prometheus has not answered/).waitFor({ state: "hidden", timeout: 15_000 });
});

test("starts while Prometheus is away", async () => {
  if (ownServer === undefined) {
    return "skip";
  }
  ownServer.setAway(true);
  const page = await open("/", { expected: /status of 502/ });
  await page.getByText(/Prometheus has not answered/).waitFor();
  ownServer.setAway(false);
  await settled(page);
});

test("shows targets that are down, with the reason", async () => {
  const page = await open("/targets");
  await page.getByRole("heading", { name: "Targets", level: 1 }).waitFor();
  const row = page.locator("tr.reason").first();
  await row.waitFor();
  assert.match(await row.innerText(), /connection refused|no such host/);
  await page.getByLabel("Only what is down").check();
  assert.equal(await page.locator(".badge-up", { hasText: /^up$/ }).count(), 0);
  await page.screenshot({
    path: join(screenshots, "targets.png"),
    clip: { x: 0, y: 0, width: 1440, height: 600 },
  });
});

test("shows alerts and their rules", async () => {
  const page = await open("/alerts");
  await page.locator("td .badge-firing").first().waitFor();
  await page.locator(".rule summary").first().click();
  assert.match(await page.locator(".rule pre").first().innerText(), /up == 0/);
});

test("shows the status of Prometheus", async () => {
  const page = await open("/status");
  await page.getByText("Series in memory").waitFor();
  assert.match(await page.locator("main").innerText(), /scrape_interval/);
});

test("completes, runs and tabulates a query", async () => {
  const page = await open("/query");
  await page.locator(".cm-content").click();
  await page.keyboard.type("prometheus_tsdb_head_ser");
  await page.locator(".cm-tooltip-autocomplete li").first().waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("prometheus_tsdb_head_series");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Shift+Enter");
  await page.waitForURL(/expr=prometheus_tsdb_head_series/);
  await page.waitForSelector(".uplot canvas");
  await page.getByRole("radio", { name: "Table" }).check({ force: true });
  await page.getByRole("cell", { name: "prometheus", exact: true }).first().waitFor();
  await page.screenshot({
    path: join(screenshots, "query.png"),
    clip: { x: 0, y: 0, width: 1440, height: 700 },
  });
});

test("is light where it is asked to be", async () => {
  const page = await open("/?theme=light");
  await settled(page);
  const color = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert(
    color
      .match(/\d+/g)
      .slice(0, 3)
      .every((part) => part > 200),
    color,
  );
  await page.screenshot({ path: join(screenshots, "overview-light.png") });
  await page.getByRole("button", { name: "Use the dark theme" }).click();
  await page.waitForURL(/theme=dark/);
  await page.evaluate(() => localStorage.clear());
});

test("fits a phone", async () => {
  const page = await open("/", { width: 390, height: 844 });
  await settled(page);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert(overflow <= 0, `${overflow} pixels too wide`);
  await page.screenshot({ path: join(screenshots, "phone.png") });
  for (const path of ["/targets", "/alerts", "/status", "/query"]) {
    const other = await open(path, { width: 390, height: 844 });
    await other.waitForSelector("h1");
    await other.waitForTimeout(800);
    const tooWide = await other.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert(tooWide <= 0, `${path} is ${tooWide} pixels too wide`);
  }
});

test("is reached by keyboard", async () => {
  const page = await open("/");
  await settled(page);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to content");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => location.hash), "#main");
});

for (const theme of ["dark", "light"]) {
  for (const path of ["/", "/targets", "/alerts", "/status", "/query?expr=up"]) {
    test(`has no serious accessibility fault: ${path} (${theme})`, async () => {
      const page = await open(`${path}${path.includes("?") ? "&" : "?"}theme=${theme}`);
      await page.waitForSelector("h1");
      await page.waitForTimeout(2000);
      assert.deepEqual(await findAxeFaults(page), []);
    });
  }
}

function ask(path, { method = "GET", headers = {} } = {}) {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const request = sendRequest({ hostname, port, path, method, headers }, (response) => {
      response.resume();
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers }));
    });
    request.on("error", reject);
    request.end();
  });
}

test("is served by a web server that refuses what the page does not need", async () => {
  if (ownServer !== undefined) {
    return "skip";
  }
  const api = "/prometheus/api/v1";
  const expected = [
    [200, "/"],
    [200, `${api}/query?query=up`],
    [200, `${api}/label/__name__/values`],
    [200, "/healthz", { headers: { Host: "anything" } }],
    [421, "/", { headers: { Host: "rebound.example" } }],
    [421, `${api}/query?query=up`, { headers: { Host: "rebound.example" } }],
    [405, `${api}/query`, { method: "POST" }],
    [405, `${api}/series`, { method: "DELETE" }],
    [403, `${api}/query?query=up`, { headers: { "Sec-Fetch-Site": "cross-site" } }],
    [404, `${api}/admin/tsdb/snapshot`],
    [404, `${api}/status/walreplay`],
    [404, `${api}/query/../../../-/reload`],
    [404, `${api}/label/a%2Fb/values`],
    [404, "/prometheus/metrics"],
    [404, "/prometheus/-/quit"],
    [404, "/dashboards/..%2f..%2fetc%2fpasswd"],
    [404, "/dashboards/"],
    [404, "/assets/missing.js"],
    [404, "/index.php"],
    [431, "/", { headers: { "X-Long": "x".repeat(50_000) } }],
  ];
  for (const [status, path, request] of expected) {
    const answer = await ask(path, request);
    assert.equal(answer.status, status, `${request?.method ?? "GET"} ${path}: ${answer.status}`);
  }
  const { headers } = await ask("/");
  assert.equal(headers["content-security-policy"], contentSecurityPolicy);
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.equal(headers.server, undefined);
});

test("says that there is no such page", async () => {
  const page = await open("/d/nothing");
  await page.getByText("No dashboard is called nothing.").waitFor();
});

let failures = 0;
const only = process.argv[2];
for (const { name, run } of tests) {
  if (only !== undefined && !name.includes(only)) {
    continue;
  }
  const start = Date.now();
  try {
    const result = await run();
    assert.deepEqual([...new Set(problems.splice(0))].slice(0, 5), []);
    console.log(
      `${result ?? "ok"}${result === undefined ? "  " : ""}  ${name} (${Date.now() - start} ms)`,
    );
  } catch (error) {
    failures += 1;
    problems.length = 0;
    console.log(`FAIL  ${name}\n      ${String(error.message).replaceAll("\n", "\n      ")}`);
  } finally {
    ownServer?.setAway(false);
    await Promise.all(
      browser
        .pages()
        .slice(1)
        .map((page) => page.close()),
    );
  }
}
await browser.close();
await ownServer?.close();
rmSync(profile, { recursive: true, force: true });
console.log(failures === 0 ? "All browser tests passed." : `${failures} browser tests failed.`);
process.exit(failures === 0 ? 0 : 1);
