import { explainCause } from "../explainCause";
import { ensureGrafanaTestImage } from "./registryImages";

/**
 * Makes ready what the tests of Grafana need on a network without its image. When that fails it is said, and the other
 * tests run; those of Grafana fail then, for want of an image.
 */
export async function prepareGrafana(): Promise<void> {
  try {
    await ensureGrafanaTestImage();
  } catch (error) {
    const { message } = error as Error;
    console.error(
      `\nThe tests of Grafana will fail, since its server cannot be built:\n${message}`,
    );
    const advice = explainCause(message);
    if (advice !== undefined) console.error(`\n${advice}`);
    console.error("");
  }
}
