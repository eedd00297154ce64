import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { parseSettings } from "../../../config/settings/parseSettings";
import type { Settings } from "../../../config/settings/settings";

const project = join(__dirname, "../../..");
/** Every stack file of the repository; those that tests write come and go. */
const stacks = ["dev", "offline", "staging", "prod", "swarm"];

/** A stack file's settings, with `glasshouse:` taken off its keys. */
function readStackFile(stack: string): Record<string, unknown> {
  const { config } = parse(readFileSync(join(project, `Pulumi.${stack}.yaml`), "utf8")) as {
    config: Record<string, unknown>;
  };
  const entries = Object.entries(config);
  for (const [key] of entries) expect(key).toMatch(/^glasshouse:/);
  return Object.fromEntries(
    entries.map(([key, value]) => [key.slice("glasshouse:".length), value]),
  );
}

function parseRaw(raw: Record<string, unknown>, secretKeys = new Set<string>()) {
  return parseSettings(raw, {
    fileExists: (path) => existsSync(join(project, path)),
    secretKeys,
  });
}

/** Engines behind ssh are a setting that this version of the program may not know yet. */
const knowsSsh = !("problems" in parseRaw({ host: { uri: "ssh://deploy@example.com" } }));

function readSound(stack: string): Settings {
  const { host, ...others } = readStackFile(stack);
  const parsed = parseRaw(knowsSsh && host !== undefined ? { host, ...others } : others);
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems, undefined, 2));
  return parsed.settings;
}

describe("the stack files", () => {
  it.each(stacks)("hold no mistake: %s", (stack) => {
    expect(readSound(stack).prometheus.retentionDays).toBeGreaterThan(0);
  });

  it("have a second sample beside the chapter's, whose apps wait for the servers that they need", () => {
    const raw = { ...readStackFile("shop"), shopDatabasePassword: "made by `npm run up`" };
    const parsed = parseRaw(raw, new Set(["shopDatabasePassword"]));
    if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
    const { apps } = parsed.settings;
    const after = Object.fromEntries(apps.map((app) => [app.name, app.after]));
    expect(after).toMatchObject({ web: ["db", "cache"], worker: ["web"] });
    expect(apps.filter(({ metrics }) => metrics).map(({ name }) => name)).toStrictEqual([
      "db-exporter",
      "cache-exporter",
      "web",
    ]);
  });

  it("are one program: the same apps and scrape jobs in every environment", () => {
    const jobsOf = (stack: string) =>
      readSound(stack).apps.map(({ name, jobName }) => [name, jobName]);
    for (const stack of stacks) expect(jobsOf(stack)).toStrictEqual(jobsOf("dev"));
  });

  it("grow from development to production", () => {
    const [dev, staging, prod] = ["dev", "staging", "prod"].map(readSound) as [
      Settings,
      Settings,
      Settings,
    ];
    expect(prod.prometheus.retentionDays).toBeGreaterThan(dev.prometheus.retentionDays);
    const replicasOf = ({ apps }: Settings) => apps.reduce((sum, app) => sum + app.replicas, 0);
    expect(replicasOf(prod)).toBeGreaterThan(replicasOf(staging));
    const labels = [dev, staging, prod].map(({ prometheus }) => prometheus.externalLabels);
    expect(labels).toStrictEqual(
      ["dev", "staging", "production"].map((environment) => ({ environment })),
    );
  });

  it("name a host of their own where it is not this machine", () => {
    for (const stack of ["staging", "prod"]) {
      expect(readStackFile(stack)["host"]).toStrictEqual({
        uri: `ssh://deploy@${stack}.example.com`,
      });
    }
  });

  it("let nobody but the host itself in", () => {
    for (const stack of stacks) {
      const { prometheus, grafana, board, apps } = readSound(stack);
      // A Swarm cannot publish on loopback: its stack file says so where it lets others in.
      const inside = stack === "swarm" ? apps.filter(({ name }) => name !== "image-gallery") : apps;
      for (const { publishAddress } of [prometheus, grafana, board, ...inside]) {
        expect(publishAddress).toBe("127.0.0.1");
      }
    }
  });
});
