import { localDockerHost } from "../../host/access/dockerHost";
import { connectDocker } from "../../host/docker/connectDocker";
import { type Measured, measure } from "../runMeasured";
import { removeHostFolders, writeHostFolders, type HostFolders } from "./hostFolders";
import type { Peer, PeerContext, Scenario } from "./peer";
import { sendReload } from "./sendReload";

/** A command-line tool that reads what it deploys from a file, and mounts configuration from folders of the host. */
export interface FileTool extends Pick<Peer, "id" | "title" | "isSlow" | "readStateBytes"> {
  /** Writes the tool's own file. */
  readonly write: (scenario: Scenario, folders: HostFolders) => void;
  readonly up: () => Promise<Measured>;
  readonly preview: () => Promise<Measured>;
  readonly destroy: () => Promise<Measured>;
}

export async function openFileTool(tool: FileTool, { prefix, folder }: PeerContext): Promise<Peer> {
  const docker = await connectDocker(localDockerHost);
  let isDeployed = false;
  return {
    ...tool,
    up: async (scenario) => {
      const { folders, changed } = writeHostFolders(scenario.plan, folder);
      tool.write(scenario, folders);
      const measured = await tool.up();
      const reload = isDeployed
        ? await measure(() => sendReload(docker, scenario.plan, prefix, changed))
        : undefined;
      isDeployed = true;
      return { ...measured, seconds: measured.seconds + (reload?.seconds ?? 0) };
    },
    preview: async (scenario) => {
      tool.write(scenario, writeHostFolders(scenario.plan, folder).folders);
      return tool.preview();
    },
    destroy: async () => {
      isDeployed = false;
      return tool.destroy();
    },
    close: async () => removeHostFolders(folder),
  };
}
