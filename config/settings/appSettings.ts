import { z } from "zod";
import {
  absolutePath,
  configKey,
  decimalNumber,
  dnsLabel,
  environmentName,
  imageReference,
  ipv4Address,
  portNumber,
  textOf,
  wholeNumber,
} from "./rules";
import { fileSettings } from "./fileSettings";
import { panelSettings } from "./panelSettings";
import { placementSettings, updateSettings } from "./swarmSettings";
import { trafficSettings } from "./trafficSettings";
import { volumeSettings } from "./volumeSettings";

/** Prometheus' names for the formats it can be told to assume (configuration reference, `fallback_scrape_protocol`). */
export const scrapeProtocols = [
  "PrometheusText0.0.4",
  "PrometheusText1.0.0",
  "OpenMetricsText0.0.1",
  "OpenMetricsText1.0.0",
  "PrometheusProto",
] as const;

/** The rows that `config/grafana/` can draw for an app: a sample's, a runtime's, or none but its own panels. */
export const dashboardSections = [
  "image-gallery",
  "image-of-the-day",
  "access-log",
  "go",
  "jvm",
  "nodejs",
  "generic",
  "none",
] as const;

const healthCheck = z.strictObject({
  command: z
    .array(z.string().min(1))
    .min(1)
    .describe("Command and arguments, run inside the container; exit code 0 means healthy"),
  intervalSeconds: wholeNumber(1, 3600).default(10).describe("Seconds between two checks"),
  timeoutSeconds: wholeNumber(1, 600).default(5).describe("Seconds after which a check has failed"),
  retries: wholeNumber(1, 100).default(3).describe("Failures in a row that make it unhealthy"),
  startPeriodSeconds: wholeNumber(0, 3600)
    .default(30)
    .describe("Seconds after the start during which a failure does not count"),
});

const build = z.strictObject({
  context: z.string().min(1).describe("Folder with the Dockerfile, relative to the project"),
  dockerfile: z
    .string()
    .min(1)
    .default("Dockerfile")
    .describe("Dockerfile, relative to the folder"),
  args: z.record(environmentName, z.string()).default({}).describe("Build arguments"),
});

const secret = z.strictObject({
  config: configKey.describe(
    "Config key that holds the value; set it by `pulumi config set --secret <key>`",
  ),
  as: z
    .enum(["file", "environment"])
    .default("file")
    .describe(
      "`file`: readable at `/run/secrets/<NAME>`, and `<NAME>_FILE` names that path. " +
        "`environment`: for images that read nothing else; visible in `docker inspect`",
    ),
  generate: z
    .boolean()
    .default(false)
    .describe(
      "Whether `npm run up` encrypts a random value into the stack file where the key has none: for passwords that only apps " +
        "of the stack need",
    ),
});

const publishedPort = z.strictObject({
  port: portNumber.describe("Port inside the container"),
  hostPort: portNumber.describe("Host port of replica 1; replica n gets the n-th after it"),
  address: ipv4Address.default("127.0.0.1").describe("Host address"),
});

const ulimit = z.strictObject({
  soft: wholeNumber(0, 1_073_741_824).describe("Limit that holds, and that the app may raise"),
  hard: wholeNumber(0, 1_073_741_824).describe("Limit up to which it may"),
});

/** One app: an image or a build folder, run as `replicas` containers behind one network alias. */
export const appSettings = z
  .strictObject({
    name: dnsLabel.describe("Name; its containers are `<project>-<stack>-<name>-1` and so on"),
    image: imageReference.optional().describe("Image reference; this or `build`"),
    build: build.optional().describe("Folder that the image is built from; this or `image`"),
    replicas: wholeNumber(0, 200).default(1).describe("Number of containers"),
    alias: dnsLabel.optional().describe("DNS name on the network. Default: `name`"),
    port: portNumber.default(80).describe("Port that the app listens on inside its container"),
    publishPort: portNumber
      .optional()
      .describe("Host port of replica 1; replica n gets the n-th after it. Default: not published"),
    publishAddress: ipv4Address.default("127.0.0.1").describe("Host address of `publishPort`"),
    publish: z.array(publishedPort).default([]).describe("More ports to publish"),
    environment: z
      .record(environmentName, z.string())
      .default({})
      .describe("Environment variables"),
    secrets: z.record(environmentName, secret).default({}).describe("Secrets, by name"),
    entrypoint: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe("Program, and its first arguments, instead of the image's own"),
    command: z.array(z.string()).optional().describe("Arguments instead of the image's own"),
    workingDir: absolutePath
      .optional()
      .describe("Folder that it starts in. Default: the image's own"),
    init: z
      .boolean()
      .default(false)
      .describe(
        "Whether a small first process hands on signals and takes in processes that lost their parent",
      ),
    stopSignal: textOf(/^SIG[A-Z0-9+-]+$/, "must be a signal such as `SIGINT`")
      .optional()
      .describe("Signal that asks the app to end. Default: the image's own, else `SIGTERM`"),
    stopGraceSeconds: wholeNumber(1, 3600)
      .default(10)
      .describe("Seconds from that signal until it is killed"),
    user: textOf(/^[a-z0-9_][a-z0-9_-]*(:[a-z0-9_][a-z0-9_-]*)?$/, "must be `user` or `user:group`")
      .default("65532:65532")
      .describe("User and group that the app runs as"),
    readOnly: z
      .boolean()
      .default(true)
      .describe("Whether the container's root file system is read-only"),
    writablePaths: z
      .array(absolutePath)
      .default(["/tmp"])
      .describe("Folders in memory (tmpfs) that the app may write to"),
    volumes: z
      .array(volumeSettings)
      .default([])
      .describe("Folders whose content is kept when a container is replaced"),
    files: z
      .array(fileSettings)
      .default([])
      .describe("Files that it reads, such as its configuration; mounted read-only"),
    capabilities: z
      .array(textOf(/^[A-Z_]+$/, "must be a capability such as `NET_BIND_SERVICE`"))
      .default([])
      .describe("Linux capabilities to keep; all others are dropped"),
    sharedMemoryMb: wholeNumber(1, 1_048_576)
      .default(64)
      .describe("Size of `/dev/shm` in MiB; databases and browsers ask for more"),
    ulimits: z
      .record(textOf(/^[a-z]+$/, "must be the name of a limit such as `nofile`"), ulimit)
      .default({})
      .describe(
        "Limits of each process, by name: `nofile` of open files, `memlock` of locked memory",
      ),
    networks: z
      .array(z.string().min(1))
      .default([])
      .describe(
        "Networks of the host that it joins beside the stack's own, by name. They are not the stack's: they have to be there",
      ),
    hosts: z
      .record(
        textOf(/^[A-Za-z0-9._-]+$/, "must be a host name"),
        textOf(
          /^([0-9.]+|host-gateway)$/,
          "must be an IPv4 address, or `host-gateway` for the host",
        ),
      )
      .default({})
      .describe("Names for the container's `/etc/hosts`, each with its address"),
    labels: z
      .record(
        textOf(/^(?!glasshouse\.)[^\s=]+$/, "must be a label without `glasshouse.` before it"),
        z.string(),
      )
      .default({})
      .describe("Labels of its containers"),
    memoryMb: wholeNumber(6, 1_048_576).default(256).describe("Memory limit in MiB"),
    cpus: decimalNumber(0.01, 1024).default(1).describe("CPU limit in cores"),
    pids: wholeNumber(1, 1_000_000).default(200).describe("Limit of processes and threads"),
    placement: placementSettings
      .optional()
      .describe("In a Swarm: which nodes it may run on. Default: all that can"),
    update: updateSettings
      .optional()
      .describe("In a Swarm: how its replicas are replaced. Default: one at a time"),
    healthCheck: healthCheck.optional().describe("Health check. Default: the image's own"),
    after: z
      .array(dnsLabel)
      .default([])
      .describe(
        "Apps that have to serve before this one is started, by name. It orders an `up`; when the engine starts, all start at once",
      ),
    startTimeoutSeconds: wholeNumber(1, 3600)
      .default(120)
      .describe(
        "Seconds that a replica may take until it is healthy, or, without a health check, until its port answers: " +
          "`port` where that is published, else `metricsPort`; with `metrics: false` only where the image has it (`EXPOSE`)",
      ),
    metrics: z
      .boolean()
      .default(true)
      .describe(
        "Whether it has metrics; without them it has no job, no alert and no dashboard row",
      ),
    metricsPort: portNumber
      .optional()
      .describe("Port that its metrics are at inside the container. Default: `port`"),
    metricsPath: textOf(/^\/[^?#\s]*$/, "must be a path that starts with `/`, without a query")
      .default("/metrics")
      .describe("HTTP path of the metrics"),
    jobName: z
      .string()
      .regex(/^[A-Za-z0-9_.:-]+$/, { error: "must be a name of letters, digits and `_ . : -`" })
      .optional()
      .describe("Scrape job. Default: `name`"),
    scrapeIntervalSeconds: wholeNumber(1, 3600)
      .optional()
      .describe("Seconds between two scrapes. Default: `prometheus.scrapeIntervalSeconds`"),
    discovery: z
      .enum(["static", "dns"])
      .optional()
      .describe(
        "How targets are found: `static` scrapes the alias as one target, `dns` every address behind it. " +
          "Default: `dns` as soon as `replicas` is more than 1",
      ),
    fallbackScrapeProtocol: z
      .enum(scrapeProtocols)
      .default("PrometheusText0.0.4")
      .describe("Format assumed of an app that sends no usable Content-Type"),
    dashboard: z
      .enum(dashboardSections)
      .default("generic")
      .describe("Which dashboard row is drawn; `none`: of `panels` alone"),
    panels: z.array(panelSettings).default([]).describe("Panels of your own, added to that row"),
    traffic: trafficSettings
      .optional()
      .describe(
        "Which of its metrics count requests: adds panels to its row and lines to the dashboard Overview. " +
          "Default: what is known of the samples, else the usual names, such as `http_requests_total`",
      ),
  })
  .transform((app) => ({
    ...app,
    alias: app.alias ?? app.name,
    metricsPort: app.metricsPort ?? app.port,
    jobName: app.jobName ?? app.name,
    discovery: app.discovery ?? (app.replicas > 1 ? ("dns" as const) : ("static" as const)),
  }));

export type AppSettings = z.output<typeof appSettings>;
export type AppSettingsInput = z.input<typeof appSettings>;
export type HealthCheckSettings = z.output<typeof healthCheck>;
