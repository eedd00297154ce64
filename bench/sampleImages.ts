import { join } from "node:path";
import { hashBuildFolder } from "../host/build/hashBuildFolder";
import type { AppSettingsInput } from "../config/settings/appSettings";
import { sampleApps } from "../config/samples";
import { run, runOrReject } from "../cli/run";
import { showStep } from "../cli/showStep";
import { projectFolder } from "../cli/versions";

/** Repository of the images that the bench builds; they stay, so that the next run need not build them again. */
const imageRepository = "glasshouse-bench";

/** The chapter's apps with images that are built beforehand, so that every tool deploys the very same. */
export async function prepareSampleApps(baseImage: string): Promise<AppSettingsInput[]> {
  const apps: AppSettingsInput[] = [];
  for (const { build, ...app } of sampleApps) {
    if (build === undefined) throw new Error(`the sample ${app.name} has no build folder`);
    const buildArgs = { BASE_IMAGE: baseImage };
    const context = join(projectFolder, build.context);
    const hash = hashBuildFolder(context, { dockerfile: "Dockerfile", buildArgs });
    const image = `${imageRepository}/${app.name}:${hash}`;
    await ensureImage(image, context, baseImage);
    apps.push({ ...app, image });
  }
  return apps;
}

async function ensureImage(image: string, context: string, baseImage: string): Promise<void> {
  if ((await run(["docker", "image", "inspect", image])).exitCode === 0) return;
  await showStep(`Building ${image} (up to 4 minutes)`, () =>
    runOrReject([
      ...["docker", "build", "--build-arg", `BASE_IMAGE=${baseImage}`, "--tag", image],
      ...["--force-rm", context],
    ]),
  );
}
