import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { listAppPorts } from "../../config/appPorts";
import type { AppSettings } from "../../config/settings/appSettings";
import { locateImage, parseImageReference } from "../../config/parseImageReference";
import { findManagerBond, isStoppedFirst } from "../../config/swarmPlacement";
import type { SwarmSettings } from "../../config/settings/swarmSettings";
import { labels } from "../../host/labels";
import { SwarmService } from "../../resources/swarmService/resource";
import type { AppImage } from "./appImage";
import type { AppVolumes } from "./appVolumes";
import type { Deployment } from "./deployment";
import { secretsFolder } from "./secretFiles";

export interface AppServiceArgs {
  readonly deployment: Deployment;
  readonly app: AppSettings;
  readonly swarm: SwarmSettings;
  readonly image: AppImage;
  readonly volumes: AppVolumes;
  readonly networkName: pulumi.Input<string>;
  readonly secretOf: (configKey: string) => pulumi.Output<string>;
}

/** An app as a service of the Swarm: what its containers would be told on one host. It is there as soon as all replicas serve. */
export function createAppService(
  name: string,
  { deployment, app, swarm, image, volumes, networkName, secretOf }: AppServiceArgs,
  opts: pulumi.CustomResourceOptions,
): SwarmService {
  const { dockerHost, prefix } = deployment;
  const { imageId, reference } = image;
  const onManagerOnly = findManagerBond(app, swarm) !== undefined;
  // Either there is one replica, or all of them share each volume; so the settings' own rules say.
  const [mounts = []] = volumes.mounts;
  const { environment, secrets, configs } = readTexts(app, secretOf);
  return new SwarmService(
    `${name}-service`,
    {
      dockerHost,
      name: `${prefix}-${app.name}`,
      hostname: app.name,
      labels: { ...deployment.labels, [labels.app]: app.name },
      containerLabels: app.labels,
      ...(reference !== undefined && { image: reference }),
      imageId: guardData(deployment, app, imageId),
      logins: reference === undefined ? [] : pickLogins(reference, deployment),
      onManagerOnly,
      ...(!onManagerOnly && swarm.nodes.length > 0 && { nodes: swarm.nodes }),
      replicas: app.replicas,
      user: app.user,
      ...(app.entrypoint && { entrypoint: app.entrypoint }),
      ...(app.command && { command: app.command }),
      ...(app.workingDir !== undefined && { workingDir: app.workingDir }),
      ...(app.init && { init: true }),
      ...(app.stopSignal !== undefined && { stopSignal: app.stopSignal }),
      stopGraceSeconds: app.stopGraceSeconds,
      environment,
      readOnly: app.readOnly,
      writablePaths: app.writablePaths,
      capabilities: app.capabilities,
      ulimits: app.ulimits,
      hosts: app.hosts,
      memoryMb: app.memoryMb,
      cpus: app.cpus,
      pids: app.pids,
      ...(app.healthCheck && { healthCheck: app.healthCheck }),
      ports: listAppPorts(app).map(({ port, hostPort }) => ({ port, hostPort })),
      volumes: app.volumes.map(({ path, readOnly }, index) => ({
        source: pulumi.output(mounts[index]?.source).apply((source = "") => source),
        target: path,
        readOnly,
      })),
      networks: [
        { name: networkName, alias: app.alias },
        ...app.networks.map((network) => ({ name: network })),
      ],
      configs,
      secrets,
      placement: buildPlacement(app),
      update: {
        parallelism: app.update?.parallelism ?? 1,
        order: isStoppedFirst(app) ? "stop-first" : "start-first",
        monitorSeconds: app.update?.monitorSeconds ?? 5,
        failureAction: app.update?.failureAction ?? "rollback",
      },
      startTimeoutSeconds: app.startTimeoutSeconds,
    },
    opts,
  );
}

function buildPlacement({ placement }: AppSettings) {
  const { constraints = [], spread = [], maxReplicasPerNode } = placement ?? {};
  return { constraints, spread, ...(maxReplicasPerNode !== undefined && { maxReplicasPerNode }) };
}

interface AppTexts {
  readonly environment: Record<string, pulumi.Input<string>>;
  /** By the path that they are read at. */
  readonly secrets: Record<string, pulumi.Input<string>>;
  readonly configs: Record<string, pulumi.Input<string>>;
}

/** Secrets and files where an app finds them on one host as well. */
function readTexts(app: AppSettings, secretOf: AppServiceArgs["secretOf"]): AppTexts {
  const texts: AppTexts = { environment: { ...app.environment }, secrets: {}, configs: {} };
  for (const [key, { config, as }] of Object.entries(app.secrets)) {
    if (as === "environment") {
      texts.environment[key] = secretOf(config);
    } else {
      texts.environment[`${key}_FILE`] = `${secretsFolder}/${key}`;
      texts.secrets[`${secretsFolder}/${key}`] = secretOf(config);
    }
  }
  for (const { path, text, source, secret } of app.files) {
    if (secret !== undefined) texts.secrets[path] = secretOf(secret);
    else texts.configs[path] = source === undefined ? (text ?? "") : readFileSync(source, "utf8");
  }
  return texts;
}

/** The log-in of the image's registry alone: all nodes of the Swarm get it. */
export function pickLogins(image: string, { registries }: Deployment) {
  const { registry } = locateImage(parseImageReference(image)?.name ?? image);
  return pulumi
    .output(registries.secretLogins)
    .apply((logins) => logins.filter((login) => login.registry === registry));
}

/** The image's id, as soon as it is known that no data is lost by a container of it. */
function guardData(
  deployment: Deployment,
  app: AppSettings,
  imageId: pulumi.Output<string>,
): pulumi.Output<string> {
  const mounted = [...app.writablePaths, ...app.volumes.map(({ path }) => path)];
  return imageId.apply(async (image) => {
    const owner = { owner: `the app ${app.name}`, image, mounted, containers: [] };
    await deployment.rejectDataLoss([owner]);
    return image;
  });
}
