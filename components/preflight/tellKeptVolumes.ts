import * as pulumi from "@pulumi/pulumi";
import { listVolumeNames } from "../../config/appVolumes";
import { listServerDataVolumes } from "../../config/servers/dataVolumes";
import type { Settings } from "../../config/settings/settings";
import { listDataVolumes } from "../../host/docker/listDataVolumes";
import { buildPrefix, buildStackLabels } from "../shared/deployment";

/** Tells of volumes with data that no app of the stack file has any more: they are kept, and nobody else would say that they are there. */
export async function tellKeptVolumes({
  host,
  apps,
}: Pick<Settings, "host" | "apps">): Promise<void> {
  const prefix = buildPrefix();
  const wanted = new Set([
    ...apps.flatMap((app) => listVolumeNames(app).map(({ name }) => `${prefix}-${name}`)),
    ...listServerDataVolumes(prefix),
  ]);
  const found = await listDataVolumes(host, buildStackLabels()).catch(() => []);
  for (const { name, app } of found) {
    if (wanted.has(name)) continue;
    await pulumi.log.info(
      `The volume ${name} holds data${app === undefined ? "" : ` of the app ${app}`} and is no longer in the stack file. ` +
        `It is kept; an app with that volume gets it back. To remove it for good: docker volume rm ${name}`,
    );
  }
}
