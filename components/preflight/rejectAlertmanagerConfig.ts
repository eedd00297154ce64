import { randomUUID } from "node:crypto";
import type { Settings } from "../../config/settings/settings";
import { buildUserMistake } from "../../config/userMistake";
import { packFiles } from "../../host/docker/archive";
import { connectDocker } from "../../host/docker/connectDocker";
import { holdsImage } from "../../host/docker/holdsImage";
import { runToEnd } from "../../host/docker/runToEnd";
import { labels } from "../../host/labels";
import { alertmanagerCheck, readAlertmanagerFiles } from "../shared/alertmanagerFiles";
import { buildPrefix } from "../shared/deployment";

const folder = "tmp/glasshouse-check";

/**
 * Refuses a configuration of the user's own that Alertmanager would refuse. Without its image on the engine that is found out when
 * the file is to be written.
 *
 * @throws pulumi.RunError with amtool's words, before anything is touched
 */
export async function rejectAlertmanagerConfig(settings: Settings): Promise<void> {
  const { config, image } = settings.alertmanager;
  if (config === undefined || !(await holdsImage(settings.host, image))) return;
  const files = readAlertmanagerFiles(settings, buildPrefix());
  const { exitCode, output } = await runToEnd(
    await connectDocker(settings.host),
    {
      name: `${buildPrefix()}-alertmanager-check-${randomUUID().slice(0, 8)}`,
      Image: image,
      Entrypoint: alertmanagerCheck,
      User: "65534:65534",
      WorkingDir: `/${folder}`,
      Labels: { [labels.helper]: "alertmanager-check" },
      HostConfig: {
        NetworkMode: "none",
        CapDrop: ["ALL"],
        SecurityOpt: ["no-new-privileges:true"],
        PidsLimit: 50,
      },
    },
    async (container) => {
      const placed = Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]);
      const owner = { uid: 0, gid: 0, mode: 0o444 };
      await container.putArchive(
        packFiles(Object.fromEntries(placed) as Record<string, string>, owner),
        { path: "/" },
      );
    },
  );
  if (exitCode === 0) return;
  throw buildUserMistake(
    `\`amtool check-config\` refuses ${config.source}. Nothing was changed.\n${output.trim()}`,
  );
}
