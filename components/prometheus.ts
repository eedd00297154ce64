import * as pulumi from "@pulumi/pulumi";
import type { PrometheusFiles } from "../config/prometheus/prometheusFiles";
import { rulesFileName } from "../config/prometheus/scrapeJobs";
import { askInside } from "../config/servers/askInside";
import { discoveryNetwork, nodesNetwork } from "../config/servers/dockerApi";
import type { PrivateNetwork } from "../config/servers/server";
import type { PrometheusSettings } from "../config/settings/settings";
import { prometheus as server } from "../config/servers/prometheus";
import type { Deployment } from "./shared/deployment";
import { buildServerVolume } from "./shared/serverVolume";
import { PrometheusReload } from "../resources/prometheusReload/resource";
import { RunningContainers } from "../resources/runningContainers/resource";
import { createSafeContainer } from "./shared/safeContainer";
import { Volume } from "../resources/volume/resource";
import { VolumeFiles } from "../resources/volumeFiles/resource";

export interface PrometheusArgs {
  readonly deployment: Deployment;
  readonly settings: PrometheusSettings;
  readonly imageId: pulumi.Input<string>;
  readonly networkName: pulumi.Input<string>;
  readonly privateNetworks: Readonly<Partial<Record<PrivateNetwork, pulumi.Input<string>>>>;
  /** Networks of others on which there is something to be scraped. */
  readonly joinedNetworks: readonly string[];
  /** `prometheus.yml` and the rule file, by name. */
  readonly files: PrometheusFiles;
  /** How long a value counts that nothing has followed. */
  readonly lookBackSeconds: number;
  /** Log-ins and certificates of scrape jobs, by their path beside `prometheus.yml`. */
  readonly jobFiles: Readonly<Record<string, pulumi.Input<string>>>;
  /** Folders of the host that list targets, by their path in the container. */
  readonly targetFolders: Readonly<Record<string, string>>;
}

const port = 9090;
const alias = "prometheus";
/** The image's own user is nobody; both official and Debian's packages run as this id. */
const user = "65534:65534";

/** Prometheus, with its configuration in a volume that can change under the running server, and its series in another. */
export class Prometheus extends pulumi.ComponentResource {
  readonly url: string;

  constructor(name: string, args: PrometheusArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glasshouse:prometheus:Prometheus", name, {}, opts);
    const { deployment, settings, imageId, networkName, files } = args;
    const child = { parent: this };
    const asked = ([discoveryNetwork, nodesNetwork] as const).flatMap(
      (network) => args.privateNetworks[network] ?? [],
    );

    const createVolume = (role: string) =>
      new Volume(`${name}-${role}`, buildServerVolume(deployment, server, role), child);
    const configVolume = createVolume("config");
    const dataVolume = createVolume("data");

    const configFiles = new VolumeFiles(
      `${name}-files`,
      {
        dockerHost: deployment.dockerHost,
        volume: configVolume.name,
        image: imageId,
        files: { ...files, ...args.jobFiles },
        check: ["promtool", "check", "config", "prometheus.yml"],
      },
      child,
    );

    const container = createSafeContainer(
      `${name}-server`,
      {
        deployment,
        imageId,
        networkName,
        moreNetworks: [...asked, ...args.joinedNetworks].map((network) => ({ name: network })),
        containerName: "prometheus",
        alias,
        user,
        command: [
          "--config.file=/etc/prometheus/prometheus.yml",
          "--storage.tsdb.path=/prometheus",
          `--storage.tsdb.retention.time=${settings.retentionDays}d`,
          // Prometheus' MB are MiB.
          ...(settings.retentionMb === undefined
            ? []
            : [`--storage.tsdb.retention.size=${settings.retentionMb}MB`]),
          `--query.lookback-delta=${args.lookBackSeconds}s`,
        ],
        memoryMb: settings.memoryMb,
        cpus: settings.cpus,
        publish: [{ port, hostPort: settings.publishPort, hostAddress: settings.publishAddress }],
        mounts: [
          // A folder, not a file: a single-file mount keeps showing the old file after a change (prometheus#2544).
          { type: "volume", source: configVolume.name, target: "/etc/prometheus", readOnly: true },
          { type: "volume", source: dataVolume.name, target: "/prometheus" },
          ...Object.entries(args.targetFolders).map(([target, source]) => ({
            type: "bind",
            source,
            target,
            readOnly: true,
          })),
        ],
        // Reaches the engine's own metrics, which listen on the host and not on the containers' network.
        hosts: [{ host: "host.docker.internal", ip: "host-gateway" }],
        healthCheck: {
          command: askInside(port, "/-/ready"),
          // Docker checks for the first time after one interval, and a first update waits for that.
          intervalSeconds: 5,
          timeoutSeconds: 5,
          retries: 6,
          startPeriodSeconds: 60,
        },
      },
      { ...child, dependsOn: configFiles },
    );

    const readiness = new RunningContainers(
      `${name}-readiness`,
      {
        dockerHost: deployment.dockerHost,
        containers: { prometheus: container.id },
        timeoutSeconds: 120,
        memoryMb: settings.memoryMb,
        cpus: settings.cpus,
        pids: 500,
        network: networkName,
        alias,
      },
      child,
    );
    new PrometheusReload(
      `${name}-running-config`,
      {
        dockerHost: deployment.dockerHost,
        container: container.id,
        config: files["prometheus.yml"],
        rules: files[rulesFileName],
        revision: configFiles.revision,
      },
      { ...child, dependsOn: readiness },
    );

    this.url = `http://${settings.publishAddress}:${settings.publishPort}`;
    this.registerOutputs({ url: this.url });
  }
}
