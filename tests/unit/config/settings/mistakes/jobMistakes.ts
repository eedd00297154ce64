import { groupRule, jobs, probes, type MistakeCase } from "./mistake";

/** Of scrape jobs and probes. */
export const jobMistakes: readonly MistakeCase[] = [
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
];
