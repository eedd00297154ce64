import { checkContainers } from "../perOwner";
import type { Rule } from "../rule";

export const loopbackOnly: Rule = {
  name: "loopback-only",
  demand: "publishes ports on the host's loopback address only",
  why: "Docker's published ports pass by the host's firewall, are not encrypted, and Prometheus has no log-in.",
  fix: "Leave `publishAddress` at `127.0.0.1` and tunnel (`ssh -L`), or put a proxy with TLS and a log-in before it.",
  find: (stack) =>
    checkContainers(stack, ({ owner, inSwarm, publishAddresses }) => {
      const open = publishAddresses.find((address) => !/^(127\.|::1$)/.test(address));
      if (open === undefined) return undefined;
      return {
        problem: `is published on ${open || "every address"}, which other machines reach`,
        hint: inSwarm
          ? `A Swarm publishes on every address: leave out ${owner.setting("publishPort")}.`
          : `Set ${owner.setting("publishAddress")} to 127.0.0.1.`,
      };
    }),
};
