import { hasHealthCheck } from "../dockerfile";
import { checkContainers } from "../perOwner";
import type { Rule } from "../rule";
import { findImage } from "../stackFacts";

/** What a pulled image brings is known only where it is already: the answer would depend on the host. */
export const healthCheck: Rule = {
  name: "health-check",
  demand:
    "has a health check in every container: of its own, or in the Dockerfile that it is built from",
  why:
    "Without one an update goes on to the next replica as soon as the port of the last is open, and where no port is known, " +
    "after two seconds.",
  fix:
    "Set `healthCheck`, or add `HEALTHCHECK` to the Dockerfile. For a pulled image that brings its own, say so as the " +
    "reason of an exception.",
  find: (stack) =>
    checkContainers(stack, ({ owner, resource, port, hasHealthCheck: hasOwn }) => {
      const dockerfile = findImage(stack, resource)?.dockerfile;
      if (hasOwn || (dockerfile !== undefined && hasHealthCheck(dockerfile))) return undefined;
      return {
        problem: "has no health check",
        hint:
          `Set ${owner.setting("healthCheck")}${dockerfile === undefined ? "" : ", or add `HEALTHCHECK` to its Dockerfile"}.` +
          (port === undefined ? "" : renderCommand(port)),
      };
    }),
};

/** Kernel tables say who listens: such a command needs no program that talks to the port. */
function renderCommand(port: number): string {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const look = `grep -q ':${hex} [0-9A-F:]* 0A' /proc/net/tcp /proc/net/tcp6`;
  return ` In an image without curl and wget: \`command: [sh, -c, "${look}"]\`, which looks whether port ${port} is open.`;
}
