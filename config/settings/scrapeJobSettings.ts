import { z } from "zod";
import { scrapeProtocols } from "./appSettings";
import { labelName } from "./alertSettings";
import { absolutePath, configKey, textOf, wholeNumber } from "./rules";

/** As job names of Prometheus are; it also names the job's files. */
export const externalJobName = textOf(
  /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/,
  "must be a name of letters, digits and `_ . -`",
);

const hostAndPort = textOf(
  /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):\d{1,5}$/,
  "must be a host and a port such as `nas.example:9100`",
);

const secretValue = z.strictObject({
  config: configKey.describe(
    "Config key that holds the value; set it by `pulumi config set --secret <key>`",
  ),
});

const dns = z.strictObject({
  names: z.array(z.string().min(1)).min(1).describe("Names to ask for"),
  type: z
    .enum(["A", "AAAA", "SRV"])
    .default("A")
    .describe("Kind of record; those of `SRV` bring their port along"),
  port: wholeNumber(1, 65535).optional().describe("Port of the addresses; required but for `SRV`"),
  refreshSeconds: wholeNumber(1, 86_400).default(30).describe("Seconds between two questions"),
});

const basicAuth = z.strictObject({
  username: z.string().min(1).describe("User"),
  password: secretValue.describe("Where the password is"),
});

/** Of scrape jobs and probes alike. */
export const trustedCertificates = z
  .string()
  .min(1)
  .optional()
  .describe(
    "File with the certificates to trust (PEM), relative to the project. Default: those that the image trusts",
  );

/** How a target is reached over TLS. */
const tls = z.strictObject({
  ca: trustedCertificates,
  certificate: z
    .string()
    .min(1)
    .optional()
    .describe("File with the client's certificate (PEM), relative to the project"),
  key: secretValue.optional().describe("Where the client's private key is"),
  serverName: z.string().min(1).optional().describe("Name to expect. Default: the target's host"),
  insecureSkipVerify: z
    .boolean()
    .default(false)
    .describe("Whether any certificate is taken; then anyone may answer in the target's place"),
});

const relabeling = z.strictObject({
  sourceLabels: z.array(z.string().min(1)).default([]).describe("Labels that are looked at"),
  separator: z.string().optional().describe("What joins them. Default: `;`"),
  regex: z.string().optional().describe("What their values must match as a whole. Default: `(.*)`"),
  modulus: wholeNumber(1, 1_000_000).optional().describe("For `hashmod`"),
  targetLabel: z.string().min(1).optional().describe("Label that is written"),
  replacement: z.string().optional().describe("What is written. Default: `$1`"),
  action: z
    .enum([
      "replace",
      "keep",
      "drop",
      "keepequal",
      "dropequal",
      "hashmod",
      "labelmap",
      "labeldrop",
      "labelkeep",
      "lowercase",
      "uppercase",
    ])
    .default("replace")
    .describe("What is done"),
});

/** Something outside the stack that Prometheus scrapes. */
export const scrapeJobSettings = z.strictObject({
  name: externalJobName.describe("Name of the job"),
  targets: z.array(hostAndPort).default([]).describe("Addresses, each a host and a port"),
  dns: dns.optional().describe("Names whose addresses are targets"),
  targetsFolder: absolutePath
    .optional()
    .describe(
      "Folder on the host that everybody may read, with files (`*.json`, `*.yml`, `*.yaml`) that list targets, as Prometheus' `file_sd_configs` " +
        "reads them; a change is seen without an `up`",
    ),
  scheme: z.enum(["http", "https"]).default("http").describe("How targets are asked"),
  metricsPath: textOf(/^\/[^?#\s]*$/, "must be a path that starts with `/`, without a query")
    .default("/metrics")
    .describe("HTTP path of the metrics"),
  params: z
    .record(z.string().min(1), z.array(z.string()))
    .default({})
    .describe("Query of the URL: values by name, such as `match[]` of a federation"),
  scrapeIntervalSeconds: wholeNumber(1, 3600)
    .optional()
    .describe("Seconds between two scrapes. Default: `prometheus.scrapeIntervalSeconds`"),
  basicAuth: basicAuth.optional().describe("Log-in by user and password"),
  bearerToken: secretValue.optional().describe("Where the token is that is sent as a log-in"),
  tls: tls.optional().describe("For `scheme: https`"),
  labels: z
    .record(labelName, z.string().min(1))
    .default({})
    .describe("Labels of all its series, and of its alerts"),
  honorLabels: z
    .boolean()
    .default(false)
    .describe("Whether labels that a target sends win over those of the job, for federation"),
  relabel: z.array(relabeling).default([]).describe("Prometheus' `relabel_configs`"),
  metricRelabel: z.array(relabeling).default([]).describe("Prometheus' `metric_relabel_configs`"),
  fallbackScrapeProtocol: z
    .enum(scrapeProtocols)
    .default("PrometheusText0.0.4")
    .describe("Format assumed of a target that sends no usable Content-Type"),
});

export type ScrapeJobSettings = z.output<typeof scrapeJobSettings>;
export type RelabelSettings = z.output<typeof relabeling>;
