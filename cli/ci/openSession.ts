import { detectNetwork, type Network } from "../install/detectNetwork";
import { ensurePulumi } from "../install/ensurePulumi";
import { openPulumiSession, type PulumiSession } from "../pulumiSession";

export interface SessionOptions {
  readonly network: Network | undefined;
  readonly pulumiDownloads: string | undefined;
}

/** Pulumi for a CI job: it is installed where it is missing, and nothing else. What that says goes to standard error. */
export async function openCiSession(options: SessionOptions): Promise<PulumiSession> {
  console.log = console.error;
  const { network } = await detectNetwork(options.network);
  return openPulumiSession(
    await ensurePulumi({ network, pulumiDownloads: options.pulumiDownloads }),
  );
}
