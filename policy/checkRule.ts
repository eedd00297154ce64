import { foreignTypes } from "../resources/types";
import type { PolicyException } from "../config/policyRules";
import type { Rule, Violation } from "./rule";
import { rules } from "./rules";
import type { StackFacts } from "./stackFacts";

/** Where a stack breaks a rule without an exception that allows it. */
export function checkRule(rule: Rule, stack: StackFacts): Violation[] {
  const allowed = listExceptions(stack).filter((exception) => exception.rule === rule.name);
  return rule
    .find(stack)
    .filter(({ resource }) => !allowed.some((exception) => exception.resource === resource));
}

/** Exceptions that allow nothing any more, or never did. */
export function listUnusedExceptions(stack: StackFacts): PolicyException[] {
  const broken = new Set(
    rules.flatMap((rule) => rule.find(stack).map(({ resource }) => `${rule.name} ${resource}`)),
  );
  return listExceptions(stack).filter(({ rule, resource }) => !broken.has(`${rule} ${resource}`));
}

/** The violation as a text that tells what to change, and how to allow it. */
export function renderViolation({ name }: Rule, { resource, problem, hint }: Violation): string {
  return (
    `${resource} ${problem}. ${hint}\n` +
    "  To allow it all the same, write into the stack file: " +
    `glasshouse:policy: { allow: [{ rule: ${name}, resource: ${resource}, reason: <why> }] }`
  );
}

/** They come along as an output of the stack, whose settings have checked them. */
function listExceptions(stack: StackFacts): readonly PolicyException[] {
  const root = stack.find(({ type }) => type === foreignTypes.stack);
  const listed = root?.props["policyExceptions"];
  return Array.isArray(listed) ? (listed as PolicyException[]) : [];
}
