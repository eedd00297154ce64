import type { Server } from "../../config/servers/server";
import { labels } from "../../host/labels";
import type { VolumeInputs } from "../../resources/volume/inputs";
import type { Deployment } from "./deployment";

/** A volume of a server, by the role that its descriptor gives it. */
export function buildServerVolume(
  { dockerHost, prefix, labels: stackLabels }: Deployment,
  { name, volumes }: Pick<Server, "name" | "volumes">,
  role: string,
): VolumeInputs {
  const holdsData = volumes.some((volume) => volume.role === role && volume.holdsData);
  return {
    dockerHost,
    name: `${prefix}-${name}-${role}`,
    ...(holdsData && { holdsData }),
    labels: {
      ...stackLabels,
      [labels.volume]: `${name}-${role}`,
      ...(holdsData && { [labels.data]: "true" }),
    },
  };
}
