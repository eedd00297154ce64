import type { HostNow } from "../facts";
import type { Note } from "../report";
import type { StackState } from "../stackState";

/** Names what runs without a health check, its own or its image's: a hang goes unnoticed. */
export function findHealthCheckNotes(
  { containers }: Pick<StackState, "containers">,
  host: Pick<HostNow, "containers">,
): Note[] {
  const unchecked = containers.filter(({ resource }) => {
    const state = host.containers[resource]?.State;
    return state?.Status === "running" && state.Health === undefined;
  });
  const owners = [...new Set(unchecked.map(({ owner }) => owner))].sort();
  return owners.map((owner) => ({
    subject: owner,
    text:
      "has no health check, so it counts as healthy while it runs, even when it hangs: give it a `healthCheck`, " +
      "or its image a HEALTHCHECK",
  }));
}
