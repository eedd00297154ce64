import { hasHealthCheck } from "../dockerfile";
import { checkContainers } from "../perOwner";
import type { Rule } from "../rule";
import { findImage } from "../stackFacts";

/** What a pulled image brings is known only where it is already: the answer would depend on the host. */
export const healthCheck: Rule = {
  name: "health-check",
  demand:
    "has a health check in every container: of its own, or in the Dockerfile that it is built from",
  why: "Without one an update goes on to the next replica while the last does not answer yet.",
  fix:
    "Set `healthCheck`, or add `HEALTHCHECK` to the Dockerfile. For a pulled image that brings its own, say so as the " +
    "reason of an exception.",
  find: (stack) =>
    checkContainers(stack, ({ owner, resource, hasHealthCheck: hasOwn }) => {
      const dockerfile = findImage(stack, resource)?.dockerfile;
      if (hasOwn || (dockerfile !== undefined && hasHealthCheck(dockerfile))) return undefined;
      return {
        problem: "has no health check",
        hint: `Set ${owner.setting("healthCheck")}${dockerfile === undefined ? "" : ", or add `HEALTHCHECK` to its Dockerfile"}.`,
      };
    }),
};
