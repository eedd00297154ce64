import type { Network } from "./install/detectNetwork";

/** What the flags of `npm run up` say. */
export interface UpOptions {
  /** The stack; default: `dev` on the internet, `offline` where only package registries are reached. */
  readonly stack: string | undefined;
  /** The network, instead of finding it out. */
  readonly network: Network | undefined;
  /** Where Pulumi's downloads come from. */
  readonly pulumiDownloads: string | undefined;
  /** Whether `up` takes over a stack that runs and that its state does not know. */
  readonly adopt: boolean;
  /** Whether `up` shows the preview and checks the policy first, and ends there where the stack breaks a rule. */
  readonly policy: boolean;
  /** Whether nobody is told of alerts while `up` runs. */
  readonly silence: boolean;
}
