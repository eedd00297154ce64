import { images } from "../../config/images";
import type { Network } from "../../cli/install/detectNetwork";
import { registryImages } from "../../cli/install/registryImages";

/** What `npm test` found out about the network before it started jest. */
export function readTestNetwork(): Network {
  const network = process.env["GLASSHOUSE_TEST_NETWORK"];
  if (network === "internet" || network === "registries") return network;
  throw new Error("GLASSHOUSE_TEST_NETWORK is not set: run `npm run test:e2e`");
}

/** The images that stand for the official ones on this network. */
export function readTestImages(): { readonly base: string; readonly prometheus: string } {
  return readTestNetwork() === "internet" ? images : registryImages;
}

/** The settings by which a stack file for this network differs from the defaults. */
export function networkSettings(): {
  builds: object;
  prometheus: object;
  alertmanager: object;
  board: object;
  dockerApi: object;
  exporters: object;
} {
  if (readTestNetwork() === "internet") {
    return {
      builds: {},
      prometheus: {},
      alertmanager: {},
      board: {},
      dockerApi: {},
      exporters: {},
    };
  }
  return {
    builds: { baseImage: registryImages.base },
    prometheus: { image: registryImages.prometheus },
    alertmanager: { image: registryImages.alertmanager },
    board: { baseImage: registryImages.caddy },
    dockerApi: { image: registryImages.haproxy },
    exporters: {
      node: { image: registryImages.nodeExporter },
      cadvisor: { image: registryImages.cadvisor },
      blackbox: { image: registryImages.blackboxExporter },
    },
  };
}
