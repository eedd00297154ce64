import { servers } from "./servers";

/** Names of the servers' volumes that hold data, of a stack whose names start with the prefix. */
export function listServerDataVolumes(prefix: string): string[] {
  return servers.flatMap(({ name, volumes }) =>
    volumes.filter(({ holdsData }) => holdsData).map(({ role }) => `${prefix}-${name}-${role}`),
  );
}
