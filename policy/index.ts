import { PolicyPack, type PolicyResource, type StackValidationPolicy } from "@pulumi/policy";
import { checkRule, listUnusedExceptions, renderViolation } from "./checkRule";
import { readStackFacts } from "./readStackFacts";
import type { Rule } from "./rule";
import { rules } from "./rules";
import { leaveOutLeaving, type StackFacts } from "./stackFacts";

// All rules look at the stack as a whole, at the end of a preview: some need several resources, and all need the
// exceptions, which come with the stack's outputs.
new PolicyPack("glasshouse", {
  enforcementLevel: "mandatory",
  policies: [...rules.map(buildPolicy), buildExceptionsPolicy()],
});

function buildPolicy(rule: Rule): StackValidationPolicy {
  return {
    name: rule.name,
    description: `A stack ${rule.demand}. ${rule.why}`,
    remediationSteps: rule.fix,
    validateStack: ({ resources }, reportViolation) => {
      for (const violation of checkRule(rule, readStaying(resources))) {
        reportViolation(renderViolation(rule, violation), violation.urn);
      }
    },
  };
}

function buildExceptionsPolicy(): StackValidationPolicy {
  return {
    name: "unused-exception",
    description: "An exception goes when nothing needs it any more.",
    enforcementLevel: "advisory",
    validateStack: ({ resources }, reportViolation) => {
      for (const { rule, resource } of listUnusedExceptions(readStaying(resources))) {
        reportViolation(
          `glasshouse:policy allows ${resource} to break ${rule}, which it does not: remove the exception.`,
        );
      }
    },
  };
}

function readStaying(resources: readonly PolicyResource[]): StackFacts {
  return leaveOutLeaving(readStackFacts(resources));
}
