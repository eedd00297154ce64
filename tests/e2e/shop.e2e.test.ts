import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { AppSettingsInput } from "../../config/settings/appSettings";
import { generateSecrets } from "../../cli/generateSecrets";
import { run, runOrReject } from "../../cli/run";
import { buildAppsDashboard } from "../../config/grafana/dashboards/apps";
import { listQueries } from "../../config/grafana/listQueries";
import { settingsSchema } from "../../config/settings/settings";
import { projectFolder } from "../../cli/versions";
import { localDockerHost } from "../../host/access/dockerHost";
import {
  docker,
  inspectContainer,
  inspectStack,
  listContainers,
  listDataVolumes,
  readContainerIds,
} from "../support/dockerCommands";
import { findFreePorts } from "../support/freePorts";
import { PrometheusApi } from "../support/prometheusApi";
import { networkSettings } from "../support/testNetwork";
import { TestStack } from "../support/testStack";
import { waitUntil } from "../support/waitUntil";

// The second sample stack: what is ordered in the shop is a row of PostgreSQL. Whatever happens to containers, apps and stack, the
// rows are there afterwards.

let stack: TestStack;
let ports: number[];
let apps: AppSettingsInput[];
let folder: string;
let backup: string;
const nextImage = `glasshouse-e2e/next-db:${process.pid}`;

/** Runs one of the npm scripts. @returns what it printed */
function command(name: string, ...args: string[]): Promise<string> {
  return runOrReject(["node", "cli/bootstrap.mjs", name, "--stack", stack.name, ...args], {
    cwd: projectFolder,
    env: stack.session.env,
  });
}

async function ask(path: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${ports[0]}${path}`);
  return response.text();
}

async function countPacked(): Promise<number> {
  return Number(/(\d+) packed/.exec(await ask("/"))?.[1]);
}

function write(change: (app: AppSettingsInput) => AppSettingsInput[] = (app) => [app]): void {
  const { builds, prometheus } = networkSettings();
  stack.write({
    engineMetrics: { mode: "off" },
    builds,
    prometheus: { ...prometheus, publishPort: ports[1] },
    grafana: { deploy: "never" },
    apps: apps.flatMap(change),
  });
}

const only = (name: string, change: Partial<AppSettingsInput>) => (app: AppSettingsInput) => [
  app.name === name ? { ...app, ...change } : app,
];

beforeAll(async () => {
  ports = await findFreePorts(2);
  folder = mkdtempSync(join(tmpdir(), "glasshouse-shop-"));
  backup = join(folder, "shop.tar.gz");
  const file = readFileSync(join(projectFolder, "Pulumi.shop.yaml"), "utf8");
  const { config } = parse(file) as { config: { "glasshouse:apps": AppSettingsInput[] } };
  apps = config["glasshouse:apps"].map((app) =>
    app.name === "web" ? { ...app, publishPort: ports[0]! } : app,
  );
  stack = await TestStack.create("shop");
  write();
  await generateSecrets(stack.session, stack.name, localDockerHost);
  await stack.up();
});

afterAll(async () => {
  await stack.remove();
  await run(["docker", "image", "rm", nextImage]);
  rmSync(folder, { recursive: true });
});

describe("the password of the shop's database", () => {
  const readPassword = async () =>
    (await stack.pulumi("config", "get", "shopDatabasePassword")).trim();

  it("is random, in files of those that need it, and nowhere else in plain text", async () => {
    const password = await readPassword();
    expect(password).toMatch(/^[\w-]{32}$/);
    const containers = await inspectStack(stack.prefix);
    expect(containers.length).toBeGreaterThan(6);
    expect(JSON.stringify(containers)).not.toContain(password);
    expect(await stack.pulumi("stack", "export")).not.toContain(password);
    const file = readFileSync(join(projectFolder, `Pulumi.${stack.name}.yaml`), "utf8");
    expect(file).toMatch(/glasshouse:shopDatabasePassword:\n +secure: /);
    expect(file).not.toContain(password);
    const read = ["exec", `${stack.prefix}-db-1`, "cat", "/run/secrets/POSTGRES_PASSWORD"];
    expect(await docker(...read)).toBe(password);
  });

  it("is needed by everyone on the network", async () => {
    const psql = ["psql", "--no-password", "-h", "db", "-U", "shop", "-c", "SELECT 1"];
    const worker = `${stack.prefix}-worker-1`;
    await expect(docker("exec", worker, ...psql)).rejects.toThrow("no password supplied");
  });

  it("stays the same, and no other one takes its place while its data are there", async () => {
    const password = await readPassword();
    await generateSecrets(stack.session, stack.name, localDockerHost);
    expect(await readPassword()).toBe(password);
    await stack.pulumi("config", "rm", "shopDatabasePassword");
    await expect(generateSecrets(stack.session, stack.name, localDockerHost)).rejects.toThrow(
      `the volume ${stack.prefix}-db-data-1 holds data that an earlier one may open`,
    );
    await stack.setSecret("shopDatabasePassword", password);
  });
});

describe("the rows of the shop", () => {
  it("come from orders that the worker packs", async () => {
    for (const item of ["tea", "jam", "bread"]) await ask(`/order?item=${item}`);
    await waitUntil("all orders are packed", countPacked, (count) => count === 3);
    await stack.pulumi("preview", "--expect-no-changes", "--non-interactive");
  });

  it("are on panels of the shop's own", async () => {
    const prometheus = new PrometheusApi(`http://127.0.0.1:${ports[1]}`);
    const titles = apps.flatMap(({ panels = [] }) => panels.map(({ title }) => title));
    expect(titles).toHaveLength(4);
    const dashboard = buildAppsDashboard(settingsSchema.parse({ apps }));
    const own = listQueries(dashboard).filter(({ panel }) => titles.includes(panel));
    for (const { panel, query } of own) {
      await waitUntil(
        `the panel ${panel} has a value`,
        async () => {
          await ask("/");
          return prometheus.query(query);
        },
        (series) => series.some(({ value }) => value > 0),
      );
    }
  });

  it("are there after a changed variable of the database, which replaces nothing else", async () => {
    const before = await readContainerIds(stack.prefix);
    write(only("db", { environment: { ...apps[0]!.environment, TZ: "UTC" } }));
    await stack.up();
    const after = await readContainerIds(stack.prefix);
    const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
    expect(changed).toStrictEqual([`${stack.prefix}-db-1`]);
    expect(await countPacked()).toBe(3);
  });

  it("are there after everything was replaced, and the database killed while writing", async () => {
    await docker("kill", `${stack.prefix}-db-1`);
    write((app) => {
      const environment = { ...app.environment, TZ: "Europe/Paris" };
      if (app.name !== "web") return [{ ...app, environment }];
      // Without a health check its port tells: it opens when the database has answered.
      const { healthCheck: _, ...web } = app;
      return [{ ...web, environment }];
    });
    await stack.up();
    expect(await countPacked()).toBe(3);
  });

  it("are there after the database has left the stack file and come back", async () => {
    write(({ name, after = [], ...app }) =>
      name === "db" || after.includes("db") ? [] : [{ ...app, name, after: [] }],
    );
    await stack.up();
    expect(await listDataVolumes(stack.prefix)).toContain(`${stack.prefix}-db-data-1`);
    write();
    await stack.up();
    expect(await countPacked()).toBe(3);
  });

  it("are in a backup, for which the database is stopped, and nothing else than what keeps data", async () => {
    const startedAt = async (app: string) =>
      (await inspectContainer(`${stack.prefix}-${app}-1`)).State.StartedAt;
    const [db, web] = [await startedAt("db"), await startedAt("web")];
    const output = await command("backup", "--to", backup);
    expect(output).toMatch(new RegExp(`${stack.prefix}-db-1 was stopped for \\d+ ms`));
    expect(output).not.toContain("was killed");
    expect(output).toMatch(/the data of the volume db-data-1 of the app db \(\d+ files/);
    expect(await startedAt("db")).not.toBe(db);
    expect(await startedAt("web")).toBe(web);
    expect(await countPacked()).toBe(3);
    expect(await listDataVolumes(stack.prefix)).toHaveLength(3);
    await stack.pulumi("preview", "--expect-no-changes", "--non-interactive");
  });

  it("are refused to another major version of the database, before its container goes", async () => {
    const name = `${stack.prefix}-db-1`;
    const { Id, Image } = await inspectContainer(name);
    writeFileSync(join(folder, "Dockerfile"), `FROM ${Image}\nENV PG_MAJOR=18\n`);
    await docker("build", "--tag", nextImage, folder);
    write(({ build, ...app }) => [
      app.name === "db" ? { ...app, image: nextImage } : { ...app, build },
    ]);
    const output = await stack.failToUp();
    expect(output).toContain(`the data of ${name} are of PostgreSQL 17, and its new image has 18`);
    expect((await inspectContainer(name)).Id).toBe(Id);
    expect(await countPacked()).toBe(3);
    write();
  });

  it("are there after the stack was destroyed, until `down --volumes`", async () => {
    const said = await stack.pulumi("destroy", "--yes", "--skip-preview", "--non-interactive");
    expect(said).toContain(`docker volume rm ${stack.prefix}-db-data-1`);
    await stack.up();
    expect(await countPacked()).toBe(3);
    const down = await command("down");
    expect(down).toContain(`${stack.prefix}-db-data-1 (app db)`);
    expect(down.split(`${stack.prefix}-db-data-1`)).toHaveLength(2);
    expect(await listDataVolumes(stack.prefix)).toHaveLength(3);
    await command("down", "--volumes");
    expect(await listDataVolumes(stack.prefix)).toStrictEqual([]);
  });

  it("are back after a restore into what was deployed anew", async () => {
    await stack.up();
    await ask("/order?item=salt");
    expect(await countPacked()).toBeLessThan(2);
    const output = await command("restore", "--from", backup);
    expect(output).toContain("the volume db-data-1 of the app db");
    await waitUntil("the rows of the backup are there", countPacked, (count) => count === 3);
    expect(await ask("/")).toBe("0 orders to pack, 3 packed\n");
    expect(await listContainers(`${stack.prefix}-db-data`)).toStrictEqual([]);
    await stack.pulumi("preview", "--expect-no-changes", "--non-interactive");
  });
});
