import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { localDockerHost } from "../../host/access/dockerHost";
import { showStep } from "../showStep";
import { buildGo } from "./buildGo";
import { cacheFolder } from "./cacheFolder";
import { buildFrom, ensureRegistryImages, isHeld, registryImages, sources } from "./registryImages";
import { makeWorkFolder } from "./workFolder";

/** Makes cAdvisor's image where it is asked for and missing. After Pulumi's build, with which it shares most Go modules. */
export async function ensureCadvisorImage(
  names: readonly string[],
  dockerHost = localDockerHost,
): Promise<void> {
  const name = registryImages.cadvisor;
  if (!names.includes(name) || (await isHeld(name, dockerHost))) return;
  const { nodeExporter } = registryImages;
  await ensureRegistryImages([nodeExporter], dockerHost);
  const work = makeWorkFolder(cacheFolder());
  try {
    await showStep("Building cAdvisor from its Go modules (1 to 2 minutes)", () =>
      buildGo({
        module: join(sources, "cadvisor"),
        packagePath: ".",
        output: join(work, "cadvisor"),
        variables: {},
      }),
    );
    copyFileSync(join(sources, "images", "cadvisor", "Dockerfile"), join(work, "Dockerfile"));
    await buildFrom(name, work, nodeExporter, "Building an image of cAdvisor", dockerHost);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
