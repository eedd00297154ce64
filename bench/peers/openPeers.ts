import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { BenchStack } from "../benchStack";
import { openAnsible } from "./ansible";
import { openCompose } from "./compose";
import { openEngine } from "./engine";
import { openGlasshouse } from "./glasshouse";
import { type Peer, type PeerContext, type PeerId, PeerMissing } from "./peer";
import { openTerraform } from "./terraform";

export interface OpenedPeers {
  readonly peers: readonly Peer[];
  /** Why a tool takes no part, by tool. */
  readonly missing: Readonly<Partial<Record<PeerId, string>>>;
}

/** Sets up the tools that are compared; one that is unavailable is named. */
export async function openPeers(
  ids: readonly PeerId[],
  stack: BenchStack,
  folder: string,
  signal: AbortSignal,
): Promise<OpenedPeers> {
  const peers: Peer[] = [];
  const missing: Partial<Record<PeerId, string>> = {};
  for (const id of ids) {
    const context = {
      prefix: `${stack.prefix}-${id}`,
      folder: join(folder, id),
      signal,
    };
    mkdirSync(context.folder, { recursive: true });
    try {
      peers.push(await openPeer(id, stack, context));
    } catch (error) {
      if (!(error instanceof PeerMissing)) throw error;
      missing[id] = error.message;
      console.log(`  ${id} takes no part: ${error.message}`);
    }
  }
  return { peers, missing };
}

async function openPeer(id: PeerId, stack: BenchStack, context: PeerContext): Promise<Peer> {
  switch (id) {
    case "glasshouse":
      return openGlasshouse(stack, context.folder);
    case "engine":
      return openEngine(context);
    case "compose":
      return openCompose(context);
    case "terraform":
      return openTerraform(context);
    case "ansible":
      return openAnsible(context);
  }
}
