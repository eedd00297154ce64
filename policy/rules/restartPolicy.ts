import { checkContainers } from "../perOwner";
import type { Rule } from "../rule";

export const restartPolicy: Rule = {
  name: "restart-policy",
  demand: "lets the engine restart every container: `always` or `unless-stopped`",
  why: "Without it a crash, or a restart of the host, is the end of the container.",
  fix: "`components/shared/safeContainer.ts` sets it; make containers there.",
  find: (stack) =>
    checkContainers(stack, ({ restart }) => {
      if (restart === "always" || restart === "unless-stopped") return undefined;
      return {
        problem: `has the restart policy ${restart === "" ? "no" : restart}`,
        hint: "Make the container by `createSafeContainer`, which sets `always`.",
      };
    }),
};
