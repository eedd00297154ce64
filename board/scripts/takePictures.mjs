// Takes README's pictures of the dashboards page of a live stack: `npm run docs:pictures`, some minutes after requests to its apps.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const url = process.env.BOARD_URL ?? "http://127.0.0.1:3030";
const folder = join(import.meta.dirname, "../../docs/pictures");
const largestBytes = 200_000;
const pictures = {
  overview: "/d/glasshouse-overview?from=now-5m&to=now&theme=dark",
  app: "/d/glasshouse?from=now-5m&to=now&theme=dark",
  containers: "/d/glasshouse-containers?from=now-5m&to=now&theme=dark",
};

const profile = mkdtempSync(join(tmpdir(), "glasshouse-pictures-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  headless: true,
  viewport: { width: 1280, height: 860 },
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
});
try {
  mkdirSync(folder, { recursive: true });
  const page = await browser.newPage();
  for (const [name, path] of Object.entries(pictures)) {
    await page.goto(`${url}${path}`);
    await page.locator("canvas, table").first().waitFor();
    await page.waitForTimeout(3000);
    const file = join(folder, `${name}.png`);
    await page.screenshot({ path: file });
    compress(file);
    const { size } = statSync(file);
    if (size > largestBytes)
      throw new Error(`${file} has ${size} bytes, more than ${largestBytes}`);
    console.log(`${file}: ${Math.round(size / 1000)} kB`);
  }
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}

/** Fewer colours, where `pngquant` is installed; a dashboard has few. */
function compress(file) {
  try {
    execFileSync("pngquant", ["--force", "--output", file, "64", file], { stdio: "ignore" });
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
}
