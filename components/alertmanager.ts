import * as pulumi from "@pulumi/pulumi";
import {
  alertmanagerConfigFile,
  type AlertmanagerFiles,
} from "../config/alertmanager/alertmanagerFiles";
import { listSecretFiles, secretsFolder } from "../config/alertmanager/secretFiles";
import type { AlertmanagerSettings } from "../config/settings/alertmanagerSettings";
import { alertmanager as server, startDelaySeconds } from "../config/servers/alertmanager";
import { askInside } from "../config/servers/askInside";
import type { Settings } from "../config/settings/settings";
import { AlertmanagerReload } from "../resources/alertmanagerReload/resource";
import { RunningContainers } from "../resources/runningContainers/resource";
import { Volume } from "../resources/volume/resource";
import { VolumeFiles } from "../resources/volumeFiles/resource";
import { alertmanagerCheck, readAlertmanagerFiles } from "./shared/alertmanagerFiles";
import { createPulledImage } from "./shared/appImage";
import type { Deployment } from "./shared/deployment";
import { createSafeContainer } from "./shared/safeContainer";
import { buildServerHealthCheck } from "./shared/serverHealthCheck";
import { buildServerVolume } from "./shared/serverVolume";

export interface AlertmanagerArgs {
  readonly deployment: Deployment;
  readonly settings: AlertmanagerSettings;
  readonly networkName: pulumi.Input<string>;
  readonly secretOf: (configKey: string) => pulumi.Output<string>;
  /** Its configuration and templates, by name. */
  readonly files: AlertmanagerFiles;
}

const configFolder = "/etc/alertmanager";
const dataFolder = "/alertmanager";
/** The official image's own user, nobody; Debian's package runs as this id, too. */
const [uid, gid] = [65534, 65534];

/** Alertmanager, with its configuration and its secrets in volumes that can change under the running server. */
export class Alertmanager extends pulumi.ComponentResource {
  /** The stack output that is there only with Alertmanager. */
  readonly outputs: { alertmanagerUrl: string };

  constructor(name: string, args: AlertmanagerArgs, opts?: pulumi.ComponentResourceOptions) {
    super(server.componentType, name, {}, opts);
    const { deployment, settings, networkName, secretOf, files } = args;
    const { dockerHost } = deployment;
    const child = { parent: this };
    const url = `http://${settings.publishAddress}:${settings.publishPort}`;

    const image = createPulledImage(`${name}-image`, deployment, settings.image, child);
    const createVolume = (role: string) =>
      new Volume(`${name}-${role}`, buildServerVolume(deployment, server, role), child);
    const configVolume = createVolume("config");
    const secretVolume = createVolume("secrets");
    const dataVolume = createVolume("data");
    const configFiles = new VolumeFiles(
      `${name}-files`,
      {
        dockerHost,
        volume: configVolume.name,
        image: image.imageId,
        files: { ...files },
        check: alertmanagerCheck,
      },
      child,
    );
    const secretFiles = new VolumeFiles(
      `${name}-secret-files`,
      {
        dockerHost,
        volume: secretVolume.name,
        image: image.imageId,
        files: Object.fromEntries(
          listSecretFiles(settings).map(({ name: file, key, render }) => [
            file,
            render === undefined ? secretOf(key) : secretOf(key).apply(render),
          ]),
        ),
        uid,
        gid,
        mode: 0o400,
      },
      child,
    );

    const container = createSafeContainer(
      `${name}-server`,
      {
        deployment,
        networkName,
        imageId: image.imageId,
        containerName: server.name,
        alias: server.name,
        user: `${uid}:${gid}`,
        command: [
          `--config.file=${configFolder}/${alertmanagerConfigFile}`,
          `--storage.path=${dataFolder}`,
          `--web.external-url=${url}`,
          // Alone, it needs no port for others of its kind.
          "--cluster.listen-address=",
          `--dispatch.start-delay=${startDelaySeconds}s`,
          "--enable-feature=receiver-name-in-metrics",
        ],
        memoryMb: settings.memoryMb,
        cpus: settings.cpus,
        publish: [
          {
            port: server.port,
            hostPort: settings.publishPort,
            hostAddress: settings.publishAddress,
          },
        ],
        mounts: [
          { type: "volume", source: configVolume.name, target: configFolder, readOnly: true },
          { type: "volume", source: secretVolume.name, target: secretsFolder, readOnly: true },
          { type: "volume", source: dataVolume.name, target: dataFolder },
        ],
        healthCheck: buildServerHealthCheck(askInside(server.port, server.readyPath)),
      },
      { ...child, dependsOn: [configFiles, secretFiles] },
    );
    const readiness = new RunningContainers(
      `${name}-readiness`,
      {
        dockerHost,
        containers: { alertmanager: container.id },
        timeoutSeconds: 120,
        memoryMb: settings.memoryMb,
        cpus: settings.cpus,
        pids: 100,
        network: networkName,
        alias: server.name,
      },
      child,
    );
    new AlertmanagerReload(
      `${name}-running-config`,
      {
        dockerHost,
        container: container.id,
        config: files[alertmanagerConfigFile],
        revision: configFiles.revision,
        secretsRevision: secretFiles.revision,
      },
      { ...child, dependsOn: readiness },
    );

    this.outputs = { alertmanagerUrl: url };
    this.registerOutputs(this.outputs);
  }
}

export interface DeployAlertmanagerArgs extends Omit<AlertmanagerArgs, "files" | "settings"> {
  readonly settings: Settings;
}

/** Deploys Alertmanager where there is someone to tell. */
export function deployAlertmanager(
  name: string,
  { settings, ...args }: DeployAlertmanagerArgs,
  opts?: pulumi.ComponentResourceOptions,
): Alertmanager | undefined {
  if (server.read(settings) === undefined) return undefined;
  const files = readAlertmanagerFiles(settings, args.deployment.prefix);
  return new Alertmanager(name, { ...args, settings: settings.alertmanager, files }, opts);
}
