import { z } from "zod";
import { images } from "../images";
import { decimalNumber, dockerName, imageReference, wholeNumber } from "./rules";

/** @param image what the internet has; networks without it name their own */
function exporter(image: string, what: string, memoryMb: number) {
  return z.strictObject({
    deploy: z.boolean().default(true).describe(`Whether ${what} is deployed`),
    ...container(image, memoryMb),
  });
}

function container(image: string, memoryMb: number) {
  return {
    image: imageReference.default(image).describe("Image reference"),
    memoryMb: wholeNumber(16, 1_048_576).default(memoryMb).describe("Memory limit in MiB"),
    cpus: decimalNumber(0.01, 1024).default(0.5).describe("CPU limit in cores"),
  };
}

/** What makes the host and its containers visible, beside what apps expose by themselves. */
export const exporterSettings = z.strictObject({
  node: exporter(images.nodeExporter, "node-exporter, which measures the host,", 64)
    .prefault({})
    .describe("The host: processors, memory, disks, network"),
  cadvisor: exporter(images.cadvisor, "cAdvisor, which measures every container of the host,", 128)
    .prefault({})
    .describe("All containers of the host: processor time, memory, network, disk"),
  blackbox: z
    .strictObject(container(images.blackboxExporter, 64))
    .prefault({})
    .describe("blackbox-exporter, which asks the URLs of `probes`; deployed where there are any"),
});

/** The filtering proxy of the engine's API. */
export const dockerApiSettings = z.strictObject({
  image: imageReference.default(images.haproxy).describe("Image reference of HAProxy"),
  socketGroup: wholeNumber(0, 4_294_967_294)
    .optional()
    .describe(
      "Group id that the engine's socket belongs to. Default: looked up on the host; needed for `tcp://` hosts only",
    ),
  memoryMb: wholeNumber(16, 1_048_576).default(48).describe("Memory limit in MiB"),
  cpus: decimalNumber(0.01, 1024).default(0.5).describe("CPU limit in cores"),
});

/** Containers of the host that ask to be scraped by their labels. */
export const discoverySettings = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe(
      'Whether all containers of the host that carry the label `prometheus.io/scrape: "true"` are scraped',
    ),
  networks: z
    .array(dockerName)
    .default([])
    .describe(
      "Networks that Prometheus joins to reach them, such as compose's `shop_default`. A container is scraped on the " +
        "stack's own network and on these. `compose down` of a joined network's owner fails while Prometheus is on it",
    ),
  refreshSeconds: wholeNumber(1, 3600)
    .default(15)
    .describe("Seconds until a container that starts or ends is noticed"),
});
