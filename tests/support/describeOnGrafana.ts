import { images } from "../../config/images";
import { holdsImageNow } from "./holdsImageNow";
import { skip } from "./skip";
import { readTestNetwork } from "./testNetwork";

/** Tests that need Grafana's own image, where the engine holds it or can pull it; elsewhere they are skipped loudly. */
export function describeOnGrafana(name: string, tests: () => void): void {
  if (readTestNetwork() === "internet" || holdsImageNow(images.grafana)) describe(name, tests);
  else {
    const reason = `the engine does not hold ${images.grafana} and this network has no image registry`;
    skip(name, `${reason}: \`docker load\` it, and run the tests again`);
  }
}
