import { existsSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { BoardFiles } from "../config/board/boardFiles";
import type { BoardSettings } from "../config/settings/boardSettings";
import { askInside } from "../config/servers/askInside";
import { board } from "../config/servers/board";
import type { Settings } from "../config/settings/settings";
import { buildUserMistake } from "../config/userMistake";
import { RunningContainers } from "../resources/runningContainers/resource";
import { Volume } from "../resources/volume/resource";
import { VolumeFiles } from "../resources/volumeFiles/resource";
import { createAppImage } from "./shared/appImage";
import type { Deployment } from "./shared/deployment";
import { createSafeContainer } from "./shared/safeContainer";
import { buildServerHealthCheck } from "./shared/serverHealthCheck";

export interface BoardArgs {
  readonly deployment: Deployment;
  readonly settings: BoardSettings;
  readonly networkName: pulumi.Input<string>;
  /** Image with a shell's usual commands, used to write files. */
  readonly toolImageId: pulumi.Input<string>;
  readonly files: BoardFiles;
}

const configFolder = "/etc/glasshouse";
const dashboardsFolder = "/dashboards";

/** The dashboards page: a web server that serves it and hands on what it reads of Prometheus. */
export class Board extends pulumi.ComponentResource {
  /** The stack output that is there only with the page. */
  readonly outputs: { boardUrl: string };

  constructor(name: string, args: BoardArgs, opts?: pulumi.ComponentResourceOptions) {
    super(board.componentType, name, {}, opts);
    const { deployment, settings, networkName, toolImageId, files } = args;
    const { dockerHost, prefix } = deployment;
    const child = { parent: this };

    const build = { context: "board", dockerfile: "Dockerfile", args: {} };
    const image = createAppImage(
      `${name}-image`,
      { deployment, app: { name, image: undefined, build }, baseImage: settings.baseImage },
      child,
    );
    const writeFiles = (
      role: "config" | "dashboards",
      content: Readonly<Record<string, string>>,
    ) => {
      const volume = new Volume(
        `${name}-${role}`,
        { dockerHost, name: `${prefix}-${board.name}-${role}` },
        child,
      );
      return {
        volume,
        files: new VolumeFiles(
          `${name}-${role}-files`,
          { dockerHost, volume: volume.name, image: toolImageId, files: { ...content } },
          child,
        ),
      };
    };
    const configuration = writeFiles("config", files.configuration);
    const dashboards = writeFiles("dashboards", files.dashboards);

    const container = createSafeContainer(
      `${name}-server`,
      {
        deployment,
        networkName,
        imageId: image.imageId,
        containerName: board.name,
        alias: board.name,
        user: "65534:65534",
        writablePaths: ["/tmp"],
        memoryMb: settings.memoryMb,
        cpus: settings.cpus,
        publish: [
          {
            port: board.port,
            hostPort: settings.publishPort,
            hostAddress: settings.publishAddress,
          },
        ],
        mounts: [
          {
            type: "volume",
            source: configuration.volume.name,
            target: configFolder,
            readOnly: true,
          },
          {
            type: "volume",
            source: dashboards.volume.name,
            target: dashboardsFolder,
            readOnly: true,
          },
        ],
        // Its administration is off, so that it reads its configuration when it starts only.
        labels: { "glasshouse.configuration": configuration.files.revision },
        healthCheck: buildServerHealthCheck(askInside(board.port, board.readyPath)),
      },
      { ...child, dependsOn: dashboards.files },
    );
    new RunningContainers(
      `${name}-readiness`,
      {
        dockerHost,
        containers: { board: container.id },
        timeoutSeconds: 120,
        memoryMb: settings.memoryMb,
        cpus: settings.cpus,
        pids: 100,
        network: networkName,
        alias: board.name,
      },
      child,
    );
    this.outputs = { boardUrl: `http://${settings.publishAddress}:${settings.publishPort}` };
    this.registerOutputs(this.outputs);
  }
}

export interface DeployBoardArgs extends Omit<BoardArgs, "files" | "settings"> {
  readonly settings: Settings;
}

/** Deploys the dashboards page where the settings want it. */
export async function deployBoard(
  name: string,
  { settings, ...args }: DeployBoardArgs,
  opts?: pulumi.ComponentResourceOptions,
): Promise<Board | undefined> {
  if (settings.dashboards === "grafana") return undefined;
  if (!existsSync("board/dist")) {
    throw buildUserMistake(
      "The dashboards page is not built. Run `npm run up`, which builds it, or `npm run setup` once and this command again.",
    );
  }
  // Late, as in `grafana.ts`.
  const { buildBoardFiles } = await import("../config/board/boardFiles");
  const files = buildBoardFiles(settings, pulumi.getStack(), args.deployment.prefix);
  return new Board(name, { ...args, settings: settings.board, files }, opts);
}
