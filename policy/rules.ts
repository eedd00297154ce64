import type { Rule } from "./rule";
import { healthCheck } from "./rules/healthCheck";
import { loopbackOnly } from "./rules/loopbackOnly";
import { noLatest } from "./rules/noLatest";
import { nonRoot } from "./rules/nonRoot";
import { noPlainSecrets } from "./rules/noPlainSecrets";

/** Every rule, in the order of docs/policy.md. */
export const rules: readonly Rule[] = [
  noLatest,
  noPlainSecrets,
  loopbackOnly,
  healthCheck,
  nonRoot,
];
