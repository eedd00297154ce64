import type { EngineLocation } from "./engineLocation";

interface ListedContainer {
  readonly Id: string;
}

interface InspectedContainer {
  readonly Name: string;
  readonly HostConfig?: { readonly AutoRemove?: boolean };
}

/**
 * Names of running containers that do not survive a restart even with live-restore: engines before 24.0.8 remove those
 * that were started with `--rm` (moby#46857).
 */
export async function readLostContainers(
  location: EngineLocation,
  version: string | undefined,
): Promise<readonly string[]> {
  if (!isBefore(version, [24, 0, 8])) return [];
  const listed = await readJson<readonly ListedContainer[]>(location, "/containers/json");
  const containers = await Promise.all(
    (listed ?? []).map(({ Id }) =>
      readJson<InspectedContainer>(location, `/containers/${Id}/json`),
    ),
  );
  return containers
    .flatMap((found) => (found?.HostConfig?.AutoRemove === true ? [found.Name.slice(1)] : []))
    .sort();
}

async function readJson<T>(
  { host, socketPath }: EngineLocation,
  path: string,
): Promise<T | undefined> {
  const url = `http://localhost${path}`;
  const { status, text } = await host.fetchText({ url, socketPath, timeoutSeconds: 10 });
  // A container may have ended since the listing.
  return status === 200 ? (JSON.parse(text) as T) : undefined;
}

function isBefore(version: string | undefined, limit: readonly number[]): boolean {
  const numbers = /^(\d+)\.(\d+)\.(\d+)/
    .exec(version ?? "")
    ?.slice(1)
    .map(Number);
  if (numbers === undefined) return false;
  for (const [index, number] of numbers.entries()) {
    const bound = limit[index] ?? 0;
    if (number !== bound) return number < bound;
  }
  return false;
}
