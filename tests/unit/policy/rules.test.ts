import type { PolicyRuleName } from "../../../config/policyRules";
import { policyRuleNames } from "../../../config/policyRules";
import { checkRule, listUnusedExceptions, renderViolation } from "../../../policy/checkRule";
import { rules } from "../../../policy/rules";
import { leaveOutLeaving } from "../../../policy/stackFacts";
import { buildStack, type SampleStack } from "./sampleStack";

/** What each rule finds, as `resource problem`; a rule that finds nothing is left out. */
function check(given: SampleStack): Partial<Record<PolicyRuleName, string[]>> {
  const stack = buildStack(given);
  const found = rules.map((rule) => [
    rule.name,
    checkRule(rule, stack).map(({ resource, problem }) => `${resource} ${problem}`),
  ]);
  return Object.fromEntries(found.filter(([, problems]) => problems?.length !== 0)) as Partial<
    Record<PolicyRuleName, string[]>
  >;
}

const secret = (problem: string) => ({
  "no-plain-secrets": [`shop has a secret that is not kept: ${problem}`],
});
/** Taken apart, so that nobody who looks for leaked tokens finds one here. */
const githubToken = ["ghp", "a1".repeat(18)].join("_");
const keyBlock = ["-----BEGIN", "PRIVATE", "KEY-----"].join(" ");

describe("a service of a Swarm", () => {
  it("keeps every rule, as containers do", () => {
    expect(check({ service: {} })).toStrictEqual({});
  });

  it.each<[string, SampleStack["service"], Partial<Record<PolicyRuleName, string[]>>]>([
    ["root", { user: "0:0" }, { "non-root": ["shop runs as root (user 0:0)"] }],
    [
      "no health check",
      { healthCheck: undefined },
      { "health-check": ["shop has no health check"] },
    ],
    [
      "a published port",
      { ports: [{ port: 80, hostPort: 8080 }] },
      { "loopback-only": ["shop is published on 0.0.0.0, which other machines reach"] },
    ],
    [
      "a password in the environment",
      { environment: { DB_PASSWORD: "hunter2" } },
      secret("the environment variable DB_PASSWORD holds a value in plain text"),
    ],
    [
      "a password in a plain file",
      { configs: { "/etc/shop.conf": "password = hunter2\n" } },
      secret("in the file /etc/shop.conf, the field password holds a value in plain text"),
    ],
  ])("breaks one with %s", (_, service, problems) => {
    expect(check({ service: service! })).toStrictEqual(problems);
  });

  it("has a health check by the Dockerfile of its image", () => {
    const dockerfile = "FROM debian:13\nHEALTHCHECK CMD true\n";
    expect(check({ dockerfile, service: { healthCheck: undefined } })).toStrictEqual({});
  });
});

describe("a stack that breaks a rule", () => {
  it.each<[string, SampleStack, Partial<Record<PolicyRuleName, string[]>>]>([
    [
      "an image `latest`",
      { image: { name: "shop:latest" } },
      { "no-latest": ["shop runs shop:latest, which names no version"] },
    ],
    [
      "an image without a tag",
      { image: { name: "reg:5000/shop" } },
      { "no-latest": ["shop runs reg:5000/shop, which names no version"] },
    ],
    [
      "a Dockerfile from `latest`",
      { dockerfile: "FROM node\nRUN true" },
      { "no-latest": ["shop is built from node, which names no version"] },
    ],
    [
      "a password in the environment",
      { container: { envs: ["DB_PASSWORD=hunter2"] } },
      secret("the environment variable DB_PASSWORD holds a value in plain text"),
    ],
    [
      "an API key in camel case",
      { container: { envs: ["myApiKey=abc"] } },
      secret("the environment variable myApiKey holds a value in plain text"),
    ],
    [
      "a URL with a password",
      { container: { envs: ["DATABASE_URL=postgres://shop:hunter2@db/shop"] } },
      secret("the environment variable DATABASE_URL holds what looks like a URL with a password"),
    ],
    [
      "a token in a harmless variable",
      { container: { envs: [`GREETING=${githubToken}`] } },
      secret("the environment variable GREETING holds what looks like a GitHub token"),
    ],
    [
      "a secret label",
      { container: { labels: [{ label: "proxy.auth-token", value: "abc" }] } },
      secret("the label proxy.auth-token holds a value in plain text"),
    ],
    [
      "a secret option",
      { container: { command: ["serve", "--admin-password=hunter2"] } },
      secret("the command's option admin-password holds a value in plain text"),
    ],
    [
      "a secret option in two words",
      { container: { command: ["--token", "abc"] } },
      secret("the command's option token holds a value in plain text"),
    ],
    [
      "a secret build argument",
      { image: { buildArgs: { NPM_TOKEN: "abc" } } },
      secret("the build argument NPM_TOKEN holds a value in plain text"),
    ],
    [
      "a published port",
      { container: { ports: [{ ip: "0.0.0.0", external: 80 }] } },
      { "loopback-only": ["shop is published on 0.0.0.0, which other machines reach"] },
    ],
    [
      "a port without an address",
      { container: { ports: [{ external: 80 }] } },
      { "loopback-only": ["shop is published on every address, which other machines reach"] },
    ],
    [
      "no health check",
      { container: { healthcheck: undefined } },
      { "health-check": ["shop has no health check"] },
    ],
    [
      "a health check switched off",
      { container: { healthcheck: { tests: ["NONE"] } } },
      { "health-check": ["shop has no health check"] },
    ],
    [
      "a health check of another stage",
      {
        container: { healthcheck: undefined },
        dockerfile: "FROM a:1 AS b\nHEALTHCHECK CMD true\nFROM b",
      },
      { "health-check": ["shop has no health check"] },
    ],
    ["root", { container: { user: "0:0" } }, { "non-root": ["shop runs as root (user 0:0)"] }],
    [
      "root by name",
      { container: { user: "root" } },
      { "non-root": ["shop runs as root (user root)"] },
    ],
    [
      "the image's user",
      { container: { user: undefined } },
      { "non-root": ["shop runs as the image's user, which may be root"] },
    ],
  ])("%s", (_, given, expected) => {
    expect(check(given)).toStrictEqual(expected);
  });

  it("is seen by each rule above", () => {
    expect(rules.map(({ name }) => name)).toStrictEqual([...policyRuleNames]);
  });

  it("is seen in files that are no secrets", () => {
    const prometheusYml = "scrape_configs: []\n";
    const problem = "prometheus has a secret that is not kept:";
    expect(check({ prometheusYml: `${prometheusYml}x:\n  password: hunter2\n` })).toStrictEqual({
      "no-plain-secrets": [
        `${problem} in the file prometheus.yml, the field password holds a value in plain text`,
      ],
    });
    expect(check({ prometheusYml: `${prometheusYml}# ${keyBlock}\n` })).toStrictEqual({
      "no-plain-secrets": [
        `${problem} the file prometheus.yml holds what looks like a private key`,
      ],
    });
  });

  it("is offered a health check that works in an image without curl", () => {
    const stack = buildStack({ container: { healthcheck: undefined } });
    const rule = rules.find(({ name }) => name === "health-check")!;
    const table = "   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000";
    const [, pattern = ""] = /grep -q '([^']+)'/.exec(rule.find(stack)[0]?.hint ?? "") ?? [];
    expect(table).toMatch(new RegExp(pattern));
    expect(table.replace(" 0A ", " 01 ")).not.toMatch(new RegExp(pattern));
    expect(table.replace("1F90", "0050")).not.toMatch(new RegExp(pattern));
  });

  it("is told what to do, and never the secret", () => {
    const stack = buildStack({ container: { envs: ["DB_PASSWORD=hunter2"], user: "root" } });
    const texts = rules.flatMap((rule) =>
      checkRule(rule, stack).map((violation) => renderViolation(rule, violation)),
    );
    expect(texts).toHaveLength(2);
    expect(texts.join("\n")).not.toContain("hunter2");
    expect(texts[1]).toBe(
      "shop runs as root (user root). Set `user` of the app `shop` (`glasshouse:apps`) to another user.\n" +
        "  To allow it all the same, write into the stack file: " +
        "glasshouse:policy: { allow: [{ rule: non-root, resource: shop, reason: <why> }] }",
    );
  });
});

describe("a stack that keeps the rules", () => {
  it.each<[string, SampleStack]>([
    ["as it comes", {}],
    ["a digest for a tag", { image: { name: `shop@sha256:${"0".repeat(64)}` } }],
    ["a registry's port and a tag", { image: { name: "reg:5000/shop:1" } }],
    [
      "a base image by a build argument, and its stages",
      {
        dockerfile:
          "ARG BASE\nFROM ${BASE} AS build\nFROM --platform=linux/amd64 debian:13 AS run\nFROM build\nFROM scratch",
      },
    ],
    [
      "the name of a secret's file",
      { container: { envs: ["DB_PASSWORD_FILE=/run/secrets/DB_PASSWORD"] } },
    ],
    [
      "the address and the life of tokens",
      {
        container: {
          envs: ["TOKEN_URL=https://login.example/token", "TOKEN_TTL=60", "MAX_TOKENS=5"],
        },
      },
    ],
    [
      "names that only sound alike",
      {
        container: {
          envs: ["MONKEY=1", "PUBLIC_KEY=abc", "SORT_KEY=name", "PASSWORD_MIN_LENGTH=8"],
        },
      },
    ],
    [
      "a secret that is empty, a switch, a reference or a path",
      {
        container: {
          envs: [
            "TOKEN=",
            "SECRET=true",
            "PASSWORD=${DB_PASSWORD}",
            "API_KEY=/run/secrets/API_KEY",
          ],
        },
      },
    ],
    ["a URL with a user only", { container: { envs: ["URL=https://shop@example.com/a:b@c"] } }],
    [
      "a file for the token",
      { container: { command: ["--token-file", "/run/secrets/T", "--token", "--verbose"] } },
    ],
    [
      "secrets in the volume for secrets",
      { secretFiles: { password: "password: hunter2", key: keyBlock } },
    ],
    ["another loopback address", { container: { ports: [{ ip: "127.0.0.2" }, { ip: "::1" }] } }],
    ["nothing published", { container: { ports: [] } }],
    [
      "a health check in the Dockerfile",
      {
        container: { healthcheck: undefined },
        dockerfile: "FROM a:1\nHEALTHCHECK --interval=5s \\\n  CMD true",
      },
    ],
    ["a user by name", { container: { user: "rooted:root" } }],
  ])("%s", (_, given) => {
    expect(check(given)).toStrictEqual({});
  });
});

describe("an exception", () => {
  const root = { container: { user: "root" } };
  const reason = "it is a test";

  it("allows what it names", () => {
    const exceptions = [{ rule: "non-root", resource: "shop", reason } as const];
    expect(check({ ...root, exceptions })).toStrictEqual({});
    expect(listUnusedExceptions(buildStack({ ...root, exceptions }))).toStrictEqual([]);
  });

  it.each([
    { rule: "non-root", resource: "cart", reason } as const,
    { rule: "health-check", resource: "shop", reason } as const,
  ])("allows nothing else: $rule of $resource, and is told to be of no use", (exception) => {
    const given = { ...root, exceptions: [exception] };
    expect(Object.keys(check(given))).toStrictEqual(["non-root"]);
    expect(listUnusedExceptions(buildStack(given))).toStrictEqual([exception]);
  });
});

describe("what goes with the update", () => {
  const bad = { container: { user: "root" } };
  const broken = (given: SampleStack): number =>
    rules.flatMap((rule) => checkRule(rule, leaveOutLeaving(buildStack(given)))).length;

  it("is not held against a stack: an app that goes, and replicas that go", () => {
    expect(broken({ ...bad, appUrls: {} })).toBe(0);
    expect(broken({ ...bad, replicas: 0 })).toBe(0);
  });

  it("is nothing else", () => {
    expect(broken(bad)).toBeGreaterThan(0);
    expect(broken({ ...bad, appUrls: { shop: [] } })).toBe(broken(bad));
    expect(broken({ ...bad, replicas: 1 })).toBeGreaterThan(0);
  });
});
