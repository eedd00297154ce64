import type { NewVolumeContent } from "../../host/docker/prepareVolume";
import type { ImmutableResource } from "../immutableResource";

export interface VolumeInputs extends ImmutableResource {
  /** Whether what is in it would be missed: such a volume stays on the host when its resource goes. */
  readonly holdsData?: boolean;
  /** How `npm run backup` copies it; see the setting `volumes[].backup`. Default: `stop` */
  readonly backup?: string;
  /** Labels that a new volume gets; the engine cannot change those of one that is there. */
  readonly labels?: Record<string, string>;
  /** What a new volume starts with, and who owns it. Default: it is empty, and root's */
  readonly content?: NewVolumeContent;
}
