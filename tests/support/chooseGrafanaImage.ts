import { images } from "../../config/images";
import { registryImages } from "../../cli/install/registryImages";
import { holdsImageNow } from "./holdsImageNow";
import { readTestNetwork } from "./testNetwork";

export interface GrafanaImage {
  readonly image: string;
  /** Whether it is the image that Glasshouse deploys, and not the server that was built for tests. */
  readonly isOfficial: boolean;
}

/**
 * The image that tests of Grafana run on: the official one wherever it can be had.
 *
 * @throws Error where `npm test` could not build the other one
 */
export function chooseGrafanaImage(): GrafanaImage {
  if (readTestNetwork() === "internet" || holdsImageNow(images.grafana))
    return { image: images.grafana, isOfficial: true };
  const image = registryImages.grafanaApi;
  if (holdsImageNow(image)) return { image, isOfficial: false };
  throw new Error(
    `Grafana is not tested: the engine holds neither ${images.grafana} nor ${image}. \`npm run test:e2e\` builds the ` +
      "second one first, and says why when it cannot.",
  );
}
