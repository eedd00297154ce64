import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import {
  parseSettings,
  type ParsedSettings,
  type SettingsSurroundings,
} from "../../../../config/settings/parseSettings";
import { sampleApps } from "../../../../config/samples";
import { settingsSchema } from "../../../../config/settings/settings";
import { appMistakes } from "./mistakes/appMistakes";
import { crossMistakes } from "./mistakes/crossMistakes";
import { jobMistakes } from "./mistakes/jobMistakes";
import { secretMistakes } from "./mistakes/secretMistakes";
import { serverMistakes } from "./mistakes/serverMistakes";
import { app, apps, login, secretValues, type MistakeCase, type Raw } from "./mistakes/mistake";

const everythingExists: SettingsSurroundings = {
  fileExists: () => true,
  secretKeys: new Set(["shopKey", "payKey"]),
};

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

const mistakes: MistakeCase[] = [
  ...appMistakes,
  ...crossMistakes,
  ...jobMistakes,
  ...serverMistakes,
  ...secretMistakes,
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
