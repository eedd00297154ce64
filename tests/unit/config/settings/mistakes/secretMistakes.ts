import { app, groupRule, hostRule, jobs, login, secretValues, type MistakeCase } from "./mistake";

/** Of secrets, and of registries' log-ins. */
export const secretMistakes: readonly MistakeCase[] = [
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
  ...["https://r.example", "r.example/team", "registry", ""].map((registry): MistakeCase => [
    `a registry that is none: ${registry}`,
    { ...secretValues, registryAuth: [{ ...login, registry }] },
    {
      path: "registryAuth[0].registry",
      rule: hostRule,
      hint: registry.startsWith("https")
        ? "leave out the scheme `http://` or `https://`"
        : undefined,
    },
  ]),
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
];
