import { sampleApps } from "../../config/samples";
import {
  type Browser,
  type Page,
  hasBrowser,
  noteProblems,
  openBrowser,
  visit,
} from "../support/browser";
import { findFreePorts } from "../support/freePorts";
import { PrometheusApi } from "../support/prometheusApi";
import { skip } from "../support/skip";
import { networkSettings } from "../support/testNetwork";
import { TestStack } from "../support/testStack";

if (hasBrowser) describe("the dashboards page, in a browser", testPage);
else skip("the dashboards page, in a browser", "there is no Chromium on this machine");

function testPage(): void {
  const visits = 7;
  let stack: TestStack;
  let pageUrl: string;
  let browser: Browser;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    stack = await TestStack.create("page");
    const [board, prometheus, gallery] = (await findFreePorts(3)) as [number, number, number];
    pageUrl = `http://127.0.0.1:${board}`;
    const { builds, prometheus: image, board: boardImage } = networkSettings();
    stack.write({
      engineMetrics: { mode: "off" },
      builds,
      apps: sampleApps.map(({ publishPort: _, ...app }) =>
        app.name === "image-gallery" ? { ...app, publishPort: gallery } : app,
      ),
      prometheus: { ...image, publishPort: prometheus, scrapeIntervalSeconds: 2 },
      dashboards: "board",
      board: { ...boardImage, publishPort: board },
    });
    await stack.up();
    const api = new PrometheusApi(`http://127.0.0.1:${prometheus}`);
    await api.waitForTargets("access-log", 3);
    for (let sent = 0; sent < visits; sent += 1) await fetch(`http://127.0.0.1:${gallery}/`);
    await api.waitForFreshScrapes();
    browser = await openBrowser();
    page = await browser.newPage();
    problems = noteProblems(page, pageUrl);
  });

  afterAll(async () => {
    await browser.close();
    await stack.remove();
  });

  it("shows the number of visits that the app counted", async () => {
    const query = 'sum(image_gallery_requests_total{code="200"})';
    // The table shows the value of this moment; a graph ends with its last whole step.
    await visit(page, `${pageUrl}/query?expr=${encodeURIComponent(query)}&view=table`);
    await page.getByText(String(visits), { exact: true }).first().waitFor();
  });

  it("draws the dashboards, without an error in the browser", async () => {
    await visit(page, `${pageUrl}/`);
    await page.getByText("Firing alerts").first().waitFor();
    await visit(page, `${pageUrl}/d/glasshouse`);
    await page.getByText("Image Gallery (image-gallery)").first().waitFor();
    await page.locator("canvas").first().waitFor();
    expect(problems).toStrictEqual([]);
  });

  it("names every target, each of them up", async () => {
    await visit(page, `${pageUrl}/targets`);
    await page.getByText("3 of 3 up").first().waitFor();
  });

  it("hands on nothing that changes Prometheus, and nothing to other names", async () => {
    const ask = (path: string, init: RequestInit = {}) =>
      fetch(`${pageUrl}${path}`, init).then(({ status }) => status);
    expect(await ask("/prometheus/api/v1/query?query=up")).toBe(200);
    expect(await ask("/prometheus/api/v1/query?query=up", { method: "POST" })).toBe(405);
    expect(await ask("/prometheus/-/reload", { method: "POST" })).not.toBe(200);
    expect(await ask("/prometheus/api/v1/admin/tsdb/snapshot")).toBe(404);
  });
}
