import { join } from "node:path";
import { sampleApps } from "../../config/samples";
import { runOrReject } from "../../cli/run";
import { projectFolder } from "../../cli/versions";
import { hasBrowser } from "../support/browser";
import { findFreePorts } from "../support/freePorts";
import { PrometheusApi } from "../support/prometheusApi";
import { skip } from "../support/skip";
import { networkSettings } from "../support/testNetwork";
import { TestStack } from "../support/testStack";

const name = "the dashboards page keeps its memory over an hour's worth of refreshing";

/** One every 5 s, done one after the other here. */
const refreshes = 720;

if (!hasBrowser) skip(name, "there is no Chromium on this machine");
else
  it(
    name,
    async () => {
      const stack = await TestStack.create("page-memory");
      try {
        const [board, prometheus] = (await findFreePorts(2)) as [number, number];
        const { builds, prometheus: image, board: boardImage } = networkSettings();
        stack.write({
          engineMetrics: { mode: "off" },
          builds,
          apps: sampleApps.map(({ publishPort: _, ...app }) => app),
          prometheus: { ...image, publishPort: prometheus, scrapeIntervalSeconds: 2 },
          dashboards: "board",
          board: { ...boardImage, publishPort: board },
        });
        await stack.up();
        await new PrometheusApi(`http://127.0.0.1:${prometheus}`).waitForTargets("access-log", 3);
        const script = join(projectFolder, "board", "scripts", "measurePage.mjs");
        const url = `http://127.0.0.1:${board}`;
        const measured = await runOrReject([process.execPath, script, url, String(refreshes)]);
        console.log(measured);
        const { grownMegabytes } = JSON.parse(measured) as { grownMegabytes: number };
        expect(grownMegabytes).toBeLessThan(5);
      } finally {
        await stack.remove();
      }
    },
    3_600_000,
  );
