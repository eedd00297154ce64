import type { DockerHost } from "../access/dockerHost";
import { labels } from "../labels";
import { fetchFromEngine } from "./engineRequest";

/** A volume whose content would be missed. */
export interface DataVolume {
  /** Name on the host. */
  readonly name: string;
  /** The app that it belongs to, unless it is a server's. */
  readonly app?: string;
}

export interface OtherDataVolumes {
  /** Names; an earlier version created them without labels. */
  readonly names?: readonly string[];
  /**
   * Whether all volumes of apps count. One that was created as `temporary` has no label that says otherwise when it is kept by now: the
   * engine cannot change labels. A stack that is removed has left only such ones.
   */
  readonly ofApps?: boolean;
}

interface ListedVolume {
  readonly Name: string;
  readonly Labels: Readonly<Record<string, string>> | null;
}

/**
 * The volumes with data of a stack, whether it still runs or not; sorted by name.
 *
 * @param stack labels of everything that the stack creates
 * @param others volumes that hold data as well, without a label that says so
 */
export async function listDataVolumes(
  dockerHost: DockerHost,
  stack: Readonly<Record<string, string>>,
  { names = [], ofApps = false }: OtherDataVolumes = {},
): Promise<DataVolume[]> {
  const { status, text } = await fetchFromEngine(dockerHost, "/volumes", 10);
  if (status !== 200) throw new Error(`the Docker Engine answers /volumes with ${status}: ${text}`);
  const { Volumes } = JSON.parse(text) as { readonly Volumes: readonly ListedVolume[] | null };
  const wanted = Object.entries(stack);
  return (Volumes ?? [])
    .filter(
      ({ Name, Labels }) =>
        names.includes(Name) ||
        (wanted.every(([key, value]) => Labels?.[key] === value) &&
          (Labels?.[labels.data] === "true" || (ofApps && Labels?.[labels.app] !== undefined))),
    )
    .map(({ Name: name, Labels }) => {
      const app = Labels?.[labels.app];
      return { name, ...(app !== undefined && { app }) };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
