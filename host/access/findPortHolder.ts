import { labels } from "../labels";
import type { HostAccess } from "./hostAccess";
import type { ListedContainer } from "../docker/listContainers";

/** A TCP port at an address of the host. */
export interface HostPort {
  readonly address: string;
  readonly port: number;
}

/**
 * Who keeps a port from being published, in words for the user.
 *
 * @param ownLabels labels of the containers that may hold the port: replacing them frees it first
 * @returns undefined when the port is free
 */
export async function findPortHolder(
  host: Pick<HostAccess, "tryListening">,
  containers: readonly ListedContainer[],
  wanted: HostPort,
  ownLabels: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const holder = containers.find(({ Ports }) => Ports.some((held) => isSamePort(held, wanted)));
  if (holder !== undefined) {
    const isOwn = Object.entries(ownLabels).every(([key, value]) => holder.Labels[key] === value);
    return isOwn ? undefined : `is taken by ${describeHolder(holder)}`;
  }
  switch (await host.tryListening(wanted.address, wanted.port)) {
    case "EADDRINUSE":
      return `is taken by a program of the host, which \`ss -ltnp 'sport = :${wanted.port}'\` shows`;
    case "EADDRNOTAVAIL":
      return "is not at an address of this host; `ip address` shows those";
    default:
      // Other codes say something about this user, such as EACCES for a port below 1024; dockerd is root.
      return undefined;
  }
}

/** The container, and of another stack also whose setting has published it. */
function describeHolder({ Names: [name = ""], Labels: given }: ListedContainer): string {
  const container = name.slice(1);
  const {
    [labels.project]: project,
    [labels.stack]: stack,
    [labels.app]: app,
  } = given as Readonly<Record<string, string | undefined>>;
  if (project === undefined || stack === undefined) return `the container ${container}`;
  const part = container.slice(`${project}-${stack}-`.length);
  const setting =
    app === undefined ? `\`${part}.publishPort\`` : `\`publishPort\` of its app ${app}`;
  return `the stack ${stack} (${setting}, container ${container})`;
}

function isSamePort(
  held: { readonly IP?: string; readonly PublicPort?: number },
  wanted: HostPort,
): boolean {
  if (held.PublicPort !== wanted.port) return false;
  return held.IP === wanted.address || [held.IP, wanted.address].includes("0.0.0.0");
}
