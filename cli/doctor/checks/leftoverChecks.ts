import type { Commands } from "../commands";
import type { HostNow } from "../facts";
import { type Row, weights } from "../report";
import type { StackState } from "../stackState";

/** Things with this stack's labels that its state does not know, and helpers that killed runs left behind. */
export function checkLeftovers(
  { containers, networks }: Pick<StackState, "containers" | "networks">,
  host: Pick<HostNow, "containers" | "labelledContainers" | "labelledNetworks" | "staleHelpers">,
  { docker }: Commands,
): Row[] {
  const subject = "leftovers";
  const known = new Set([
    ...containers.map(({ id }) => id),
    ...networks.map(({ id }) => id),
    // One that took the name of a container of ours is told there.
    ...Object.values(host.containers).map((container) => container?.Id),
  ]);
  const networkNames = new Set(networks.map(({ name }) => name));
  const strangers = host.labelledContainers
    .filter(({ id }) => !known.has(id))
    .map(({ name }) => ({
      subject: name,
      problem: "a container with this stack's labels that the stack does not know",
      fix: `${docker} rm --force ${name}`,
      weight: weights.leftover,
    }));
  const strangeNetworks = host.labelledNetworks
    .filter(({ id, name }) => !known.has(id) && !networkNames.has(name))
    .map(({ name }) => ({
      subject: name,
      problem: "a network with this stack's labels that the stack does not know",
      fix: `${docker} network rm ${name}`,
      weight: weights.leftover,
    }));
  const helpers = host.staleHelpers.map(({ name }) => ({
    subject: name,
    problem: "a helper that a killed run left behind",
    fix: `${docker} rm --force ${name}`,
    weight: weights.leftover,
  }));
  return [{ subject, detail: "none", findings: [...strangers, ...strangeNetworks, ...helpers] }];
}
