import { listAppPorts } from "../appPorts";
import { listScrapeIntervals, longestLookBackSeconds } from "../prometheus/lookBack";
import { isPinned, parseImageReference } from "../parseImageReference";
import { listWantedServers } from "../servers/servers";
import type { Settings } from "./settings";

/** One missed scrape must fit in. */
const longestGaplessIntervalSeconds = longestLookBackSeconds / 2;

/** What is allowed but seldom meant, a sentence each. */
export function findSettingsWarnings(settings: Settings): string[] {
  return [
    ...findEngineWarnings(settings),
    ...findExposureWarnings(settings),
    ...settings.apps.flatMap((app, index) => findAppWarnings(app, `apps[${index}]`)),
    ...findIntervalWarnings(settings),
  ];
}

function findEngineWarnings({ engineMetrics: { mode, address } }: Settings): string[] {
  if (mode !== "managed" || !address.startsWith("0.0.0.0:")) return [];
  return [
    `engineMetrics.address ${address} lets other machines read the engine's metrics. ` +
      "Close the port in the firewall, or write the address of Docker's bridge, such as 172.17.0.1.",
  ];
}

function findExposureWarnings(settings: Settings): string[] {
  const published = [
    ...listWantedServers(settings).flatMap(({ path, settings: { publishAddress } }) =>
      publishAddress === undefined
        ? []
        : [{ path: `${path}.publishAddress`, address: publishAddress }],
    ),
    ...settings.apps.flatMap((app, index) =>
      listAppPorts(app).map(({ address, settings: names }) => ({
        path: `apps[${index}].${names.address}`,
        address,
      })),
    ),
  ];
  return published
    .filter(({ address }) => !address.startsWith("127."))
    .map(({ path, address }) => `${path} ${address} lets other machines in, without encryption.`);
}

function findAppWarnings({ name, image, replicas }: Settings["apps"][number], path: string) {
  const warnings: string[] = [];
  const reference = parseImageReference(image ?? "");
  if (image !== undefined && reference !== undefined && !isPinned(reference)) {
    warnings.push(
      `${path}.image ${image} names no version: what runs depends on the day. ` +
        `Write ${reference.name}:<version>, or a digest.`,
    );
  }
  if (replicas === 0) warnings.push(`${path}.replicas is 0: ${name} does not run.`);
  return warnings;
}

function findIntervalWarnings(settings: Settings): string[] {
  return listScrapeIntervals(settings).flatMap(({ path, seconds }) =>
    seconds > longestGaplessIntervalSeconds
      ? [
          `${path} ${seconds} is above ${longestGaplessIntervalSeconds}: Prometheus forgets a value after ` +
            `${longestLookBackSeconds} s, so that graphs get gaps after one missed scrape.`,
        ]
      : [],
  );
}
