import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as sendRequest, type IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { contentSecurityPolicy } from "../../board/server/renderWebServerConfig";
import { sampleApps } from "../../config/samples";
import { projectFolder } from "../../cli/versions";
import {
  type Browser,
  type Locator,
  type Page,
  type Route,
  findAccessibilityFaults,
  hasBrowser,
  noteProblems,
  openBrowser,
  visit,
} from "../support/browser";
import { docker } from "../support/dockerCommands";
import { emptyHere } from "../support/emptyHere";
import { findFreePorts } from "../support/freePorts";
import { PrometheusApi } from "../support/prometheusApi";
import { runCommandLine } from "../support/runCommandLine";
import { skip } from "../support/skip";
import { networkSettings } from "../support/testNetwork";
import { TestStack } from "../support/testStack";
import { waitUntil } from "../support/waitUntil";

interface Opening {
  readonly width?: number;
  readonly height?: number;
  /** Serves the dashboards of `board/tests/fixtures`, which have every kind of panel, in place of the stack's. */
  readonly withFixtures?: boolean;
  /** What the page may complain about. */
  readonly expected?: RegExp;
}

/** All panels of a dashboard at once: only those in sight are drawn. */
const tall = 6000;
const phone = { width: 390, height: 844 };
const fixtures = join(projectFolder, "board", "tests", "fixtures", "dashboards");

const dashboards = [
  ["Overview", "glasshouse-overview"],
  ["Apps", "glasshouse"],
  ["Host", "glasshouse-host"],
  ["Containers", "glasshouse-containers"],
  ["Prometheus", "glasshouse-prometheus"],
] as const;

if (hasBrowser) describe("the dashboards page, in a browser", testBoard);
else skip("the dashboards page, in a browser", "there is no Chromium on this machine");

function testBoard(): void {
  let stack: TestStack;
  let url: string;
  let prometheus: PrometheusApi;
  let visitor: NodeJS.Timeout;
  let browser: Browser;
  let opened: { page: Page; problems: string[]; expected: RegExp }[] = [];

  beforeAll(async () => {
    stack = await TestStack.create("board");
    const [board, prometheusPort, gallery] = (await findFreePorts(3)) as [number, number, number];
    url = `http://127.0.0.1:${board}`;
    prometheus = new PrometheusApi(`http://127.0.0.1:${prometheusPort}`);
    const {
      builds,
      prometheus: image,
      board: boardImage,
      exporters,
      dockerApi,
    } = networkSettings();
    stack.write({
      engineMetrics: { mode: "off" },
      builds,
      apps: sampleApps.map(({ publishPort: _, ...app }) =>
        app.name === "image-gallery" ? { ...app, publishPort: gallery } : app,
      ),
      prometheus: { ...image, publishPort: prometheusPort, scrapeIntervalSeconds: 2 },
      dashboards: "board",
      board: { ...boardImage, publishPort: board },
      exporters,
      dockerApi,
      discovery: { enabled: true },
    });
    await stack.up();
    await prometheus.waitForTargets("access-log", 3);
    await prometheus.waitForTargets("iotd-api", 1);
    for (const job of ["node", "cadvisor", "containers"]) await prometheus.waitForTargets(job, 1);
    visitor = setInterval(
      () => void fetch(`http://127.0.0.1:${gallery}/`).catch(() => undefined),
      300,
    );
    browser = await openBrowser();
  });

  afterAll(async () => {
    clearInterval(visitor);
    await browser.close();
    await stack.remove();
  });

  afterEach(async () => {
    const pages = opened;
    opened = [];
    for (const { page } of pages) await page.close();
    const unexpected = pages.flatMap(({ problems, expected }) =>
      problems.filter((problem) => !expected.test(problem)),
    );
    expect([...new Set(unexpected)].slice(0, 5)).toStrictEqual([]);
  });

  async function open(path: string, options: Opening = {}): Promise<Page> {
    const { withFixtures = false, expected = /(?!)/, ...size } = options;
    const page = await browser.newPage(size);
    opened.push({ page, problems: noteProblems(page, url), expected });
    if (withFixtures) await page.route("**/dashboards/*.json", serveFixture);
    await visit(page, url + path);
    return page;
  }

  function panelOf(page: Page, title: string): Locator {
    return page.getByRole("region", { name: title, exact: true });
  }

  describe("with everything in order", () => {
    it("lists the dashboards of the stack", async () => {
      const { dashboards: listed } = (await (
        await fetch(`${url}/dashboards/index.json`)
      ).json()) as { dashboards: { uid: string }[] };
      expect(listed.map(({ uid }) => uid)).toStrictEqual([
        ...dashboards.map(([, uid]) => uid),
        ...sampleApps.map(({ name }) => `app-${name}`),
      ]);
    });

    it("leads to each app's own dashboard, on which its replicas can be picked", async () => {
      const page = await open("/d/glasshouse?from=now-5m&to=now&refresh=5s", { height: tall });
      await page.getByRole("combobox", { name: "Apps, one by one" }).selectOption("App access-log");
      await page.waitForURL(/\/d\/app-access-log\?from=now-5m/);
      await settled(page);
      await page.locator("summary", { hasText: "Replica" }).click();
      const replicas = [1, 2, 3].map((replica) => `${stack.prefix}-access-log-${replica}`);
      const offered = () => page.locator("details label").allInnerTexts();
      await waitUntil("its replicas are offered", offered, (texts) =>
        replicas.every((name) => texts.includes(name)),
      );
      expect((await offered()).filter((text) => text.startsWith("glasshouse"))).toEqual(replicas);
      const [first = "", second = ""] = replicas;
      await page.getByRole("checkbox", { name: second, exact: true }).check();
      await page.waitForURL(/var-container=/);
      const memory = panelOf(page, "Memory of its limit");
      await waitUntil(
        "the graph has the one that is picked",
        () => memory.innerText(),
        (text) => text.includes(second) && !text.includes(first),
      );
      await lookOver(page);
    });

    it.each(dashboards)(
      "draws %s: every panel has data, with no fault of accessibility, on a phone too",
      async (_, uid) => {
        const page = await open(`/d/${uid}?from=now-5m&to=now&refresh=5s&theme=dark`, {
          height: tall,
        });
        await settled(page);
        await waitUntil(
          "data in every panel",
          () => listTitles(page, "[data-no-data]"),
          (titles) => titles.every((title) => emptyHere.test(title)),
        );
        expect(await listTitles(page, ".panel-error")).toStrictEqual([]);
        expect(await page.getByText(/cannot draw/).count()).toBe(0);
        await lookOver(page);
      },
    );

    it.each(["/targets?", "/alerts?", "/status?", "/query?expr=up&"])(
      "shows %s with no fault of accessibility, on a phone too",
      async (path) => {
        const page = await open(`${path}theme=dark`);
        await page.getByRole("heading").first().waitFor();
        await page.getByText("Loading…").waitFor({ state: "hidden" });
        if (path.startsWith("/query")) await page.locator(".uplot canvas").first().waitFor();
        await lookOver(page);
      },
    );

    it("names every target, each of them up", async () => {
      const page = await open("/targets");
      await page.getByText(/^Prometheus scrapes \d+ targets; all answer\.$/).waitFor();
      await page.getByText("3 of 3 up").waitFor();
      await page.getByLabel("Only what is down").check();
      await page.getByText("Every target is up.").waitFor();
    });

    it("paints the Overview with at most 700 kB of compressed JavaScript", async () => {
      const page = await open("/", { height: 900 });
      await settled(page);
      const bytes = await page.evaluate<number>(
        'performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(".js"))' +
          ".reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)",
      );
      expect(bytes).toBeGreaterThan(100_000);
      expect(bytes).toBeLessThanOrEqual(700_000);
    });

    it("shows the running configuration, and how much is stored", async () => {
      const page = await open("/status");
      await page.getByText("Series in memory").waitFor();
      expect(await page.locator("main").innerText()).toContain("scrape_interval: 2s");
    });

    it("completes, runs and tabulates a query", async () => {
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
      await page.locator(".uplot canvas").first().waitFor();
      await page.getByRole("radio", { name: "Table" }).check({ force: true });
      await page.getByRole("cell", { name: "prometheus", exact: true }).first().waitFor();
    });

    it("says that there is no such page", async () => {
      const page = await open("/d/nothing");
      await page.getByText("No dashboard is called nothing.").waitFor();
    });

    it("is served by a web server that refuses what the page does not need", async () => {
      const api = "/prometheus/api/v1";
      const expected: [number, string, Ask?][] = [
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
      ];
      const answers: typeof expected = [];
      for (const [, path, request = {}] of expected) {
        const { status } = await ask(url + path, request);
        answers.push(Object.keys(request).length > 0 ? [status, path, request] : [status, path]);
      }
      expect(answers).toStrictEqual(expected);
      // The server may hang up before the client has written all of it, and read the answer.
      const tooLong = ask(url, { headers: { "X-Long": "x".repeat(50_000) } });
      const answer = await tooLong.then(
        ({ status }) => status,
        () => "cut off",
      );
      expect([431, "cut off"]).toContain(answer);
      const { headers } = await ask(url, {});
      expect(headers).toMatchObject({
        "content-security-policy": contentSecurityPolicy,
        "x-content-type-options": "nosniff",
      });
      expect(headers).not.toHaveProperty("server");
    });
  });

  it("is opened by `npm run open` in the user's browser", async () => {
    const folder = mkdtempSync(join(tmpdir(), "glasshouse-open-"));
    try {
      const opened = join(folder, "opened");
      for (const opener of ["xdg-open", "open"]) {
        const script = `#!/bin/sh\necho "$@" > ${opened}\n`;
        writeFileSync(join(folder, opener), script, { mode: 0o755 });
      }
      const path = [folder, stack.session.env["PATH"]].join(delimiter);
      const { exitCode, stdout } = await runCommandLine(stack, "open", { PATH: path });
      expect(exitCode).toBe(0);
      expect(stdout).toContain(url);
      expect(readFileSync(opened, "utf8")).toBe(`${url}\n`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  describe("with an app and a replica that stopped", () => {
    beforeAll(async () => {
      await docker("stop", `${stack.prefix}-iotd-1`, `${stack.prefix}-access-log-3`);
      await waitUntil(
        "iotd is down, and a replica is gone",
        () => prometheus.readTargets(),
        (targets) =>
          targets.some(
            ({ scrapePool, health }) => scrapePool === "iotd-api" && health === "down",
          ) && targets.filter(({ scrapePool }) => scrapePool === "access-log").length === 2,
      );
    });

    it("shows on Targets what is down, with the reason, and which replica is missing", async () => {
      const page = await open("/targets");
      await page.getByText(/targets; 1 is down, 1 is missing\.$/).waitFor();
      await page.getByLabel("Only what is down").check();
      await page.getByText("2 of 3 up").waitFor();
      await page.getByText("One replica is not on the network").waitFor();
      const reason = page.getByRole("region", { name: "Targets of iotd-api" }).locator(".reason");
      expect(await reason.innerText()).toMatch(
        /no such host|misbehaving|refused|no route to host|deadline exceeded/,
      );
      expect(await page.locator(".badge-up", { hasText: /^up$/ }).count()).toBe(0);
    });

    it("tells the same in one screen of `npm run status`, with the busiest containers", async () => {
      const { exitCode, stdout } = await runCommandLine(stack, "status");
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/✗ access-log +2 of 3 up/);
      expect(stdout).toMatch(/✗ iotd-api +0 of 1 up {3}\S/);
      expect(stdout).toMatch(/✓ image-gallery +1 of 1 up/);
      expect(stdout).toMatch(/% CPU +\d+ MiB +glasshouse-/);
      expect(stdout.trimEnd().split("\n").length).toBeLessThan(30);
    });

    it("shows on Alerts what fires or is about to, and the query of each rule", async () => {
      const page = await open("/alerts");
      await page.locator("td .badge-pending, td .badge-firing").first().waitFor();
      const rule = page.locator(".rule").first();
      await rule.locator("summary").click();
      expect(await rule.locator("pre").innerText()).not.toBe("");
    });
  });

  describe("with a dashboard that has every kind of panel", () => {
    const openFixtures = (path: string, options: Opening = {}) =>
      open(path, { height: 1700, withFixtures: true, ...options });

    it("draws each kind, and names what it cannot draw", async () => {
      const page = await openFixtures("/");
      await settled(page);
      const types = await page.evaluate<string[]>(
        '[...document.querySelectorAll(".panel")].map(({ dataset }) => dataset.panelType)',
      );
      expect(types).toEqual(
        expect.arrayContaining([
          ...["timeseries", "stat", "gauge", "bargauge", "table", "text", "state-timeline"],
        ]),
      );
      expect(await listTitles(page, "[data-no-data]")).toStrictEqual([]);
      expect(await listTitles(page, ".panel-error")).toStrictEqual([]);
      await waitUntil(
        "a line in every graph",
        () =>
          page.evaluate<boolean[]>(
            `[...document.querySelectorAll("[data-panel-type=timeseries] canvas")].map((canvas) =>
               canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
                 .some((value) => value !== 0))`,
          ),
        (drawn) => drawn.length > 0 && drawn.every(Boolean),
      );
      expect(await panelOf(page, "Targets down").innerText()).toMatch(/[1-9]/);
      expect(await panelOf(page, "Map").innerText()).toContain(
        'cannot draw panels of type "nodeGraph"',
      );
      expect(await page.evaluate("typeof window.ran")).toBe("undefined");
    });

    it("says what is empty, unmeasured, and refused", async () => {
      const page = await openFixtures("/", { expected: /status of 400/ });
      await settled(page);
      await page.getByRole("button", { name: /Edge cases/ }).click();
      await panelOf(page, "A broken query").scrollIntoViewIfNeeded();
      await settled(page);
      const says = (title: string, text: string) =>
        panelOf(page, title).getByText(text).first().waitFor();
      await says("Nothing there", "No data");
      await says("Nothing measured", "Nothing was measured");
      await says("With noValue", "0");
      await says("A broken query", "parse error");
    });

    it("zooms where a graph is dragged, and goes back", async () => {
      const page = await openFixtures("/?from=now-15m&to=now");
      await settled(page);
      const plot = await boxOf(panelOf(page, "Memory in use").locator(".u-over"));
      await page.mouse.move(plot.x + plot.width * 0.4, plot.y + 40);
      await page.mouse.down();
      await page.mouse.move(plot.x + plot.width * 0.8, plot.y + 50, { steps: 8 });
      await page.mouse.up();
      await page.waitForURL(/from=\d{13}&to=\d{13}/);
      const { searchParams } = new URL(page.url());
      const seconds = (Number(searchParams.get("to")) - Number(searchParams.get("from"))) / 1000;
      expect(seconds).toBeGreaterThan(200);
      expect(seconds).toBeLessThan(500);
      await page.goBack();
      await page.waitForURL(/from=now-15m/);
    });

    it("shows a tooltip, and the crosshair on all graphs", async () => {
      const page = await openFixtures("/?from=now-5m&to=now&refresh=");
      await settled(page);
      const plot = await boxOf(panelOf(page, "Memory in use").locator(".u-over"));
      await page.mouse.move(plot.x + plot.width * 0.9, plot.y + plot.height / 2);
      await page.mouse.move(plot.x + plot.width * 0.95, plot.y + plot.height / 2);
      const tooltip = page.locator(".graph-tooltip").first();
      await tooltip.waitFor();
      expect(await tooltip.innerText()).toContain("resident");
      const crosshair = panelOf(page, "HTTP requests").locator(".u-cursor-x");
      await waitUntil(
        "the crosshair on another graph",
        () => crosshair.getAttribute("style"),
        (style) => style !== null && !style.includes("-10px"),
      );
    });

    it("changes the range and the refresh interval", async () => {
      const page = await openFixtures("/");
      await settled(page);
      await page.getByRole("button", { name: /Time range selected/ }).click();
      await page.getByText("Last 5 minutes", { exact: true }).click();
      await page.waitForURL(/from=now-5m/);
      await page.getByRole("button", { name: /refresh time interval/i }).click();
      await page.getByRole("menuitemradio", { name: "30 seconds" }).click();
      await page.waitForURL(/refresh=30s/);
    });

    it("filters by a variable", async () => {
      const page = await openFixtures("/");
      await settled(page);
      const panel = panelOf(page, "Is it up?");
      await panel.getByText("Down").first().waitFor();
      await page.locator("summary", { hasText: "Job" }).click();
      await page.getByRole("checkbox", { name: "prometheus", exact: true }).check();
      await page.waitForURL(/var-job=prometheus/);
      await panel.getByText("Down").first().waitFor({ state: "hidden" });
      await panel.getByText("Up").first().waitFor();
    });

    it("shows one series alone by a click on its legend", async () => {
      const page = await openFixtures("/?refresh=");
      await settled(page);
      const readColors = () =>
        page.evaluate<string[]>(
          `[...document.querySelectorAll(".panel button")]
             .filter(({ textContent }) => /heap|resident/.test(textContent))
             .map((button) => getComputedStyle(button).color)`,
        );
      await panelOf(page, "Memory in use").getByRole("button", { name: /heap/ }).first().click();
      await waitUntil(
        "the other series' name is dimmed",
        readColors,
        (colors) => new Set(colors).size === 2,
      );
    });

    it("enlarges a panel and opens its query", async () => {
      const page = await openFixtures("/");
      await settled(page);
      await panelOf(page, "Memory in use").hover();
      await page.getByRole("button", { name: "Enlarge Memory in use" }).click();
      await page.waitForURL(/viewPanel=/);
      await waitUntil(
        "one panel",
        () => page.locator(".panel").count(),
        (count) => count === 1,
      );
      await page.getByRole("link", { name: "Open the queries of Memory in use" }).click();
      await page.waitForURL(/\/query\?/);
      await page.locator(".uplot canvas").first().waitFor();
    });

    it("follows a link between dashboards", async () => {
      const page = await openFixtures("/?from=now-5m&to=now");
      await settled(page);
      await page.getByRole("navigation", { name: "Related pages" }).getByText("Second").click();
      await page.waitForURL(/\/d\/second\?from=now-5m/);
      await settled(page);
    });

    it("asks only for what is seen", async () => {
      const page = await browser.newPage({ height: 420 });
      opened.push({ page, problems: noteProblems(page, url), expected: /(?!)/ });
      await page.route("**/dashboards/*.json", serveFixture);
      const asked: string[] = [];
      page.on("request", (request) => asked.push(decodeURIComponent(request.url())));
      const isAsked = (text: string) => asked.some((address) => address.includes(text));
      await visit(page, `${url}/?refresh=`);
      await settled(page);
      expect(isAsked("prometheus_tsdb_head_samples_appended_total")).toBe(true);
      expect(isAsked("topk(6")).toBe(false);
      await panelOf(page, "Busiest paths").scrollIntoViewIfNeeded();
      await waitUntil(
        "the query of a panel that came into sight",
        async () => isAsked("topk(6"),
        Boolean,
      );
    });

    it("is light or dark, as one likes it", async () => {
      const page = await openFixtures("/?theme=light");
      await settled(page);
      const readBrightness = async () => {
        const color = await page.evaluate<string>(
          "getComputedStyle(document.body).backgroundColor",
        );
        return Math.max(...color.match(/\d+/g)!.slice(0, 3).map(Number));
      };
      expect(await readBrightness()).toBeGreaterThan(200);
      await page.getByRole("button", { name: "Use the dark theme" }).click();
      await page.waitForURL(/theme=dark/);
      await waitUntil("dark colours", readBrightness, (brightness) => brightness < 60);
    });

    it("is reached by keyboard", async () => {
      const page = await openFixtures("/");
      await settled(page);
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to content");
      await page.keyboard.press("Enter");
      expect(await page.evaluate("location.hash")).toBe("#main");
    });
  });

  describe("while Prometheus is away", () => {
    it("keeps what it shows and says so, also to who comes only then, and is back by itself", async () => {
      const expected = /status of 50\d/;
      const options = { expected, withFixtures: true };
      const page = await open("/", options);
      await settled(page);
      await docker("stop", `${stack.prefix}-prometheus`);
      await page.getByText(/Prometheus has not answered/).waitFor();
      expect(await panelOf(page, "Memory in use").locator("canvas").first().isVisible()).toBe(true);
      const late = await open("/targets", options);
      await late.getByText(/Prometheus has not answered/).waitFor();
      await docker("start", `${stack.prefix}-prometheus`);
      for (const each of [page, late]) {
        await each.getByText(/Prometheus has not answered/).waitFor({ state: "hidden" });
      }
      await late.getByText(/^Prometheus scrapes \d+ targets/).waitFor();
    });
  });
}

async function serveFixture(route: Route): Promise<void> {
  const file = basename(new URL(route.request().url()).pathname);
  const body = readFileSync(join(fixtures, file), "utf8");
  await route.fulfill({ contentType: "application/json", body });
}

/** Until no panel on the screen waits for an answer. */
async function settled(page: Page): Promise<void> {
  await page.locator(".panel").first().waitFor();
  await waitUntil(
    "an answer in every panel on the screen",
    () =>
      page.evaluate<string[]>(
        `[...document.querySelectorAll(".panel")]
           .filter((panel) => panel.getBoundingClientRect().top <= innerHeight &&
             (panel.getAttribute("aria-busy") !== "false" ||
               !(panel.querySelector(".panel-body")?.childElementCount > 0)))
           .map((panel) => panel.querySelector("h3")?.textContent ?? "")`,
      ),
    (waiting) => waiting.length === 0,
  );
}

/** The titles of the panels that hold such an element. */
async function listTitles(page: Page, selector: string): Promise<string[]> {
  return page.evaluate<string[]>(
    `[...document.querySelectorAll(".panel:has(${selector}) h3")].map(({ textContent }) => textContent)`,
  );
}

async function boxOf(locator: Locator) {
  const box = await locator.boundingBox();
  if (box === null) throw new Error("it is not on the screen");
  return box;
}

/** What holds for every page, whatever it shows, once it was opened in the dark theme. */
async function lookOver(page: Page): Promise<void> {
  expect(await findAccessibilityFaults(page)).toStrictEqual([]);
  await page.getByRole("button", { name: "Use the light theme" }).click();
  await page.waitForURL(/theme=light/);
  expect(await findAccessibilityFaults(page)).toStrictEqual([]);
  await page.setViewportSize(phone);
  await waitUntil(
    "nothing wider than a phone",
    () => page.evaluate<number>("document.documentElement.scrollWidth - innerWidth"),
    (excess) => excess <= 0,
  );
}

interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request as it is written, unlike `fetch`, which tidies addresses and chooses the Host header. */
function ask(address: string, { method = "GET", headers = {} }: Ask) {
  const [, host = "", port, path] = /^http:\/\/([\d.]+):(\d+)(.*)$/.exec(address) ?? [];
  return new Promise<{ status: number; headers: IncomingHttpHeaders }>((resolve, reject) => {
    const request = sendRequest({ host, port, path: path || "/", method, headers }, (response) => {
      response.resume();
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers }),
      );
    });
    request.on("error", reject);
    request.end();
  });
}
