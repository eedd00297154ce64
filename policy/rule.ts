import type { PolicyRuleName } from "../config/policyRules";
import type { StackFacts } from "./stackFacts";

/** A rule that a stack has to keep; see docs/policy.md. */
export interface Rule {
  readonly name: PolicyRuleName;
  /** What has to be, as the rest of a sentence that starts with "A stack". */
  readonly demand: string;
  readonly why: string;
  /** How to keep it, in general; each violation names its own setting. */
  readonly fix: string;
  readonly find: (stack: StackFacts) => Violation[];
}

/** Where a stack breaks a rule. */
export interface Violation {
  /** Who: an app's name, `prometheus`, `grafana`, or a resource's name in the program. */
  readonly resource: string;
  readonly urn: string;
  /** What is wrong, as the rest of a sentence that starts with the name. Never holds a secret. */
  readonly problem: string;
  /** What to change. */
  readonly hint: string;
}
