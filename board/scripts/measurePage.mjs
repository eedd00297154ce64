// Measures the page of a live stack in Chromium, and prints what it found as JSON: `node measurePage.mjs URL REFRESHES`.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [url, refreshes] = [process.argv[2], Number(process.argv[3])];
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** Each with an empty cache. */
const loads = 5;
const timeout = 60_000;

if (!existsSync(executablePath)) {
  console.error(`there is no Chromium: ${executablePath} does not exist`);
  process.exit(1);
}

/** @param work with a page of a new browser, which has nothing in its cache */
async function withPage(work) {
  const profile = mkdtempSync(join(tmpdir(), "glasshouse-measure-"));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport: { width: 1440, height: 900 },
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
  });
  try {
    return await work(await browser.newPage(), browser);
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

/** The time since the start of the navigation at which every panel on the screen had its answer drawn. */
async function waitUntilPainted(page) {
  const painted = await page.waitForFunction(
    () => {
      const panels = [...document.querySelectorAll(".panel")].filter(
        (panel) => panel.getBoundingClientRect().top < innerHeight,
      );
      const isPainted = (panel) =>
        panel.getAttribute("aria-busy") === "false" &&
        panel.querySelector(".panel-body")?.childElementCount > 0;
      return panels.length > 0 && panels.every(isPainted) && performance.now();
    },
    undefined,
    { timeout },
  );
  return painted.jsonValue();
}

async function measureLoad() {
  return withPage(async (page) => {
    await page.goto(url);
    const milliseconds = await waitUntilPainted(page);
    const bytes = await page.evaluate(() =>
      performance
        .getEntriesByType("resource")
        .filter(({ name }) => name.endsWith(".js"))
        .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
    );
    return { seconds: milliseconds / 1000, kilobytes: bytes / 1000 };
  });
}

/** What JavaScript holds after so many refreshes, against what it held after the first few of them. */
async function measureGrowth() {
  return withPage(async (page, browser) => {
    await page.goto(`${url}/?refresh=`);
    await waitUntilPainted(page);
    const devtools = await browser.newCDPSession(page);
    const readMegabytes = async () => {
      await devtools.send("HeapProfiler.collectGarbage");
      return (await devtools.send("Runtime.getHeapUsage")).usedSize / 1024 / 1024;
    };
    const refresh = async () => {
      const answered = page.waitForResponse((response) => response.url().includes("/query"), {
        timeout,
      });
      await page.getByRole("button", { name: "Refresh", exact: true }).click();
      await answered;
      await waitUntilPainted(page);
    };
    const warmUp = Math.ceil(refreshes / 10);
    for (let count = 0; count < warmUp; count += 1) await refresh();
    const before = await readMegabytes();
    for (let count = warmUp; count < refreshes; count += 1) await refresh();
    const after = await readMegabytes();
    return { megabytes: after, grownMegabytes: after - before };
  });
}

const results = [];
for (let load = 0; load < loads; load += 1) results.push(await measureLoad());
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
console.log(
  JSON.stringify({
    paintSeconds: median(results.map(({ seconds }) => seconds)),
    scriptKilobytes: Math.max(...results.map(({ kilobytes }) => kilobytes)),
    ...(await measureGrowth()),
  }),
);
