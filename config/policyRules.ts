/** The rules of the policy pack in `policy/`, by the names that a stack file calls them. */
export const policyRuleNames = [
  "no-latest",
  "no-plain-secrets",
  "loopback-only",
  "health-check",
  "non-root",
] as const;

export type PolicyRuleName = (typeof policyRuleNames)[number];

/** What a stack is allowed although a rule forbids it. */
export interface PolicyException {
  readonly rule: PolicyRuleName;
  /** Who may: the name of an app, `prometheus` or `grafana`. */
  readonly resource: string;
  readonly reason: string;
}

/** The stack output by which the exceptions reach the pack and the readers of a preview; missing where there are none. */
export function listPolicyExceptions(allow: readonly PolicyException[]): {
  policyExceptions?: readonly PolicyException[];
} {
  return allow.length === 0 ? {} : { policyExceptions: allow };
}
