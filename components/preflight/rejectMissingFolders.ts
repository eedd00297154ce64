import type { Settings } from "../../config/settings/settings";
import { buildUserMistake } from "../../config/userMistake";
import { parseDockerHost } from "../../host/access/dockerHost";
import { openHost } from "../../host/access/openHost";

/**
 * Refuses folders that Prometheus would be given and that are not on the host: the engine would refuse its new container when the
 * old one is gone already. Of a `tcp://` host only the engine's API is reached.
 *
 * @throws pulumi.RunError with every such folder, before anything is touched
 */
export async function rejectMissingFolders({
  host,
  scrapeJobs,
}: Pick<Settings, "host" | "scrapeJobs">): Promise<void> {
  if (parseDockerHost(host).kind === "tcp") return;
  const missing = await Promise.all(
    scrapeJobs.map(async ({ targetsFolder }, index) => {
      if (targetsFolder === undefined) return [];
      const { exitCode } = await openHost(host).run(["test", "-d", targetsFolder]);
      return exitCode === 0
        ? []
        : [`  scrapeJobs[${index}].targetsFolder: ${targetsFolder} is no folder on the host`];
    }),
  );
  const lines = missing.flat();
  if (lines.length === 0) return;
  throw buildUserMistake(
    ["Some folders that list targets are missing. Nothing was changed.", ...lines].join("\n"),
  );
}
