import type { DockerHost } from "../host/access/dockerHost";
import { explainScrapeError } from "./explainScrapeError";
import { renderTunnel } from "./renderTunnel";
import type { StackOutputs } from "./stackOutputs";
import type { Target } from "./waitForTargets";

export interface Summary {
  readonly stack: string;
  /** The stack's engine. */
  readonly dockerHost: DockerHost;
  readonly outputs: StackOutputs;
  readonly targets: readonly Target[];
  /** How `pulumi` is called from a shell: plainly, or with a line before it. */
  readonly shellHint: string | undefined;
}

/** Tells where to look and what to try next. */
export function printSummary({ stack, dockerHost, outputs, targets, shellHint }: Summary): void {
  const apps = Object.entries(outputs.appUrls).flatMap(([name, urls]) =>
    urls.map((url) => [name, url] as const),
  );
  const rows: (readonly [string, string])[] = [
    ...(outputs.boardUrl === undefined ? [] : ([["Dashboards", outputs.boardUrl]] as const)),
    ...apps,
    ["Prometheus", outputs.prometheusUrl],
    ...(outputs.alertmanagerUrl === undefined
      ? []
      : ([["Alertmanager", outputs.alertmanagerUrl]] as const)),
    ...(outputs.grafanaUrl === undefined
      ? []
      : ([
          ["Grafana", `${outputs.grafanaUrl}  (user admin)`],
          ["  its password", "pulumi stack output grafanaAdminPassword --show-secrets"],
        ] as const)),
    ...(outputs.engineMetricsAddress === undefined
      ? []
      : ([
          [
            "Docker Engine metrics",
            `http://${outputs.engineMetricsAddress.replace("0.0.0.0", "127.0.0.1")}/metrics`,
          ],
        ] as const)),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const down = targets.filter(({ health }) => health !== "up");
  console.log(
    `\nThe stack ${stack} is live: ${targets.length - down.length} of ${targets.length} scrape targets are up.`,
  );
  for (const { job, url, lastError } of down) {
    console.log(`  not up: ${job} ${url}${lastError && `: ${explainScrapeError(lastError)}`}`);
  }
  console.log();
  for (const [name, value] of rows) console.log(`  ${name.padEnd(width)}  ${value}`);
  const urls = [
    outputs.boardUrl ?? [],
    ...apps.map(([, url]) => url),
    outputs.prometheusUrl,
    outputs.alertmanagerUrl ?? [],
    outputs.grafanaUrl ?? [],
  ];
  const tunnel = renderTunnel(dockerHost, urls.flat());
  if (tunnel !== undefined) {
    console.log(
      `\nThese addresses are the host's own. To open them here, keep this running:\n\n  ${tunnel}`,
    );
  }
  if (outputs.grafanaUrl === undefined && outputs.boardUrl === undefined) {
    console.log(
      "\n  No dashboards are deployed: the stack file says `deploy: never`, or the engine does not hold Grafana's image. To add\n" +
        "  them, write `glasshouse:dashboards: board` into the stack file, or load Grafana's image (`docker load -i …`), and run\n" +
        "  `npm run up` again.",
    );
  }
  console.log("\nTry next:");
  const pages = outputs.boardUrl ?? outputs.prometheusUrl;
  // One without metrics counts nothing.
  const first = apps.find(([name]) => name in outputs.scrapeTargets)?.[1];
  if (first !== undefined) console.log(`  curl ${first}   and watch it being counted at ${pages}`);
  console.log(`  ${pages}/targets   what is scraped`);
  if (shellHint !== undefined)
    console.log(`  ${shellHint}   once in a shell, for plain \`pulumi\``);
  console.log(
    "  pulumi preview   after a change of the stack file   ·   npm run down   to remove it all\n",
  );
}
