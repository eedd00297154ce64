import { app, apps, groupRule, jobs, type MistakeCase } from "./mistake";

/** Between apps, and between apps and others. */
export const crossMistakes: readonly MistakeCase[] = [
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
  // Required
  ["no name", { apps: [{ image: "shop:1" }] }, { path: "apps[0].name", rule: "is required" }],
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
    "a subnet that is too small by one address",
    { network: { subnet: "172.30.0.0/28" }, ...app({ replicas: 12 }) },
    {
      path: "network.subnet",
      rule: "must have room for 14 containers and 3 more addresses",
    },
  ],
  [
    "the job of an exporter, of an app, and of another scrape job",
    { ...app({}), ...jobs({ name: "node" }, { name: "shop" }, {}, {}) },
    { path: "scrapeJobs[0].name", rule: "must not be the job that scrapes node-exporter" },
    { path: "scrapeJobs[1].name", rule: "must differ from apps[0].name" },
    { path: "scrapeJobs[3].name", rule: "must differ from scrapeJobs[2].name" },
  ],
  [
    "an app and a scrape job with the probes' name",
    { ...app({ name: "probes" }), ...jobs({ name: "probes" }) },
    ...["apps[0].name", "scrapeJobs[0].name"].map((path) => ({
      path,
      rule: "must not be the job that scrapes blackbox-exporter",
    })),
  ],
];
