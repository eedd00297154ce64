import { type PulumiSession, tryPulumi } from "../pulumiSession";
import { policyPackFlags } from "../policyPack";
import type { RunResult } from "../run";

/** Every `pulumi preview` of CI is called with these. */
const previewFlags: readonly string[] = [
  "preview",
  "--json",
  "--non-interactive",
  "--color",
  "never",
];

export interface PreviewOptions {
  readonly stack: string;
  /** The stack file, or a copy of it. */
  readonly configFile: string;
  /** Whether to look at the host first, which takes an engine that answers. */
  readonly refresh: boolean;
}

/** Runs `pulumi preview`; its standard output is one JSON event per line, see `report/preview.ts`. */
export async function runPreview(
  session: PulumiSession,
  { stack, configFile, refresh }: PreviewOptions,
): Promise<RunResult> {
  const env = { ...session.env, PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" };
  return tryPulumi(
    { ...session, env },
    ...previewFlags,
    ...policyPackFlags(),
    `--refresh=${String(refresh)}`,
    ...["--config-file", configFile, "--stack", stack],
  );
}
