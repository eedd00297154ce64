import { freeOrphans } from "../../../host/docker/networkMembers";
import { labels } from "../../../host/labels";
import type { Commands } from "../commands";
import type { HostNow } from "../facts";
import { type Finding, type Note, type Row, weights } from "../report";
import type { StackState } from "../stackState";
import { listSome } from "./listSome";

/** Whether the stack's networks are there, and are the ones that were made for it. */
export function checkNetworks(
  { networks }: Pick<StackState, "networks">,
  host: Pick<HostNow, "networks" | "networkMembers">,
  { repair }: Commands,
): Row[] {
  return networks.map(({ name, id }) => {
    const found = (problem: string): Finding => ({
      subject: name,
      problem,
      fix: repair,
      weight: weights.networkOrVolume,
    });
    const now = host.networks[name];
    const findings =
      now === undefined
        ? [found("the network is gone; its containers do not reach each other")]
        : now === id
          ? []
          : [found("the network was removed and recreated by someone else")];
    const orphans = host.networkMembers[name]?.orphans ?? [];
    if (orphans.length > 0) {
      findings.push({
        ...found(
          `the engine keeps endpoints of containers that are gone (${listSome(orphans)}), so that the network cannot be removed`,
        ),
        fix: freeOrphans,
        weight: weights.leftover,
      });
    }
    return { subject: "network", detail: name, findings };
  });
}

/** Names others' containers on the stack's networks: no fault, but the engine does not remove a network with them on it. */
export function findForeignMembers(
  { networks, containers }: Pick<StackState, "networks" | "containers">,
  host: Pick<HostNow, "networkMembers">,
  stack: string,
  { docker }: Commands,
): Note[] {
  const own = new Set(containers.map(({ id }) => id));
  return networks.flatMap(({ name: subject }) =>
    (host.networkMembers[subject]?.containers ?? [])
      .filter((member) => !own.has(member.id) && member.labels[labels.stack] !== stack)
      .map(({ name }) => ({
        subject,
        text: `${name}, which is not of this stack, is on this network; before \`npm run down\`: ${docker} network disconnect ${subject} ${name}`,
      })),
  );
}

/** Whether the stack's volumes are there. */
export function checkVolumes(
  { volumes }: Pick<StackState, "volumes">,
  host: Pick<HostNow, "volumes">,
  { repair }: Commands,
): Row[] {
  const findings = volumes
    .filter((name) => !host.volumes.includes(name))
    .map((name) => ({
      subject: name,
      problem: name.endsWith("-data")
        ? "the volume is gone, and with it its data"
        : "the volume is gone; its files can be written again",
      fix: repair,
      weight: weights.networkOrVolume,
    }));
  return [{ subject: "volumes", detail: `${volumes.length} there`, findings }];
}
