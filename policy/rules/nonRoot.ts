import { checkContainers } from "../perOwner";
import type { Rule } from "../rule";

export const nonRoot: Rule = {
  name: "non-root",
  demand: "runs no container as root",
  why: "Root inside is root outside for a fault of the kernel or of the engine.",
  fix: "Set `user` to another user than root, such as `65532:65532`.",
  find: (stack) =>
    checkContainers(stack, ({ owner, user }) => {
      if (!/^(|root|0+)(:.*)?$/.test(user)) return undefined;
      return {
        problem:
          user === ""
            ? "runs as the image's user, which may be root"
            : `runs as root (user ${user})`,
        hint: `Set ${owner.setting("user")} to another user.`,
      };
    }),
};
