import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectFolder } from "../../cli/versions";
import { chooseEngineMetrics, type EngineMetrics } from "../support/chooseEngineMetrics";
import { docker, listRemains } from "../support/dockerCommands";
import { findFreePorts } from "../support/freePorts";
import { runCommandLine } from "../support/runCommandLine";
import { skipThisTest } from "../support/skip";
import { networkSettings, readTestNetwork } from "../support/testNetwork";
import { TestStack } from "../support/testStack";

// What a new user types, `npm run up -- --stack swarm`, on the machine's own engine, with ports of the test's own.

let stack: TestStack | undefined;
let ports: { prometheus: number; board: number; gallery: number };
let engineMetrics: EngineMetrics;
let before: string;

afterAll(async () => {
  await stack?.remove();
});

const readSwarmState = () => docker("info", "--format", "{{.Swarm.LocalNodeState}}");
/** Those that a Swarm brings along. */
const listSwarmNetworks = () =>
  docker("network", "ls", "--filter", "name=^(ingress|docker_gwbridge)$", "--format", "{{.Name}}");

it("ends live: a Swarm of one node, every target up, and the addresses of its pages", async () => {
  if ((await readSwarmState()) !== "inactive") {
    skipThisTest("this machine's engine is in a Swarm already");
    return;
  }
  const [one = 0, two = 0, three = 0] = await findFreePorts(3);
  ports = { prometheus: one, board: two, gallery: three };
  before = await listSwarmNetworks();
  stack = await TestStack.create("swarm-up");
  engineMetrics = await chooseEngineMetrics(stack.name);
  stack.write(buildSettings());

  const { exitCode, stdout, stderr } = await runCommandLine(stack, "up");

  expect([exitCode, exitCode === 0 ? "" : stdout + stderr]).toStrictEqual([0, ""]);
  expect(stdout).toMatch(/is live: (\d+) of \1 scrape targets are up/);
  const pages = [ports.board, ports.gallery, ports.prometheus];
  for (const port of pages) {
    const url = new RegExp(`http://[\\d.]+:${port}\\b`).exec(stdout)?.[0] ?? "";
    expect((await fetch(url)).status).toBe(200);
  }
  expect(await readSwarmState()).toBe("active");
  expect(await docker("info", "--format", "{{.Swarm.NodeAddr}} {{.Swarm.Nodes}}")).toBe(
    "127.0.0.1 1",
  );
  const services = await docker("service", "ls", "--format", "{{.Name}} {{.Replicas}}");
  expect(services.split("\n").sort()).toStrictEqual([
    `${stack.prefix}-access-log 3/3`,
    `${stack.prefix}-cadvisor 1/1`,
    `${stack.prefix}-docker-api 1/1`,
    ...(engineMetrics.mode === "off" ? [] : [`${stack.prefix}-engine-metrics 1/1`]),
    `${stack.prefix}-image-gallery 1/1`,
    `${stack.prefix}-iotd 1/1`,
    `${stack.prefix}-node-exporter 1/1`,
  ]);
});

it("has nothing that the doctor would find, and nothing to do", async () => {
  if (stack === undefined) return;
  const { exitCode, stdout } = await runCommandLine(stack, "doctor");
  expect([exitCode, exitCode === 0 ? "" : stdout]).toStrictEqual([0, ""]);
  await stack.pulumi("preview", "--expect-no-changes", "--non-interactive");
});

it("leaves by `down` the Swarm that it made, and everything else as it was", async () => {
  if (stack === undefined) return;
  const { exitCode, stdout, stderr } = await runCommandLine(stack, "down", {}, "--volumes");
  expect([exitCode, exitCode === 0 ? "" : stdout + stderr]).toStrictEqual([0, ""]);
  expect(await readSwarmState()).toBe("inactive");
  expect(await listSwarmNetworks()).toBe(before);
  expect(await listRemains(stack.prefix)).toStrictEqual([]);
});

function buildSettings(): Record<string, unknown> {
  const { config } = parse(readFileSync(join(projectFolder, "Pulumi.swarm.yaml"), "utf8")) as {
    config: Record<string, object>;
  };
  const file = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace("glasshouse:", ""), value]),
  );
  const apps = (file["apps"] as { publishPort?: number }[]).map((app) => ({
    ...app,
    ...(app.publishPort !== undefined && { publishPort: ports.gallery }),
  }));
  const { exporters: _made, dockerApi: _proxy, ...elsewhere } = file;
  return {
    ...(readTestNetwork() === "registries" ? file : { ...elsewhere, ...networkSettings() }),
    discovery: {},
    engineMetrics,
    prometheus: { ...networkSettings().prometheus, publishPort: ports.prometheus },
    board: { ...networkSettings().board, publishPort: ports.board },
    apps,
  };
}
