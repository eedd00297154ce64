import { app, groupRule, imageRule, label, wholeNumberOf, type MistakeCase } from "./mistake";

/** Of one app. */
export const appMistakes: readonly MistakeCase[] = [
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
  [
    "both image and build",
    app({ build: { context: "shop" } }),
    { path: "apps[0]", rule: "must have either `image` or `build`", hint: "remove one of the two" },
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
    "a secret that is generated by another command",
    app({ secrets: { A: { config: "newKey", generate: true } } }),
    {
      path: "apps[0].secrets.A.config",
      rule: "must be a key that the stack's config has",
      hint: "`npm run up` generates it",
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
];
