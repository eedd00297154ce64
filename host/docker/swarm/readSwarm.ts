import type { DockerHost } from "../../access/dockerHost";
import { fetchFromEngine } from "../engineRequest";

/** What an engine says of the Swarm that it is in. */
export interface SwarmState {
  /** `inactive` without a Swarm; `locked` until its key is given. */
  readonly state: "inactive" | "pending" | "active" | "error" | "locked";
  readonly isManager: boolean;
  /** Nodes of the Swarm; 0 where the engine does not say. */
  readonly nodes: number;
  readonly nodeId: string;
  /** Id of the Swarm; empty where the engine does not say. */
  readonly swarmId: string;
  readonly liveRestore: boolean;
}

interface InfoAnswer {
  readonly LiveRestoreEnabled?: boolean;
  readonly Swarm?: {
    readonly NodeID?: string;
    readonly LocalNodeState?: SwarmState["state"] | "";
    readonly ControlAvailable?: boolean;
    readonly Nodes?: number;
    readonly Cluster?: { readonly ID?: string } | null;
  };
}

/** @throws Error when the engine does not answer */
export async function readSwarm(dockerHost: DockerHost): Promise<SwarmState> {
  const { text } = await fetchFromEngine(dockerHost, "/info", 10);
  const { Swarm: swarm = {}, LiveRestoreEnabled: liveRestore = false } = JSON.parse(
    text,
  ) as InfoAnswer;
  return {
    state: swarm.LocalNodeState || "inactive",
    isManager: swarm.ControlAvailable ?? false,
    nodes: swarm.Nodes ?? 0,
    nodeId: swarm.NodeID ?? "",
    swarmId: swarm.Cluster?.ID ?? "",
    liveRestore,
  };
}
