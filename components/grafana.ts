import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { grafanaFilesFolder, homeDashboard } from "../config/grafana/grafanaFilesFolder";
import type { Settings } from "../config/settings/settings";
import type { GrafanaSettings } from "../config/settings/settings";
import { createPulledImage } from "./shared/appImage";
import { askInside } from "../config/servers/askInside";
import { grafana as server } from "../config/servers/grafana";
import type { Deployment } from "./shared/deployment";
import { buildServerVolume } from "./shared/serverVolume";
import { GrafanaReload } from "../resources/grafanaReload/resource";
import { RunningContainers } from "../resources/runningContainers/resource";
import { createSafeContainer } from "./shared/safeContainer";
import { buildServerHealthCheck } from "./shared/serverHealthCheck";
import { Volume } from "../resources/volume/resource";
import { VolumeFiles } from "../resources/volumeFiles/resource";
import { willDeployGrafana } from "./shared/willDeployGrafana";

export interface GrafanaArgs {
  readonly deployment: Deployment;
  readonly settings: GrafanaSettings;
  readonly networkName: pulumi.Input<string>;
  /** Image with a shell's usual commands, used to write files. */
  readonly toolImageId: pulumi.Input<string>;
  /** Datasource, dashboard provider and dashboards, by their path below `grafanaFilesFolder`. */
  readonly files: Readonly<Record<string, string>>;
}

const port = 3000;
/** The user and group of the official image. */
const user = "472:0";
const alias = "grafana";
const secretFolder = "/run/secrets";
const passwordFile = `${secretFolder}/admin_password`;

/** Grafana with its datasource and dashboards provisioned from code, and its data in a volume. */
export class Grafana extends pulumi.ComponentResource {
  /** The stack outputs that are there only with Grafana. */
  readonly outputs: { grafanaUrl: string; grafanaAdminPassword: pulumi.Output<string> };

  constructor(name: string, args: GrafanaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glasshouse:grafana:Grafana", name, {}, opts);
    const { deployment, settings, networkName, toolImageId, files } = args;
    const { dockerHost } = deployment;
    const child = { parent: this };
    const createVolume = (role: string) =>
      new Volume(`${name}-${role}`, buildServerVolume(deployment, server, role), child);

    const image = createPulledImage(`${name}-image`, deployment, settings.image, child);
    const password = new random.RandomPassword(
      `${name}-admin-password`,
      { length: 24, special: false, keepers: { version: String(settings.passwordVersion) } },
      child,
    );

    const configVolume = createVolume("config");
    const secretVolume = createVolume("secrets");
    const dataVolume = createVolume("data");
    const configFiles = new VolumeFiles(
      `${name}-files`,
      { dockerHost, volume: configVolume.name, image: toolImageId, files: { ...files } },
      child,
    );
    const secretFiles = new VolumeFiles(
      `${name}-secret-files`,
      {
        dockerHost,
        volume: secretVolume.name,
        image: toolImageId,
        files: { admin_password: password.result },
        uid: 472,
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
        containerName: "grafana",
        alias,
        user,
        environment: {
          GF_PATHS_PROVISIONING: `${grafanaFilesFolder}/provisioning`,
          GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: `${grafanaFilesFolder}/${homeDashboard}`,
          // The official image's start script reads the value from the file.
          GF_SECURITY_ADMIN_PASSWORD__FILE: passwordFile,
          GF_AUTH_ANONYMOUS_ENABLED: "false",
          GF_USERS_ALLOW_SIGN_UP: "false",
          GF_ANALYTICS_REPORTING_ENABLED: "false",
          GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
          GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
          GF_PLUGINS_PREINSTALL_DISABLED: "true",
          GF_NEWS_NEWS_FEED_ENABLED: "false",
          GF_SECURITY_DISABLE_GRAVATAR: "true",
          GF_SNAPSHOTS_EXTERNAL_ENABLED: "false",
        },
        writablePaths: ["/tmp"],
        memoryMb: settings.memoryMb,
        cpus: settings.cpus,
        publish: [{ port, hostPort: settings.publishPort, hostAddress: settings.publishAddress }],
        mounts: [
          { type: "volume", source: configVolume.name, target: grafanaFilesFolder, readOnly: true },
          { type: "volume", source: secretVolume.name, target: secretFolder, readOnly: true },
          { type: "volume", source: dataVolume.name, target: "/var/lib/grafana" },
        ],
        healthCheck: buildServerHealthCheck(askInside(port, "/api/health"), 60),
      },
      { ...child, dependsOn: [configFiles, secretFiles] },
    );
    const readiness = new RunningContainers(
      `${name}-readiness`,
      {
        dockerHost,
        containers: { grafana: container.id },
        timeoutSeconds: 180,
        memoryMb: settings.memoryMb,
        cpus: settings.cpus,
        pids: 500,
        network: networkName,
        alias,
      },
      child,
    );
    new GrafanaReload(
      `${name}-running-files`,
      {
        dockerHost,
        container: container.id,
        files,
        revision: configFiles.revision,
        passwordFile,
        passwordRevision: secretFiles.revision,
      },
      { ...child, dependsOn: readiness },
    );

    this.outputs = {
      grafanaUrl: `http://${settings.publishAddress}:${settings.publishPort}`,
      grafanaAdminPassword: password.result,
    };
    this.registerOutputs(this.outputs);
  }
}

export interface DeployGrafanaArgs extends Omit<GrafanaArgs, "files"> {
  /** What the dashboards show. */
  readonly observed: Settings;
}

/**
 * Deploys Grafana where the settings want it.
 *
 * @returns undefined with `deploy: never`, and with `deploy: ifImagePresent` on an engine that does not hold the image
 */
export async function deployGrafana(
  name: string,
  { observed, ...args }: DeployGrafanaArgs,
  opts?: pulumi.ComponentResourceOptions,
): Promise<Grafana | undefined> {
  const { deploy, image } = args.settings;
  if (await willDeployGrafana(args.settings, args.deployment.dockerHost)) {
    // Late: the dashboards' SDK takes 0.1 s to load.
    const { buildGrafanaFiles } = await import("../config/grafana/grafanaFiles");
    return new Grafana(
      name,
      { ...args, files: buildGrafanaFiles(observed, args.deployment.prefix) },
      opts,
    );
  }
  if (deploy === "ifImagePresent") {
    void pulumi.log.info(
      `Grafana is left out: the engine does not hold ${image}. Load it (\`docker load\`, or a company mirror in ` +
        "`glasshouse:grafana: { image: … }`) and run `pulumi up` again.",
    );
  }
  return undefined;
}
