import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ownAlerts } from "../../../../config/settings/alertSettings";
import {
  parseSettings,
  type ParsedSettings,
  type SettingsSurroundings,
} from "../../../../config/settings/parseSettings";
import { sampleApps } from "../../../../config/samples";
import { settingsSchema } from "../../../../config/settings/settings";
import type { SettingsProblem } from "../../../../config/settings/settingsProblem";

type Raw = Record<string, unknown>;

const everythingExists: SettingsSurroundings = {
  fileExists: () => true,
  secretKeys: new Set(["shopKey", "payKey"]),
};
const secretValues = { shopKey: "hunter2", payKey: "hunter3" };

function findProblems(raw: Raw, surroundings = everythingExists) {
  const parsed = parseSettings(raw, surroundings);
  return "problems" in parsed ? parsed.problems : [];
}

function findWarnings(raw: Raw): readonly string[] {
  const surroundings = { fileExists: () => true, secretKeys: new Set<string>() };
  return unwrap(parseSettings(raw, surroundings)).warnings;
}

function unwrap(parsed: ParsedSettings) {
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems, undefined, 2));
  return parsed;
}

/** A stack with one sound app, changed. */
function app(change: Raw): Raw {
  return { apps: [{ name: "shop", image: "shop:1", ...change }] };
}

/** A stack with several sound apps, changed. */
function apps(...changes: Raw[]): Raw {
  return {
    apps: changes.map((change, index) => ({ name: `app-${index}`, image: "app:1", ...change })),
  };
}

/** A stack with sound scrape jobs, changed. */
function jobs(...changes: Raw[]): Raw {
  return {
    scrapeJobs: changes.map((change) => ({ name: "nas", targets: ["nas:9100"], ...change })),
  };
}

/** A stack with sound probes, changed. */
function probes(...changes: Raw[]): Raw {
  return {
    probes: changes.map((change) => ({ name: "home", url: "https://shop.example", ...change })),
  };
}

type Mistake = Omit<SettingsProblem, "value">;
const wholeNumberOf = (min: number, max: number) => `must be a whole number from ${min} to ${max}`;
const label = "must be 1 to 40 lower-case letters, digits and inner hyphens";
const settingsOfGrafana =
  "deploy, image, publishPort, publishAddress, passwordVersion, memoryMb, cpus";
const topLevel =
  "host, swarm, network, engineMetrics, imageMirror, registryAuth, builds, apps, prometheus, alertmanager, grafana, dashboards, board, exporters, dockerApi, discovery, scrapeJobs, probes, policy";
const hostRule =
  "must be a registry's host, with its port if it has one, such as `registry.example:5000`";
const login = { registry: "r.example", username: "ci", password: { config: "shopKey" } };
const groupRule = "must be a group of settings";
const imageRule = "must be an image reference such as `name:1.2.3`";
const pinRule = "must name a version: a tag other than `latest`, or a digest";
const addressRule = "must be an IPv4 address and a port such as `0.0.0.0:9323`";

const mistakes: [string, Raw, ...Mistake[]][] = [
  [
    "an alert that is not one of Glasshouse's own cannot be disabled",
    { prometheus: { alerts: { disabled: ["TargetMissing"] } } },
    {
      path: "prometheus.alerts.disabled[0]",
      rule: `must be one of ${ownAlerts.map((name) => `\`${name}\``).join(", ")}`,
      hint: 'did you mean "TargetsMissing"?',
    },
  ],
  [
    "Prometheus would look up a variable in a label",
    { prometheus: { externalLabels: { environment: "$HOME" } } },
    { path: "prometheus.externalLabels.environment", rule: "must be text without `$`" },
  ],
  // Names of settings
  [
    "a misspelt setting",
    app({ replica: 3 }),
    { path: "apps[0].replica", rule: "is not a setting", hint: 'did you mean "replicas"?' },
  ],
  [
    "the beginning of a setting",
    app({ publishP: 8010 }),
    { path: "apps[0].publishP", rule: "is not a setting", hint: 'did you mean "publishPort"?' },
  ],
  [
    "a port where a list of them belongs",
    app({ publish: 8010 }),
    {
      path: "apps[0].publish",
      rule: "must be a list",
      hint: "to publish `port`, write `publishPort: <on the host>`",
    },
  ],
  [
    "Compose's spelling",
    app({ read_only: true, cap_add: [], ports: ["80:80"] }),
    { path: "apps[0].cap_add", rule: "is not a setting", hint: 'did you mean "capabilities"?' },
    {
      path: "apps[0].ports",
      rule: "is not a setting",
      hint: "write `port: <inside>` and `publishPort: <on the host>`; more of them go into `publish`",
    },
    { path: "apps[0].read_only", rule: "is not a setting", hint: 'did you mean "readOnly"?' },
  ],
  [
    "a setting like no other",
    { grafana: { zzz: 1 } },
    {
      path: "grafana.zzz",
      rule: "is not a setting",
      hint: `the settings here are ${settingsOfGrafana}`,
    },
  ],
  [
    "a misspelt key of the stack file",
    { promethues: {} },
    { path: "promethues", rule: "is not a setting", hint: 'did you mean "prometheus"?' },
  ],
  [
    "a key of the stack file like no other",
    { volumes: {} },
    { path: "volumes", rule: "is not a setting", hint: `the settings here are ${topLevel}` },
  ],
  [
    "a path that was set without --path",
    { "prometheus.publishPort": 9091 },
    {
      path: "prometheus.publishPort",
      rule: "is not a setting",
      hint: "use --path: pulumi config set --path 'prometheus.publishPort' <value>",
    },
  ],
  // Types
  [
    "a number as text",
    app({ replicas: "3" }),
    { path: "apps[0].replicas", rule: wholeNumberOf(0, 200), hint: "drop the quotes: 3" },
  ],
  [
    "words for a number",
    app({ cpus: "two" }),
    { path: "apps[0].cpus", rule: "must be a number from 0.01 to 1024" },
  ],
  [
    "a port beyond the last",
    app({ port: 99999 }),
    { path: "apps[0].port", rule: wholeNumberOf(1, 65535) },
  ],
  [
    "port 0",
    app({ publishPort: 0 }),
    { path: "apps[0].publishPort", rule: wholeNumberOf(1, 65535) },
  ],
  [
    "a fraction of a replica",
    app({ replicas: 1.5 }),
    { path: "apps[0].replicas", rule: wholeNumberOf(0, 200) },
  ],
  [
    "fewer than no replicas",
    app({ replicas: -1 }),
    { path: "apps[0].replicas", rule: wholeNumberOf(0, 200) },
  ],
  [
    "no CPU",
    app({ cpus: 0 }),
    { path: "apps[0].cpus", rule: "must be a number from 0.01 to 1024" },
  ],
  [
    "true as text",
    app({ readOnly: "true" }),
    { path: "apps[0].readOnly", rule: "must be true or false", hint: "drop the quotes: true" },
  ],
  ["yes", app({ readOnly: "yes" }), { path: "apps[0].readOnly", rule: "must be true or false" }],
  [
    "a number for text",
    app({ jobName: 7 }),
    { path: "apps[0].jobName", rule: "must be text", hint: 'put it in quotes: "7"' },
  ],
  [
    "text for a list",
    app({ command: "serve" }),
    { path: "apps[0].command", rule: "must be a list", hint: 'write a list: ["serve"]' },
  ],
  [
    "a line without a value",
    app({ memoryMb: null }),
    {
      path: "apps[0].memoryMb",
      rule: wholeNumberOf(6, 1048576),
      hint: "remove the line, or give it a value",
    },
  ],
  [
    "apps by name",
    { apps: { shop: { image: "shop:1" } } },
    {
      path: "apps",
      rule: "must be a list of apps, or `samples`",
      hint: "start each app with `- name: <name>`",
    },
  ],
  [
    "an app that is only a name",
    { apps: ["shop"] },
    {
      path: "apps[0]",
      rule: groupRule,
      hint: "write `name: <name>` and the app's other settings below each other",
    },
  ],
  [
    "Grafana switched off",
    { grafana: false },
    {
      path: "grafana",
      rule: groupRule,
      hint: "to leave Grafana out, write `grafana: { deploy: never }`",
    },
  ],
  [
    "the engine's metrics switched off",
    { engineMetrics: "off" },
    {
      path: "engineMetrics",
      rule: groupRule,
      hint: "to leave the engine out, write `engineMetrics: { mode: off }`",
    },
  ],
  [
    "a folder for `build`",
    app({ image: undefined, build: "./shop" }),
    {
      path: "apps[0].build",
      rule: groupRule,
      hint: "name the folder: `build: { context: <folder> }`",
    },
  ],
  [
    "a command for `healthCheck`",
    app({ healthCheck: "curl localhost" }),
    {
      path: "apps[0].healthCheck",
      rule: groupRule,
      hint: 'write `healthCheck: { command: ["<program>", "<argument>"] }`',
    },
  ],
  [
    "Compose's list of variables",
    app({ environment: ["MODE=fast"] }),
    {
      path: "apps[0].environment",
      rule: "must be a group of names and values",
      hint: "write one `NAME: value` for each line, without `-`",
    },
  ],
  // Required
  ["no name", { apps: [{ image: "shop:1" }] }, { path: "apps[0].name", rule: "is required" }],
  [
    "a build without a folder",
    app({ image: undefined, build: {} }),
    { path: "apps[0].build.context", rule: "is required" },
  ],
  [
    "a health check without a command",
    app({ healthCheck: { retries: 2 } }),
    { path: "apps[0].healthCheck.command", rule: "is required" },
  ],
  [
    "a panel without a query",
    app({ panels: [{ title: "Orders" }] }),
    { path: "apps[0].panels[0].query", rule: "is required" },
  ],
  [
    "a panel of its own that is one that comes along too",
    app({ panels: [{ use: "cpu", title: "Orders" }] }),
    { path: "apps[0].panels[0]", rule: "must have either `use`, or `title` and `query`" },
  ],
  [
    "a number of several queries",
    app({ panels: [{ title: "Orders", query: "a", kind: "number", queries: [{ query: "b" }] }] }),
    {
      path: "apps[0].panels[0].queries",
      rule: "must be left out for `kind: number`, which shows one value",
    },
  ],
  [
    "a misspelt panel that comes along",
    app({ panels: [{ use: "gorutines" }] }),
    {
      path: "apps[0].panels[0].use",
      rule: expect.stringContaining("must be one of `targets-up`, `cpu`") as string,
      hint: 'did you mean "goroutines"?',
    },
  ],
  [
    "a colour that is no colour",
    app({ panels: [{ title: "Orders", query: "a", colors: { failed: "#f00" } }] }),
    {
      path: "apps[0].panels[0].colors.failed",
      rule: "must be a colour such as `red` or `#1f77b4`",
    },
  ],
  [
    "colours of legends by no regular expression",
    app({ panels: [{ title: "Orders", query: "a", colors: { "(": "red" } }] }),
    { path: 'apps[0].panels[0].colors["("]', rule: "must be a regular expression" },
  ],
  [
    "errors by no matcher",
    app({ traffic: { requests: "orders_total", errors: "code=500" } }),
    {
      path: "apps[0].traffic.errors",
      rule: 'must be a label matcher such as `code=~"5.."`',
    },
  ],
  [
    "a histogram by the name of its buckets",
    app({ traffic: { requests: "orders_total", latency: "orders_seconds_bucket" } }),
    {
      path: "apps[0].traffic.latency",
      rule: "must be the name of a histogram, without `_bucket`",
    },
  ],
  [
    "traffic that nothing counts",
    app({ traffic: { latency: "orders_seconds" } }),
    { path: "apps[0].traffic.requests", rule: "is required" },
  ],
  // Texts
  ["a name in capitals", app({ name: "Shop" }), { path: "apps[0].name", rule: label }],
  [
    "Docker's name for the host as alias",
    app({ alias: "host.docker.internal" }),
    { path: "apps[0].alias", rule: label },
  ],
  [
    "an unknown choice that is near one",
    { grafana: { deploy: "ifPresent" } },
    {
      path: "grafana.deploy",
      rule: "must be one of `always`, `ifImagePresent`, `never`",
    },
  ],
  [
    "a misspelt choice",
    { engineMetrics: { mode: "manged" } },
    {
      path: "engineMetrics.mode",
      rule: "must be one of `managed`, `external`, `off`",
      hint: 'did you mean "managed"?',
    },
  ],
  [
    "an octet beyond the last",
    { engineMetrics: { address: "300.0.0.1:9323" } },
    { path: "engineMetrics.address", rule: addressRule },
  ],
  [
    "a metrics port beyond the last",
    { engineMetrics: { address: "0.0.0.0:65536" } },
    { path: "engineMetrics.address", rule: addressRule },
  ],
  [
    "a host name to publish at",
    { prometheus: { publishAddress: "localhost" } },
    {
      path: "prometheus.publishAddress",
      rule: "must be an IPv4 address such as `127.0.0.1`",
    },
  ],
  [
    "a subnet without its size",
    { network: { subnet: "172.30.0.0" } },
    { path: "network.subnet", rule: "must be an IPv4 subnet such as `172.30.0.0/24`" },
  ],
  [
    "a relative metrics path",
    app({ metricsPath: "metrics" }),
    {
      path: "apps[0].metricsPath",
      rule: "must be a path that starts with `/`, without a query",
    },
  ],
  [
    "an image by its web address",
    app({ image: "https://registry.example/shop:1" }),
    {
      path: "apps[0].image",
      rule: imageRule,
      hint: "leave out the scheme `http://` or `https://`",
    },
  ],
  [
    "an empty build folder",
    app({ image: undefined, build: { context: "" } }),
    { path: "apps[0].build.context", rule: "must not be empty" },
  ],
  [
    "an empty command of a health check",
    app({ healthCheck: { command: [] } }),
    { path: "apps[0].healthCheck.command", rule: "must not be an empty list" },
  ],
  [
    "a variable with a hyphen",
    app({ environment: { "LOG-LEVEL": "debug" } }),
    {
      path: 'apps[0].environment["LOG-LEVEL"]',
      rule: "must be a name of letters, digits and underscores",
    },
  ],
  // Between settings: apps
  [
    "neither image nor build",
    { apps: [{ name: "shop" }] },
    {
      path: "apps[0]",
      rule: "must have either `image` or `build`",
      hint: "add `image: <name>:<version>`, or `build: { context: <folder> }`",
    },
  ],
  [
    "both image and build",
    app({ build: { context: "shop" } }),
    { path: "apps[0]", rule: "must have either `image` or `build`", hint: "remove one of the two" },
  ],
  [
    "two apps of one name",
    apps({ name: "shop" }, { name: "shop" }),
    { path: "apps[1].name", rule: "must differ from apps[0].name" },
  ],
  [
    "two apps of one name, with aliases and jobs of their own",
    apps({ name: "shop", alias: "a", jobName: "a" }, { name: "shop", alias: "b", jobName: "b" }),
    { path: "apps[1].name", rule: "must differ from apps[0].name" },
  ],
  [
    "an alias that is another app's name",
    apps({}, { alias: "app-0" }),
    { path: "apps[1].alias", rule: "must differ from apps[0].name" },
  ],
  [
    "two jobs of one name",
    apps({ jobName: "web" }, { jobName: "web" }),
    { path: "apps[1].jobName", rule: "must differ from apps[0].jobName" },
  ],
  [
    "Prometheus' alias",
    app({ alias: "prometheus" }),
    { path: "apps[0].alias", rule: "must not be the alias of Prometheus" },
  ],
  [
    "Grafana's alias by the app's name",
    app({ name: "grafana" }),
    { path: "apps[0].name", rule: "must not be the alias of Grafana" },
  ],
  [
    "localhost as alias",
    app({ alias: "localhost" }),
    { path: "apps[0].alias", rule: "must not be each container's name for itself" },
  ],
  [
    "the engine's job",
    app({ jobName: "docker" }),
    { path: "apps[0].jobName", rule: "must not be the job that scrapes the Docker Engine" },
  ],
  [
    "one target for three replicas",
    app({ replicas: 3, discovery: "static" }),
    {
      path: "apps[0].discovery",
      rule: "must be `dns` for 3 replicas: as one target, each scrape would reach any of them",
      hint: "remove the line",
    },
  ],
  [
    "a writable folder listed twice",
    app({ writablePaths: ["/tmp", "/tmp/"] }),
    { path: "apps[0].writablePaths[1]", rule: "must not be listed twice" },
  ],
  [
    "the whole file system as a writable folder",
    app({ writablePaths: ["/"] }),
    { path: "apps[0].writablePaths[0]", rule: "must be a folder below `/`" },
  ],
  [
    "a writable folder over the secrets",
    {
      ...secretValues,
      ...app({ writablePaths: ["/run"], secrets: { KEY: { config: "shopKey" } } }),
    },
    {
      path: "apps[0].writablePaths[0]",
      rule: "must not hide /run/secrets, where the app's secrets are",
    },
  ],
  [
    "a volume where a folder in memory is",
    app({ volumes: [{ name: "data", path: "/tmp/" }] }),
    { path: "apps[0].writablePaths[0]", rule: "must not be listed twice" },
  ],
  [
    "a volume with data and no name",
    app({ volumes: [{ path: "/data" }] }),
    {
      path: "apps[0].volumes[0].name",
      rule: "is required",
      hint: "name: data; or, if the data may go with the app, `temporary: true`",
    },
  ],
  [
    "a volume with the name of the secrets'",
    {
      ...secretValues,
      ...app({
        secrets: { KEY: { config: "shopKey" } },
        volumes: [{ name: "secrets", path: "/data", shared: true }],
      }),
    },
    {
      path: "apps[0].volumes[0].name",
      rule: "must differ: its volume would be shop-secrets, and so is the volume with the secrets of shop",
    },
  ],
  [
    "files without a content, and with two",
    app({ files: [{ path: "/etc/a/x" }, { path: "/etc/b/x", source: "x", text: "x" }] }),
    { path: "apps[0].files[0]", rule: "must have either `text`, `source` or `secret`" },
    { path: "apps[0].files[1]", rule: "must have either `text`, `source` or `secret`" },
  ],
  [
    "two files of a folder that are read again in two ways",
    app({
      files: [
        { path: "/etc/a/x", text: "x" },
        { path: "/etc/a/y", text: "y", reload: "SIGHUP" },
      ],
    }),
    {
      path: "apps[0].files[1].reload",
      rule: "must be replace, as for /etc/a/x in the same folder",
    },
  ],
  [
    "an app that waits for none of the stack's",
    app({ after: ["db"] }),
    { path: "apps[0].after[0]", rule: "must be the name of an app of this stack" },
  ],
  [
    "apps that wait for each other",
    apps({ name: "one", after: ["two"] }, { name: "two", after: ["one"] }),
    {
      path: "apps[0].after[0]",
      rule: "must not be an app that waits for this one: one → two → one",
    },
    {
      path: "apps[1].after[0]",
      rule: "must not be an app that waits for this one: two → one → two",
    },
  ],
  [
    "a secret that is generated by another command",
    app({ secrets: { A: { config: "newKey", generate: true } } }),
    {
      path: "apps[0].secrets.A.config",
      rule: "must be a key that the stack's config has",
      hint: "`npm run up` generates it",
    },
  ],
  [
    "a volume of an app that is not there",
    apps({ name: "one", volumes: [{ name: "data", path: "/data", from: "two" }] }),
    {
      path: "apps[0].volumes[0].from",
      rule: "must be the name of another app of this stack",
    },
  ],
  [
    "a volume of an app that does not share it",
    apps(
      { name: "one", volumes: [{ name: "data", path: "/data", from: "two" }] },
      { name: "two", volumes: [{ name: "data", path: "/data" }] },
    ),
    {
      path: "apps[0].volumes[0].from",
      rule: "must be an app with a shared volume data",
      hint: "in two: volumes: [{ name: data, path: <folder>, shared: true }]",
    },
  ],
  [
    "another app's volume, written to by another user",
    apps(
      { name: "one", user: "1:1", volumes: [{ name: "data", path: "/data", from: "two" }] },
      { name: "two", volumes: [{ name: "data", path: "/data", shared: true }] },
    ),
    {
      path: "apps[0].user",
      rule: "must be 65532:65532, as for two, whose volume data it writes to",
      hint: "or mount it with `readOnly: true`",
    },
  ],
  [
    "another app's volume, with what is for that app to say",
    apps(
      {
        name: "one",
        volumes: [{ name: "data", path: "/data", from: "two", shared: true, backup: "none" }],
      },
      { name: "two", volumes: [{ name: "data", path: "/data", shared: true }] },
    ),
    {
      path: "apps[0].volumes[0].backup",
      rule: "is for two to say, whose volume it is",
    },
    {
      path: "apps[0].volumes[0].shared",
      rule: "is for two to say, whose volume it is",
    },
  ],
  [
    "a volume of an app that waits for this one",
    apps(
      { name: "one", volumes: [{ name: "data", path: "/data", from: "two" }] },
      { name: "two", after: ["one"], volumes: [{ name: "data", path: "/data", shared: true }] },
    ),
    {
      path: "apps[0].volumes[0].from",
      rule: "must not be an app that needs this one: one → two → one",
    },
  ],
  [
    "volumes of each other",
    apps(
      {
        name: "one",
        volumes: [
          { name: "a", path: "/a", from: "two" },
          { name: "b", path: "/b", shared: true },
        ],
      },
      {
        name: "two",
        volumes: [
          { name: "a", path: "/a", shared: true },
          { name: "b", path: "/b", from: "one" },
        ],
      },
    ),
    {
      path: "apps[0].volumes[0].from",
      rule: "must not be an app that needs this one: one → two → one",
    },
    {
      path: "apps[1].volumes[1].from",
      rule: "must not be an app that needs this one: two → one → two",
    },
  ],
  [
    "a word of Docker Compose",
    app({ depends_on: ["db"] }),
    {
      path: "apps[0].depends_on",
      rule: "is not a setting",
      hint: "write `after: [<app>]`: it waits until that app serves",
    },
  ],
  [
    "a word of Docker Compose that there is no setting for",
    app({ mem_limit: "1g", container_name: "db" }),
    {
      path: "apps[0].container_name",
      rule: "is not a setting",
      hint: "leave it out: containers are called `<project>-<stack>-<app>-<n>`, and `alias` is their name on the network",
    },
    { path: "apps[0].mem_limit", rule: "is not a setting", hint: "write `memoryMb: <MiB>`" },
  ],
  // Between settings: host ports
  [
    "a port range into another app's",
    apps({ publishPort: 8010, replicas: 3 }, { publishPort: 8012 }),
    {
      path: "apps[1].publishPort",
      rule: "must not overlap with apps[0].publishPort, which takes 127.0.0.1:8010-8012",
      hint: "8013 is not taken",
    },
  ],
  [
    "Prometheus' port on all addresses",
    app({ publishPort: 9090, publishAddress: "0.0.0.0" }),
    {
      path: "apps[0].publishPort",
      rule: "must not overlap with prometheus.publishPort, which takes 127.0.0.1:9090",
      hint: "9091 is not taken",
    },
  ],
  [
    "Grafana's port for Prometheus",
    { prometheus: { publishPort: 3000 } },
    {
      path: "grafana.publishPort",
      rule: "must not overlap with prometheus.publishPort, which takes 127.0.0.1:3000",
      hint: "3001 is not taken",
    },
  ],
  [
    "the engine's port",
    app({ publishPort: 9323 }),
    {
      path: "apps[0].publishPort",
      rule: "must not overlap with engineMetrics.address, which takes 0.0.0.0:9323",
      hint: "9324 is not taken",
    },
  ],
  [
    "replicas beyond the last port",
    app({ publishPort: 65534, replicas: 3 }),
    { path: "apps[0].publishPort", rule: "must leave room for 3 replicas, so be at most 65533" },
  ],
  // Between settings: images
  [
    "Prometheus without a tag",
    { prometheus: { image: "registry:5000/prometheus" } },
    {
      path: "prometheus.image",
      rule: pinRule,
      hint: "write registry:5000/prometheus:<version>",
    },
  ],
  [
    "the latest Grafana",
    { grafana: { image: "grafana/grafana:latest" } },
    { path: "grafana.image", rule: pinRule, hint: "write grafana/grafana:<version>" },
  ],
  [
    "a base image without a tag",
    { builds: { baseImage: "debian" } },
    { path: "builds.baseImage", rule: pinRule, hint: "write debian:<version>" },
  ],
  // Between settings: engine and network
  [
    "a restart by no command",
    { engineMetrics: { restart: "command" } },
    {
      path: "engineMetrics.restartCommand",
      rule: "is required with `restart: command`",
      hint: 'write a list: ["<program>", "<argument>"]',
    },
  ],
  [
    "a restart command that is not used",
    { engineMetrics: { restartCommand: ["service", "docker", "restart"] } },
    {
      path: "engineMetrics.restart",
      rule: "must be `command` for `restartCommand` to be used",
      hint: "write `restart: command`, or remove `restartCommand`",
    },
  ],
  [
    "the engine's metrics on loopback",
    { engineMetrics: { address: "127.0.0.1:9323" } },
    {
      path: "engineMetrics.address",
      rule: "must not be a loopback address, which Prometheus in its container cannot reach",
      hint: "write 0.0.0.0 or the address of Docker's bridge, such as 172.17.0.1, or `mode: off`",
    },
  ],
  [
    "a subnet by the address of a host in it",
    { network: { subnet: "172.30.1.5/24" } },
    {
      path: "network.subnet",
      rule: "must start with its first address",
      hint: "write 172.30.1.0/24",
    },
  ],
  [
    "a subnet that is too small",
    { network: { subnet: "172.30.0.0/29" } },
    {
      path: "network.subnet",
      rule: "must have room for 7 containers and 3 more addresses",
    },
  ],
  [
    "a subnet that is too small by one address",
    { network: { subnet: "172.30.0.0/28" }, ...app({ replicas: 12 }) },
    {
      path: "network.subnet",
      rule: "must have room for 14 containers and 3 more addresses",
    },
  ],
  // Between settings: secrets
  [
    "a variable that a secret sets too",
    {
      ...secretValues,
      ...app({ environment: { KEY_FILE: "/key" }, secrets: { KEY: { config: "shopKey" } } }),
    },
    {
      path: "apps[0].secrets.KEY",
      rule: "must not set the variable KEY_FILE, which apps[0].environment sets too",
      hint: "remove one of the two",
    },
  ],
  [
    "a secret that was never set",
    app({ secrets: { KEY: { config: "mailPassword" } } }),
    {
      path: "apps[0].secrets.KEY.config",
      rule: "must be a key that the stack's config has",
      hint: "pulumi config set --secret mailPassword",
    },
  ],
  [
    "a secret whose key is misspelt",
    { shopKey: "hunter2", ...app({ secrets: { KEY: { config: "shopKye" } } }) },
    {
      path: "apps[0].secrets.KEY.config",
      rule: "must be a key that the stack's config has",
      hint: 'did you mean "shopKey"?',
    },
  ],
  [
    "a secret that was set in plain text",
    { mailPassword: "hunter2", ...app({ secrets: { KEY: { config: "mailPassword" } } }) },
    {
      path: "apps[0].secrets.KEY.config",
      rule: "must be a key that is stored encrypted",
      hint: "pulumi config set --secret mailPassword",
    },
  ],
  [
    "a setting as a secret",
    app({ secrets: { KEY: { config: "apps" } } }),
    {
      path: "apps[0].secrets.KEY.config",
      rule: "must not be a setting's own key",
      hint: "pulumi config set --secret <key>",
    },
  ],
  [
    "a secret itself in the place of its key",
    app({ secrets: { KEY: "hunter2" } }),
    {
      path: "apps[0].secrets.KEY",
      rule: groupRule,
      hint: "name the config key that holds it: `{ config: <key> }`",
    },
  ],
  // Scrape jobs
  [
    "a job without targets",
    jobs({ targets: [] }),
    {
      path: "scrapeJobs[0]",
      rule: "must have `targets`, `dns` or `targetsFolder`",
      hint: "targets: [nas.example:9100]",
    },
  ],
  [
    "a target by its web address",
    jobs({ targets: ["http://nas.example:9100"] }),
    {
      path: "scrapeJobs[0].targets[0]",
      rule: "must be a host and a port such as `nas.example:9100`",
      hint: "leave out the scheme `http://` or `https://`",
    },
  ],
  [
    "a target without a port",
    jobs({ targets: ["nas.example"] }),
    {
      path: "scrapeJobs[0].targets[0]",
      rule: "must be a host and a port such as `nas.example:9100`",
    },
  ],
  [
    "a target twice",
    jobs({ targets: ["nas:1", "nas:1"] }),
    { path: "scrapeJobs[0].targets[1]", rule: "must not be listed twice" },
  ],
  [
    "names whose records have no port",
    jobs({ dns: { names: ["nas.example"] } }),
    { path: "scrapeJobs[0].dns.port", rule: "is required for records of type A" },
  ],
  [
    "the job of an exporter, of an app, and of another scrape job",
    { ...app({}), ...jobs({ name: "node" }, { name: "shop" }, {}, {}) },
    { path: "scrapeJobs[0].name", rule: "must not be the job that scrapes node-exporter" },
    { path: "scrapeJobs[1].name", rule: "must differ from apps[0].name" },
    { path: "scrapeJobs[3].name", rule: "must differ from scrapeJobs[2].name" },
  ],
  [
    "another job by a label",
    jobs({ labels: { job: "x" }, relabel: [{ targetLabel: "job", replacement: "x" }] }),
    ...["labels.job", "relabel[0].targetLabel"].map((place) => ({
      path: `scrapeJobs[0].${place}`,
      rule: "must not set the label `job`, by which alerts know the targets",
      hint: "set scrapeJobs[0].name instead",
    })),
  ],
  [
    "a job's password and token in plain text",
    jobs(
      { basicAuth: { username: "p", password: "hunter2" } },
      { name: "other", bearerToken: "hunter3" },
    ),
    ...["[0].basicAuth.password", "[1].bearerToken"].map((place) => ({
      path: `scrapeJobs${place}`,
      rule: groupRule,
      hint: "pulumi config set --secret <key>, and name that key: `{ config: <key> }`",
    })),
  ],
  [
    "a job's token that was never set",
    jobs({ bearerToken: { config: "absent" } }),
    {
      path: "scrapeJobs[0].bearerToken.config",
      rule: "must be a key that the stack's config has",
      hint: "pulumi config set --secret absent",
    },
  ],
  [
    "two log-ins for one job",
    {
      ...secretValues,
      ...jobs({
        basicAuth: { username: "p", password: { config: "shopKey" } },
        bearerToken: { config: "payKey" },
      }),
    },
    {
      path: "scrapeJobs[0].bearerToken",
      rule: "must not stand beside `basicAuth`: a target is sent one log-in",
      hint: "remove one of the two",
    },
  ],
  [
    "certificates for plain HTTP, and one without its key",
    jobs({ tls: {} }, { name: "other", scheme: "https", tls: { certificate: "client.pem" } }),
    { path: "scrapeJobs[0].tls", rule: "needs `scheme: https`", hint: "add `scheme: https`" },
    { path: "scrapeJobs[1].tls", rule: "must have both `certificate` and `key`, or neither" },
  ],
  // Probes
  [
    "probes of one name",
    probes({}, {}),
    { path: "probes[1].name", rule: "must differ from probes[0].name" },
  ],
  [
    "a probe without a scheme",
    probes({ url: "shop.example" }),
    { path: "probes[0].url", rule: "must start with `http://` or `https://`" },
  ],
  [
    "a probe that takes longer than its interval",
    probes({ intervalSeconds: 5, timeoutSeconds: 5 }),
    { path: "probes[0].timeoutSeconds", rule: "must be less than intervalSeconds, which is 5" },
  ],
  [
    "a probe's label of its own",
    probes({ labels: { probe: "x" } }),
    {
      path: "probes[0].labels.probe",
      rule: "must not set the label `probe`, by which alerts know it",
    },
  ],
  [
    "an app and a scrape job with the probes' name",
    { ...app({ name: "probes" }), ...jobs({ name: "probes" }) },
    ...["apps[0].name", "scrapeJobs[0].name"].map((path) => ({
      path,
      rule: "must not be the job that scrapes blackbox-exporter",
    })),
  ],
  // Registries
  [
    "a password in plain text",
    { registryAuth: [{ ...login, password: "hunter2" }] },
    {
      path: "registryAuth[0].password",
      rule: groupRule,
      hint: "pulumi config set --secret <key>, and write `password: { config: <key> }`",
    },
  ],
  [
    "a password that is not stored encrypted",
    { plainKey: "hunter2", registryAuth: [{ ...login, password: { config: "plainKey" } }] },
    {
      path: "registryAuth[0].password.config",
      rule: "must be a key that is stored encrypted",
      hint: "pulumi config set --secret plainKey",
    },
  ],
  [
    "a password that was never set",
    { registryAuth: [{ ...login, password: { config: "absent" } }] },
    {
      path: "registryAuth[0].password.config",
      rule: "must be a key that the stack's config has",
      hint: "pulumi config set --secret absent",
    },
  ],
  ...["https://r.example", "r.example/team", "registry", ""].map(
    (registry): [string, Raw, Mistake] => [
      `a registry that is none: ${registry}`,
      { ...secretValues, registryAuth: [{ ...login, registry }] },
      {
        path: "registryAuth[0].registry",
        rule: hostRule,
        hint: registry.startsWith("https")
          ? "leave out the scheme `http://` or `https://`"
          : undefined,
      },
    ],
  ),
  [
    "two log-ins for one registry, by two of its names",
    {
      ...secretValues,
      registryAuth: [
        { ...login, registry: "docker.io" },
        { ...login, registry: "index.docker.io" },
      ],
    },
    { path: "registryAuth[1].registry", rule: "must differ from registryAuth[0].registry" },
  ],
  [
    "a mirror as plain text",
    { imageMirror: "mirror.example" },
    {
      path: "imageMirror",
      rule: groupRule,
      hint: "write `imageMirror: { registry: <host>/<path> }`",
    },
  ],
  [
    "a mirror with a scheme",
    { imageMirror: { registry: "https://mirror.example/hub" } },
    {
      path: "imageMirror.registry",
      rule: "must be a registry, with a path if it has one, such as `mirror.example:5000/hub`",
      hint: "leave out the scheme `http://` or `https://`",
    },
  ],
  [
    "exceptions of no mirror",
    { imageMirror: { except: ["registry.example"] } },
    {
      path: "imageMirror.registry",
      rule: "is required with `except`",
      hint: "name the mirror, or remove `imageMirror`",
    },
  ],
];

describe("a mistake", () => {
  it.each(mistakes)("is found with its place, rule and hint: %s", (_, raw, ...expected) => {
    const found = findProblems(raw).map(({ path, rule, hint }) => ({ path, rule, hint }));
    // toEqual, so that a hint may be missing or undefined.
    expect(found).toEqual(expected);
  });

  it("stays one mistake for each path", () => {
    const raw = apps({ name: "docker" }, { name: "docker" });
    expect(findProblems(raw).map(({ path }) => path)).toStrictEqual([
      "apps[0].name",
      "apps[1].name",
    ]);
  });

  it("never speaks in zod's words", () => {
    const said = mistakes.map(([, raw]) => JSON.stringify(findProblems(raw))).join("\n");
    expect(said).not.toMatch(/Invalid|expected|received|Unrecognized|Too (small|big)/);
  });

  it("shows what was given", () => {
    expect(findProblems(app({ replicas: "3" }))).toEqual([
      expect.objectContaining({ path: "apps[0].replicas", value: '"3"' }),
    ]);
  });

  it("comes with all others, also those between settings", () => {
    const raw = {
      grafana: false,
      apps: [
        { name: "shop", image: "shop:1", replicas: "3", publishPort: 8010 },
        { name: "shop", image: "shop:1", port: 99999, publishPort: 8010 },
        { image: "nameless:1", publishPort: 8010, discovery: "static", replicas: 2 },
      ],
      engineMetrics: { restart: "command", mode: "on" },
    };
    expect(findProblems(raw).map(({ path }) => path)).toStrictEqual([
      "apps[0].replicas",
      "apps[1].name",
      "apps[1].port",
      "apps[2].discovery",
      "apps[2].name",
      "apps[2].publishPort",
      "engineMetrics.mode",
      "engineMetrics.restartCommand",
      "grafana",
    ]);
  });

  it("does not cause a second one where a broken value would have to be guessed", () => {
    const raw = { prometheus: { publishPort: "19090" }, ...app({ publishPort: 9090 }) };
    expect(findProblems(raw).map(({ path }) => path)).toStrictEqual(["prometheus.publishPort"]);
  });
});

describe("a value that may be a secret", () => {
  const mayBeSecret: readonly (readonly [string, Raw])[] = [
    ["an environment variable", app({ environment: { PIN: 481516 } })],
    ["a build argument", app({ image: undefined, build: { context: "a", args: { PIN: 481516 } } })],
    ["a secret in the place of its key", app({ secrets: { PIN: "481516" } })],
    [
      "a registry's password in the place of its key",
      { ...app({ replicas: -1 }), registryAuth: [{ ...login, password: "481516" }] },
    ],
    ["a secret in the place of the key's name", app({ secrets: { PIN: { config: "481516" } } })],
    ["a secret in the place of its kind", app({ secrets: { PIN: { config: "k", as: "481516" } } })],
  ];

  it.each(mayBeSecret)("is not shown: %s", (_, raw) => {
    const said = JSON.stringify(findProblems(raw));
    expect(said).toContain("apps[0]");
    expect(said).not.toContain("481516");
  });

  it("is not shown when a whole setting is encrypted", () => {
    const surroundings = { fileExists: () => true, secretKeys: new Set(["host"]) };
    const problems = findProblems({ host: { uri: "481516" } }, surroundings);
    expect(problems.map(({ path, value }) => [path, value])).toStrictEqual([
      ["host", undefined],
      ["host.uri", "text (not shown)"],
    ]);
  });
});

describe("an encrypted setting", () => {
  it("is refused, as its value would reach the state in plain text", () => {
    const surroundings = { fileExists: () => true, secretKeys: new Set(["apps"]) };
    expect(findProblems(app({ environment: { PIN: "481516" } }), surroundings)).toEqual([
      {
        path: "apps",
        rule: "must not be encrypted, nor hold an encrypted value",
        hint: "set the value under a key of its own, and name that key in the app's `secrets`, the log-in's `password` or the receiver",
      },
    ]);
  });
});

describe("a build folder", () => {
  const builds = apps(
    { image: undefined, build: { context: "missing" } },
    { image: undefined, build: { context: "../there", dockerfile: "Other" } },
    { image: undefined, build: { context: "/there" } },
  );

  it("must exist and hold its Dockerfile", () => {
    const existing = ["../there", "/there", "/there/Dockerfile"];
    const fileExists = (path: string) => existing.includes(path);
    const problems = findProblems(builds, { ...everythingExists, fileExists });
    expect(problems).toEqual([
      {
        path: "apps[0].build.context",
        value: '"missing"',
        rule: "must be an existing folder",
        hint: "a relative path starts at the project's folder",
      },
      {
        path: "apps[1].build.dockerfile",
        value: '"Other"',
        rule: "must be a file in ../there",
      },
    ]);
  });

  it.each(["/etc/Dockerfile", "../Dockerfile", "sub/../../Dockerfile"])(
    "holds its Dockerfile, so that the engine is given it: %s",
    (dockerfile) => {
      const raw = apps({ image: undefined, build: { context: "there", dockerfile } });
      expect(findProblems(raw)).toMatchObject([
        { path: "apps[0].build.dockerfile", rule: "must be a file in there" },
      ]);
    },
  );
});

describe("sound settings", () => {
  it("are all defaults when nothing is set", () => {
    const { settings } = unwrap(parseSettings({}, everythingExists));
    expect(settings).toStrictEqual(settingsSchema.parse({}));
    expect(settings.apps.map(({ name }) => name)).toStrictEqual(sampleApps.map(({ name }) => name));
  });

  it("are the same with the neutral defaults of Pulumi.yaml", () => {
    const project = parse(readFileSync(join(__dirname, "../../../../Pulumi.yaml"), "utf8")) as {
      config: Record<string, { default: unknown; description: string }>;
    };
    expect(Object.keys(project.config)).toStrictEqual(Object.keys(settingsSchema.shape));
    const raw = Object.fromEntries(
      Object.entries(project.config).map(([key, declared]) => [key, declared.default]),
    );
    expect(parseSettings(raw, everythingExists)).toStrictEqual(parseSettings({}, everythingExists));
  });

  it.each(["dev", "offline"])("are in Pulumi.%s.yaml", (stack) => {
    const path = join(__dirname, `../../../../Pulumi.${stack}.yaml`);
    const file = parse(readFileSync(path, "utf8")) as { config?: Raw };
    const raw = Object.fromEntries(
      Object.entries(file.config ?? {}).map(([key, value]) => [
        key.replace("glasshouse:", ""),
        value,
      ]),
    );
    expect(findProblems(raw)).toStrictEqual([]);
  });

  it("may name the chapter's own images, which have no version", () => {
    const raw = {
      apps: [
        { name: "image-gallery", image: "diamol/ch09-image-gallery", publishPort: 8010 },
        {
          name: "iotd",
          image: "diamol/ch09-image-of-the-day:linux-amd64",
          metricsPath: "/actuator/prometheus",
          jobName: "iotd-api",
        },
        { name: "access-log", alias: "accesslog", image: "diamol/ch09-access-log", replicas: 3 },
      ],
    };
    const { settings, warnings } = unwrap(parseSettings(raw, everythingExists));
    expect(settings.apps.map(({ alias, discovery }) => [alias, discovery])).toStrictEqual([
      ["image-gallery", "static"],
      ["iotd", "static"],
      ["accesslog", "dns"],
    ]);
    expect(warnings.filter((warning) => warning.includes("names no version"))).toHaveLength(2);
  });

  it.each<[string, Raw]>([
    ["no apps at all", { apps: [] }],
    ["a name that objects inherit", app({ name: "constructor" })],
    ["a writable root file system", app({ readOnly: false })],
    [
      "the engine's port with its metrics off",
      { engineMetrics: { mode: "off" }, ...app({ publishPort: 9323 }) },
    ],
    [
      "loopback with the engine's metrics off",
      { engineMetrics: { mode: "off", address: "127.0.0.1:9323" } },
    ],
    [
      "Grafana's port and any image without Grafana",
      { grafana: { deploy: "never", image: "grafana/grafana" }, ...app({ publishPort: 3000 }) },
    ],
    ["one port on two addresses", app({ publishPort: 9090, publishAddress: "192.0.2.1" })],
    [
      "a published app without replicas",
      apps({ publishPort: 8010, replicas: 0 }, { publishPort: 8010 }),
    ],
    ["the last port", app({ publishPort: 65533, replicas: 3 })],
    ["an image by digest", { prometheus: { image: `prom/prometheus@sha256:${"a".repeat(64)}` } }],
    ["a registry with a port", { prometheus: { image: "registry:5000/prometheus:v3" } }],
    [
      "secrets, one of them as a variable",
      {
        ...secretValues,
        ...app({
          secrets: { KEY: { config: "shopKey" }, PAY: { config: "payKey", as: "environment" } },
        }),
      },
    ],
    ["a subnet with room to spare", { network: { subnet: "172.30.0.0/24" } }],
    [
      "a subnet with just enough room: 16 addresses, of which the engine keeps 3",
      { network: { subnet: "172.30.0.0/28" }, ...app({ replicas: 11 }) },
    ],
    [
      "a restart by command",
      { engineMetrics: { restart: "command", restartCommand: ["restart"] } },
    ],
  ])("may have %s", (_, raw) => {
    expect(findProblems(raw)).toStrictEqual([]);
  });
});

describe("a warning", () => {
  const quiet = { engineMetrics: { mode: "off" } };

  it("is not given without a reason", () => {
    expect(findWarnings(quiet)).toStrictEqual([]);
  });

  it("is given for encrypted config that nothing uses", () => {
    const surroundings = { fileExists: () => true, secretKeys: new Set(["oldKey"]) };
    const { warnings } = unwrap(parseSettings({ ...quiet, oldKey: "hunter2" }, surroundings));
    expect(warnings).toStrictEqual([
      "oldKey is encrypted config that no app's `secrets`, no log-in, no receiver and none of `scrapeJobs` names.",
    ]);
  });

  it.each<[string, Raw, string]>([
    [
      "an engine that everyone can ask",
      {},
      "engineMetrics.address 0.0.0.0:9323 lets other machines read",
    ],
    [
      "Prometheus for everyone",
      { ...quiet, prometheus: { publishAddress: "0.0.0.0" } },
      "prometheus.publishAddress 0.0.0.0 lets other machines in",
    ],
    [
      "Grafana for everyone",
      { ...quiet, grafana: { publishAddress: "192.0.2.1" } },
      "grafana.publishAddress 192.0.2.1 lets",
    ],
    [
      "an app for everyone",
      { ...quiet, ...app({ publishPort: 80, publishAddress: "0.0.0.0" }) },
      "apps[0].publishAddress 0.0.0.0 lets",
    ],
    [
      "an app that does not run",
      { ...quiet, ...app({ replicas: 0 }) },
      "apps[0].replicas is 0: shop does not run",
    ],
    [
      "an app without a version",
      { ...quiet, ...app({ image: "localhost:5000/shop" }) },
      "apps[0].image localhost:5000/shop names no version",
    ],
    ["the latest app", { ...quiet, ...app({ image: "shop:latest" }) }, "Write shop:<version>"],
    [
      "scrapes too far apart",
      { ...quiet, ...app({ scrapeIntervalSeconds: 300 }) },
      "apps[0].scrapeIntervalSeconds 300 is above 150",
    ],
    [
      "questions too far apart",
      { ...quiet, probes: [{ name: "site", url: "http://site/", intervalSeconds: 300 }] },
      "probes[0].intervalSeconds 300 is above 150",
    ],
  ])("is given for %s", (_, raw, expected) => {
    expect(findWarnings(raw)).toEqual([expect.stringContaining(expected)]);
  });
});

it("tells the first of two problems of one setting, in the order of the checks", () => {
  const names = findProblems(apps({ name: "prometheus" }, { name: "prometheus" }));
  expect(names.map(({ path, rule }) => [path, rule])).toStrictEqual([
    ["apps[0].name", "must not be the alias of Prometheus"],
    ["apps[1].name", "must differ from apps[0].name"],
  ]);
});
