import type { Commands } from "../commands";
import type { HostNow } from "../facts";
import { type Finding, type Row, weights } from "../report";
import type { StackState } from "../stackState";

/** Whether the stack's networks are there, and are the ones that were made for it. */
export function checkNetworks(
  { networks }: Pick<StackState, "networks">,
  host: Pick<HostNow, "networks">,
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
          : [found("the network was removed and made anew by somebody else")];
    return { subject: "network", detail: name, findings };
  });
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
