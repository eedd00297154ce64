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

interface ListedVolume {
  readonly Name: string;
  readonly Labels: Readonly<Record<string, string>> | null;
}

/**
 * The volumes with data of a stack, whether it still runs or not; sorted by name.
 *
 * @param stack labels of everything that the stack creates
 * @param unlabelled names of volumes that hold data as well: an earlier version created them without labels
 */
export async function listDataVolumes(
  dockerHost: DockerHost,
  stack: Readonly<Record<string, string>>,
  unlabelled: readonly string[],
): Promise<DataVolume[]> {
  const { status, text } = await fetchFromEngine(dockerHost, "/volumes", 10);
  if (status !== 200) throw new Error(`the Docker Engine answers /volumes with ${status}: ${text}`);
  const { Volumes } = JSON.parse(text) as { readonly Volumes: readonly ListedVolume[] | null };
  const wanted = Object.entries({ ...stack, [labels.data]: "true" });
  return (Volumes ?? [])
    .filter(
      ({ Name, Labels }) =>
        unlabelled.includes(Name) || wanted.every(([key, value]) => Labels?.[key] === value),
    )
    .map(({ Name: name, Labels }) => {
      const app = Labels?.[labels.app];
      return { name, ...(app !== undefined && { app }) };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
