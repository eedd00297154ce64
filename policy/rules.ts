import type { Rule } from "./rule";
import { appScraped } from "./rules/appScraped";
import { healthCheck } from "./rules/healthCheck";
import { jobDeployed } from "./rules/jobDeployed";
import { limits } from "./rules/limits";
import { loopbackOnly } from "./rules/loopbackOnly";
import { noLatest } from "./rules/noLatest";
import { nonRoot } from "./rules/nonRoot";
import { noPlainSecrets } from "./rules/noPlainSecrets";
import { restartPolicy } from "./rules/restartPolicy";

/** Every rule, in the order of docs/policy.md. */
export const rules: readonly Rule[] = [
  noLatest,
  noPlainSecrets,
  loopbackOnly,
  limits,
  healthCheck,
  nonRoot,
  restartPolicy,
  appScraped,
  jobDeployed,
];
