import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { dirname } from "node:path";
import { listDashboards } from "../../config/grafana/listDashboards";
import { listQueries } from "../../config/grafana/listQueries";
import { images as officialImages } from "../../config/images";
import { settingsSchema } from "../../config/settings/settings";
import type { StackOutputs } from "../../cli/stackOutputs";
import { waitForTargets } from "../../cli/waitForTargets";
import { registryImages } from "../../cli/install/registryImages";
import { ContainedEngine } from "../support/containedEngine";
import { docker } from "../support/dockerCommands";
import { findFreePorts } from "../support/freePorts";
import { PrometheusApi } from "../support/prometheusApi";
import { runCommandLine } from "../support/runCommandLine";
import { tiny } from "../support/shopStack";
import { skip } from "../support/skip";
import { networkSettings, readTestImages, readTestNetwork } from "../support/testNetwork";
import { TestStack } from "../support/testStack";
import { waitUntil } from "../support/waitUntil";

// What looks at nodes runs on each of them, also on one that joins later, and is found under the node's name; two nodes, and a third.

const { base, prometheus: prometheusImage } = readTestImages();
const { haproxy, nodeExporter, cadvisor } =
  readTestNetwork() === "internet" ? officialImages : registryImages;
const tillImage = `glasshouse-test-watch-${process.pid}/till:1`;
const images = [base, prometheusImage, haproxy, nodeExporter, cadvisor, tillImage];
const nodeJobs = ["node", "cadvisor", "containers", "docker"];
const secret = `planted-${process.pid}`;

const obstacle = ContainedEngine.findObstacle("swarm");
if (obstacle === undefined) describe("a Swarm that is watched", testSwarm);
else skip("a Swarm that is watched", obstacle);

function testSwarm(): void {
  const engines: ContainedEngine[] = [];
  let manager: ContainedEngine;
  let worker: ContainedEngine;
  let stack: TestStack;
  let prometheus: PrometheusApi;
  let managerAddress: string;
  let port: number;

  const write = () =>
    stack.write({
      host: { uri: manager.dockerHost },
      swarm: { mode: "use", nodes: [{ uri: worker.dockerHost }] },
      engineMetrics: { mode: "external" },
      grafana: { deploy: "never" },
      builds: networkSettings().builds,
      prometheus: {
        image: prometheusImage,
        publishPort: port,
        publishAddress: "0.0.0.0",
        scrapeIntervalSeconds: 2,
      },
      exporters: { node: { image: nodeExporter }, cadvisor: { image: cadvisor } },
      dockerApi: { image: haproxy },
      discovery: { enabled: true, refreshSeconds: 2 },
      apps: [],
    });
  /** On each of its machines the engine's socket is where the manager's is. */
  const startEngine = async (hostname: string) => {
    const engine = await ContainedEngine.start("swarm", images, hostname);
    engines.push(engine);
    const [first = engine] = engines;
    const socket = first.dockerHost.slice("unix://".length);
    await docker(
      ...["exec", `glasshouse-engine-${hostname}-${process.pid}`, "sh", "-c"],
      `mkdir -p ${dirname(socket)} && ln -s /srv/glasshouse/engine.sock ${socket}`,
    );
    return engine;
  };
  const join = async (engine: ContainedEngine) => {
    const token = await manager.docker("swarm", "join-token", "--quiet", "worker");
    await engine.docker("swarm", "join", "--token", token, `${managerAddress}:2377`);
  };
  /** As an owner does who wants the engine measured. */
  const publishMetrics = async (engine: ContainedEngine, hostname: string) => {
    const setting = JSON.stringify({ "metrics-addr": "0.0.0.0:9323" });
    await docker(
      ...["exec", `glasshouse-engine-${hostname}-${process.pid}`, "sh", "-c"],
      `mkdir -p /etc/docker && echo '${setting}' > /etc/docker/daemon.json`,
    );
    await engine.restart();
  };
  /** What `npm run up` ends with. */
  const waitAsUpDoes = async () => {
    const { scrapeTargets, jobsOnNodes } = await stack.readOutputs<StackOutputs>();
    const prometheus = { url: `http://${managerAddress}:${port}` };
    return waitForTargets({ prometheus, expected: scrapeTargets, jobsOnNodes });
  };
  const readNodesOf = async (query: string) =>
    (await prometheus.query(query)).map(({ metric }) => metric["node"]).sort();
  const waitForNodes = (query: string, ...nodes: string[]) =>
    waitUntil(
      `${query} for ${nodes.join(", ")}`,
      () => readNodesOf(query),
      (found) => JSON.stringify(found) === JSON.stringify(nodes),
      180,
    );
  const readAlerts = async () =>
    (await prometheus.query('ALERTS{alertstate="firing",severity!="none"}'))
      .map(({ metric }) => `${metric["alertname"]} ${metric["node"]}`)
      .sort();

  beforeAll(async () => {
    [port] = (await findFreePorts(1)) as [number];
    const build = ["build", "--quiet", "--build-arg", `BASE_IMAGE=${base}`];
    await docker(...build, "--tag", tillImage, tiny.build.context);
    manager = await startEngine("seen-1");
    await publishMetrics(manager, "seen-1");
    worker = await startEngine("seen-2");
    managerAddress = await manager.readAddress();
    await manager.docker("swarm", "init", "--advertise-addr", managerAddress);
    await join(worker);
    prometheus = new PrometheusApi(`http://${managerAddress}:${port}`);
    stack = await TestStack.create("watch");
    write();
  });

  afterAll(async () => {
    try {
      await stack.remove();
    } finally {
      for (const engine of engines) await engine.stop();
      await docker("image", "rm", "--no-prune", tillImage);
    }
  });

  it("has all exporters on every node, found by the node's name", async () => {
    await stack.up();
    for (const job of nodeJobs) await waitForNodes(`up{job="${job}"} == 1`, "seen-1", "seen-2");
    await waitForNodes("glasshouse_swarm_node_ready == 1", "seen-1", "seen-2");
    await stack.pulumi("preview", "--expect-no-changes", "--non-interactive");
    const targets = await waitAsUpDoes();
    expect(targets.filter(({ job }) => job === "node")).toHaveLength(2);
  });

  it("measures the engines that publish their metrics, and tells which do not", async () => {
    await waitForNodes("engine_daemon_engine_info", "seen-1");
    await waitForNodes("glasshouse_engine_metrics_missing", "seen-2");
  });

  it("is told by the doctor which node takes no replicas", async () => {
    await manager.docker("node", "update", "--availability", "drain", "seen-2");
    const { stdout } = await runCommandLine(stack, "doctor");
    expect(stdout).toMatch(/✗ node seen-2\n\s+is drained/);
    expect(stdout).not.toContain("✗ node seen-1");
    await manager.docker("node", "update", "--availability", "active", "seen-2");
    for (const job of nodeJobs) await waitForNodes(`up{job="${job}"} == 1`, "seen-1", "seen-2");
    expect((await runCommandLine(stack, "doctor")).stdout).not.toContain("is drained");
  });

  it("measures the containers of every node by name, and the node itself", async () => {
    const name = `${stack.prefix}-node-exporter.*`;
    await waitForNodes(
      `count by (node) (container_memory_working_set_bytes{name=~"${name}"})`,
      ...["seen-1", "seen-2"],
    );
    await waitForNodes(`glasshouse_container_running{name=~"${name}"} == 1`, "seen-1", "seen-2");
    await waitForNodes("instance:memory_usage:ratio", "seen-1", "seen-2");
    const named = await prometheus.query("node_uname_info");
    expect(named.map(({ metric }) => metric["nodename"]).sort()).toStrictEqual([
      ...["seen-1", "seen-2"],
    ]);
  });

  it("has the engine's socket in the proxy alone, on every node", async () => {
    for (const engine of [manager, worker]) {
      const ids = (await engine.docker("ps", "--quiet")).split("\n");
      const format = "{{.Name}} {{range .Mounts}}{{.Destination}} {{end}}";
      const mounts = (await engine.docker("inspect", "--format", format, ...ids)).split("\n");
      const holders = mounts.filter((line) => line.includes("docker.sock"));
      expect(holders.every((line) => line.startsWith(`/${stack.prefix}-docker-api`))).toBe(true);
      expect(holders).toHaveLength(engine === manager ? 2 : 1);
    }
  });

  it("finds the labelled service of someone else on every node, and tells nothing of its environment", async () => {
    await manager.docker(
      ...["service", "create", "--quiet", "--detach", "--name", "till", "--mode", "global"],
      ...["--network", stack.prefix, "--no-resolve-image", "--env", `PASSWORD=${secret}`],
      ...["--endpoint-mode", "dnsrr", "--label", "prometheus.io/scrape=true"],
      tillImage,
    );
    await waitForNodes('up{job="till"} == 1', "seen-1", "seen-2");
    const ask = (url: string) =>
      manager.docker("exec", `${stack.prefix}-prometheus`, "wget", "-q", "-O", "-", url);
    for (const path of ["metrics", "targets"]) {
      const text = await ask(`http://docker-api-discovery:9418/${path}`);
      expect(text).toContain("till");
      expect(text).not.toContain(secret);
    }
    for (const path of [":2375/services", ":2375/tasks", ":2375/nodes", ":9418/services"]) {
      await expect(ask(`http://docker-api-discovery${path}`)).rejects.toThrow(/403/);
    }
  });

  it("answers every query of the dashboard Swarm", async () => {
    const settings = settingsSchema.parse({ apps: [], swarm: { mode: "use" } });
    const { json } = listDashboards(settings, "glasshouse-test").find(
      ({ uid }) => uid === "glasshouse-swarm",
    )!;
    await prometheus.waitForAnswers(listQueries(JSON.parse(json) as Dashboard));
  });

  it("scrapes a node that joins, without an update", async () => {
    await join(await startEngine("seen-3"));
    for (const job of nodeJobs) {
      await waitForNodes(`up{job="${job}"} == 1`, "seen-1", "seen-2", "seen-3");
    }
    await stack.pulumi("preview", "--expect-no-changes", "--non-interactive");
  });

  it("raises one alert for a node that is gone, until it is taken out of the Swarm", async () => {
    expect(await readAlerts()).toStrictEqual([]);
    await docker("kill", `glasshouse-engine-seen-3-${process.pid}`);
    const seen = await waitUntil("an alert fires", readAlerts, (alerts) => alerts.length > 0, 300);
    expect(seen).toStrictEqual(["SwarmNodeDown seen-3"]);
    await waitForNodes('up{job="node"}', "seen-1", "seen-2");
    await waitAsUpDoes();
    // As long as it takes an alert about a missing target to fire.
    const until = Date.now() + 70_000;
    await waitUntil(
      "more than a minute is over",
      readAlerts,
      (alerts) => {
        expect(alerts).toStrictEqual(["SwarmNodeDown seen-3"]);
        return Date.now() > until;
      },
      120,
    );
    await manager.docker("node", "rm", "--force", "seen-3");
    await waitUntil("no alert fires", readAlerts, (alerts) => alerts.length === 0);
  });

  it("leaves nothing of its own on the manager, and on other nodes an empty volume at most", async () => {
    await manager.docker("service", "rm", "till");
    await stack.destroy();
    expect(await manager.docker("service", "ls", "--quiet")).toBe("");
    expect(await manager.docker("config", "ls", "--quiet")).toBe("");
    const mine = ["volume", "ls", "--quiet", "--filter", "label=glasshouse.stack"];
    expect(await manager.docker(...mine)).not.toContain("docker-api");
    expect(await worker.docker("ps", "--quiet")).toBe("");
  });
}
