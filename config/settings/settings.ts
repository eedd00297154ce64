import { z } from "zod";
import { alertmanagerSettings } from "./alertmanagerSettings";
import { alertSettings, externalLabels } from "./alertSettings";
import { appSettings } from "./appSettings";
import { boardSettings, dashboardServers } from "./boardSettings";
import { discoverySettings, dockerApiSettings, exporterSettings } from "./exporterSettings";
import { hostSettings } from "./hostSettings";
import { images } from "../images";
import { policyRuleNames } from "../policyRules";
import {
  absolutePath,
  configKey,
  decimalNumber,
  imageReference,
  ipv4Address,
  ipv4AddressAndPort,
  ipv4Subnet,
  mirrorAddress,
  portNumber,
  registryHost,
  textOf,
  wholeNumber,
} from "./rules";
import { probeSettings } from "./probeSettings";
import { sampleApps } from "../samples";
import { scrapeJobSettings } from "./scrapeJobSettings";
import { swarmSettings } from "./swarmSettings";

const network = z.strictObject({
  subnet: ipv4Subnet.optional().describe("Subnet of the network. Default: the engine chooses"),
});

const engineMetrics = z.strictObject({
  mode: z
    .enum(["managed", "external", "off"])
    .default("managed")
    .describe(
      "`managed`: Glasshouse keeps the setting in daemon.json. `external`: someone else does, it is only scraped. " +
        "`off`: the engine is not scraped",
    ),
  address: ipv4AddressAndPort
    .default("0.0.0.0:9323")
    .describe("Address that the engine serves its metrics at (`metrics-addr`)"),
  daemonJson: absolutePath
    .default("/etc/docker/daemon.json")
    .describe("The engine's settings file"),
  restart: z
    .enum(["auto", "systemd", "direct", "command"])
    .default("auto")
    .describe(
      "How the engine is restarted: by systemd, directly (no init system), or by `restartCommand`. " +
        "`auto` finds out which of the first two",
    ),
  restartCommand: z
    .array(z.string().min(1))
    .default([])
    .describe("Command and arguments that restart the engine, for `restart: command`"),
  keepContainers: z
    .boolean()
    .default(true)
    .describe(
      "Whether containers keep running over such a restart: `live-restore` is switched on for its time. " +
        "Unavailable in a Swarm",
    ),
});

const prometheus = z.strictObject({
  image: imageReference.default(images.prometheus).describe("Image reference"),
  publishPort: portNumber.default(9090).describe("Host port"),
  publishAddress: ipv4Address.default("127.0.0.1").describe("Host address of `publishPort`"),
  scrapeIntervalSeconds: wholeNumber(1, 3600).default(10).describe("Seconds between two scrapes"),
  maxScrapeMb: wholeNumber(1, 1_048_576)
    .default(32)
    .describe("Size in MiB up to which a target's answer is read; a longer one counts as down"),
  maxScrapeSamples: wholeNumber(1, 100_000_000)
    .default(100_000)
    .describe("Measurements that a target's answer may hold; with more of them it counts as down"),
  externalLabels,
  alerts: alertSettings.prefault({}).describe("What Prometheus alerts on"),
  retentionDays: wholeNumber(1, 3650).default(15).describe("Days that series are kept"),
  retentionMb: wholeNumber(256, 1_073_741_824)
    .optional()
    .describe(
      "Size in MiB on disk from which the oldest series are removed before their days are over. Default: none, the disk is the limit",
    ),
  memoryMb: wholeNumber(64, 1_048_576).default(1024).describe("Memory limit in MiB"),
  cpus: decimalNumber(0.01, 1024).default(2).describe("CPU limit in cores"),
});

const grafana = z.strictObject({
  deploy: z
    .enum(["always", "ifImagePresent", "never"])
    .default("always")
    .describe(
      "`ifImagePresent`: only on an engine that already holds the image, for networks without Grafana's registry",
    ),
  image: imageReference.default(images.grafana).describe("Image reference"),
  publishPort: portNumber.default(3000).describe("Host port"),
  publishAddress: ipv4Address.default("127.0.0.1").describe("Host address of `publishPort`"),
  passwordVersion: wholeNumber(1, 1_000_000)
    .default(1)
    .describe("Another number makes a new admin password; users, stars and sessions stay"),
  memoryMb: wholeNumber(64, 1_048_576).default(512).describe("Memory limit in MiB"),
  cpus: decimalNumber(0.01, 1024).default(1).describe("CPU limit in cores"),
});

const builds = z.strictObject({
  baseImage: imageReference
    .default(images.base)
    .describe("Image that build folders start from, handed over as build argument `BASE_IMAGE`"),
});

const imageMirror = z.strictObject({
  registry: mirrorAddress
    .optional()
    .describe(
      "Registry that all images come from, with a path if it has one. `{registry}` in the path stands for the name " +
        "of the registry that an image comes from otherwise",
    ),
  except: z
    .array(z.string().min(1))
    .default([])
    .describe(
      "Registries, and beginnings of image names, that are left as they are, such as `registry.example/team`. " +
        "Images that are named `glasshouse/…` always are: they are made on the host",
    ),
});

const registryLogin = z.strictObject({
  registry: registryHost.describe("Registry that asks for a log-in; `docker.io` is Docker Hub"),
  username: z.string().min(1).describe("User, or the name of a token"),
  password: z
    .strictObject({
      config: configKey.describe(
        "Config key that holds the password or token; set it by `pulumi config set --secret <key>`",
      ),
    })
    .describe("Where the password is"),
});

const policyException = z.strictObject({
  rule: z.enum(policyRuleNames).describe("Rule of docs/policy.md"),
  resource: z.string().min(1).describe("Who may: the name of an app, `prometheus` or `grafana`"),
  reason: textOf(/\S{2,}\s+\S/, "must be a sentence that tells why").describe(
    "Why it is right here",
  ),
});

const policy = z.strictObject({
  allow: z
    .array(policyException)
    .default([])
    .describe("What is allowed although a rule forbids it"),
});

/** What a stack can be told, with defaults: one property for each `glasshouse:` key of a stack file. */
export const settingsSchema = z.strictObject({
  host: hostSettings.prefault({}).describe("The Docker Engine to deploy to"),
  swarm: swarmSettings.prefault({}).describe("Whether apps run as services of a Swarm"),
  network: network.prefault({}).describe("The network that all containers share"),
  engineMetrics: engineMetrics.prefault({}).describe("The engine's own metrics"),
  imageMirror: imageMirror
    .prefault({})
    .describe("A registry inside your network in place of all others"),
  registryAuth: z
    .array(registryLogin)
    .prefault([])
    .describe("Log-ins of private registries, for images and for what builds start from"),
  builds: builds.prefault({}).describe("What all build folders have in common"),
  apps: z
    .array(appSettings, { error: "must be a list of apps, or `samples`" })
    .prefault(sampleApps)
    .describe("The apps to run and to scrape. Default: `samples`, the three apps that come along"),
  prometheus: prometheus.prefault({}).describe("Prometheus"),
  alertmanager: alertmanagerSettings
    .prefault({})
    .describe("Alertmanager, which tells people of alerts; deployed when there is a receiver"),
  grafana: grafana.prefault({}).describe("Grafana"),
  dashboards: z
    .enum(dashboardServers)
    .default("grafana")
    .describe(
      "What draws the dashboards: Grafana, the page that comes along (`board`), or both. `npm run up` writes `board` into " +
        "the file of a new stack that says nothing, where Grafana's image is out of reach",
    ),
  board: boardSettings.prefault({}).describe("The dashboards page that comes along"),
  exporters: exporterSettings
    .prefault({})
    .describe("What measures the host and all of its containers"),
  dockerApi: dockerApiSettings
    .prefault({})
    .describe("The filtering proxy of the engine's API, the only container with its socket"),
  discovery: discoverySettings
    .prefault({})
    .describe("Scraping of containers that others started on the host"),
  scrapeJobs: z
    .array(scrapeJobSettings)
    .prefault([])
    .describe("What else Prometheus scrapes: anything with an address, beside apps and containers"),
  probes: z
    .array(probeSettings)
    .prefault([])
    .describe(
      "URLs that are watched: whether they answer, how fast, and until when their certificates hold",
    ),
  policy: policy.prefault({}).describe("Exceptions from the rules that `npm run preview` checks"),
});

export type Settings = z.output<typeof settingsSchema>;
export type ImageMirrorSettings = Settings["imageMirror"];
export type EngineMetricsSettings = Settings["engineMetrics"];
export type PrometheusSettings = Settings["prometheus"];
export type GrafanaSettings = Settings["grafana"];
