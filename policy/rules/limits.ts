import { checkContainers } from "../perOwner";
import type { Rule } from "../rule";

export const limits: Rule = {
  name: "limits",
  demand: "limits memory, CPU and processes of every container",
  why: "One container without a limit takes the whole host down with it.",
  fix: "Set `memoryMb`, `cpus` and `pids`.",
  find: (stack) =>
    checkContainers(stack, ({ owner, memoryMb, cpus, pids }) => {
      const limited = { memoryMb, cpus, pids };
      const missing = Object.entries(limited).flatMap(([name, value]) => (value > 0 ? [] : [name]));
      if (missing.length === 0) return undefined;
      return {
        problem: `has no limit of ${missing.join(", ")}`,
        hint: `Set ${owner.setting(missing.join("`, `"))}.`,
      };
    }),
};
