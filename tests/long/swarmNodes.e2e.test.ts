import { writeFileSync } from "node:fs";
import { sampleApps } from "../../config/samples";
import { ContainedEngine } from "../support/containedEngine";
import { docker } from "../support/dockerCommands";
import { findFreePorts } from "../support/freePorts";
import { PrometheusApi } from "../support/prometheusApi";
import { runCommandLine } from "../support/runCommandLine";
import { tiny } from "../support/shopStack";
import { skip } from "../support/skip";
import { networkSettings, readTestImages } from "../support/testNetwork";
import { TestStack } from "../support/testStack";
import { waitUntil } from "../support/waitUntil";

// Three nodes, each an engine of the test's own, all of them managers at first. The stack's host is not the leader. Only the host has
// images: the shop's is built there, and all are handed to the other nodes. This kernel has no IPVS: DNS round robin is proven, and
// ports of a node; the routing mesh and virtual addresses are not.

const repository = `glasshouse-test-nodes-${process.pid}`;
const { base, prometheus: prometheusImage } = readTestImages();
const samples = sampleApps.map(({ build, ...app }) => ({
  ...app,
  context: build?.context ?? "",
  image: `${repository}/${app.name}:1`,
}));
const replicas: Readonly<Record<string, number>> = {
  "image-gallery": 1,
  iotd: 2,
  "access-log": 6,
  shop: 3,
};

const obstacle = ContainedEngine.findObstacle("swarm");
if (obstacle === undefined) describe("a Swarm of three nodes", testSwarm);
else skip("a Swarm of three nodes", obstacle);

function testSwarm(): void {
  const engines: ContainedEngine[] = [];
  let host: ContainedEngine;
  let worker: ContainedEngine;
  let leader: ContainedEngine;
  let stack: TestStack;
  let address: string;
  let prometheus: PrometheusApi;
  let ports: { prometheus: number; gallery: number };

  interface Changes {
    readonly nodes?: readonly ContainedEngine[];
    readonly shop?: object;
    readonly more?: readonly object[];
  }

  const write = ({ nodes = [worker, leader], shop = {}, more = [] }: Changes = {}) =>
    stack.write({
      host: { uri: host.dockerHost },
      swarm: { mode: "use", nodes: nodes.map(({ dockerHost: uri }) => ({ uri })) },
      engineMetrics: { mode: "off" },
      grafana: { deploy: "never" },
      builds: networkSettings().builds,
      prometheus: {
        image: prometheusImage,
        publishPort: ports.prometheus,
        publishAddress: "0.0.0.0",
        scrapeIntervalSeconds: 2,
      },
      apps: [
        ...samples.map(({ context: _, publishPort: _port, ...app }) => ({
          ...app,
          replicas: replicas[app.name],
          ...(app.name === "image-gallery" && {
            publishPort: ports.gallery,
            publishAddress: "0.0.0.0",
          }),
        })),
        {
          name: "shop",
          ...tiny,
          replicas: replicas["shop"],
          secrets: { KEY: { config: "shopKey" } },
          healthCheck: { command: ["perl", "-e", "exit 0"], intervalSeconds: 1 },
          ...shop,
        },
        ...more,
      ],
    });
  const service = (name: string) => `${stack.prefix}-${name}`;
  /** Names of the nodes on which replicas of an app run, sorted. */
  const listPlaces = async (name: string) =>
    (
      await host.docker(
        ...["service", "ps", "--filter", "desired-state=running", "--format"],
        "{{.Node}} {{.CurrentState}}",
        service(name),
      )
    )
      .split("\n")
      .filter((line) => / Running /.test(line))
      .map((line) => line.split(" ")[0])
      .sort();
  const onEach = (count: number) =>
    ["node-1", "node-2", "node-3"].flatMap((node) => Array<string>(count).fill(node));
  const readNodes = () =>
    host.docker("node", "ls", "--format", "{{.Hostname}} {{.Status}} {{.ManagerStatus}}");
  const waitForNode = (line: string) =>
    waitUntil(`the Swarm says ${line}`, readNodes, (nodes) => nodes.split("\n").includes(line));
  const waitForAllTargets = async () => {
    const { scrapeTargets } = await stack.readOutputs<{ scrapeTargets: Record<string, number> }>();
    await prometheus.waitForAllTargets(scrapeTargets);
  };
  const startVisitor = (seconds: number) =>
    host.docker(
      ...["run", "--detach", "--network", stack.prefix, "--entrypoint", "perl"],
      ...[`${repository}/visitor:1`, "/visit.pl", "shop", String(seconds)],
    );
  const endVisitor = async (visitor: string) => {
    expect(await host.docker("wait", visitor)).toBe("0");
    const [, visits = "", retried = "", lost = ""] =
      /visits (\d+) retried (\d+) lost (\d+)/.exec(await host.docker("logs", visitor)) ?? [];
    await host.docker("rm", visitor);
    return { visits: Number(visits), retried: Number(retried), lost: Number(lost) };
  };
  const expectNothingToDo = () =>
    stack.pulumi("preview", "--expect-no-changes", "--non-interactive");

  beforeAll(async () => {
    const [one = 0, two = 0] = await findFreePorts(2);
    ports = { prometheus: one, gallery: two };
    const build = ["build", "--quiet", "--build-arg", `BASE_IMAGE=${base}`];
    for (const { image, context } of samples) await docker(...build, "--tag", image, context);
    const visitor = `${repository}/visitor:1`;
    await docker(...build, "--tag", visitor, tiny.build.context);
    const images = [base, prometheusImage, visitor, ...samples.map(({ image }) => image)];
    host = await ContainedEngine.start("swarm", images, "node-1");
    engines.push(host);
    worker = await ContainedEngine.start("swarm", [], "node-2");
    engines.push(worker);
    leader = await ContainedEngine.start("swarm", [], "node-3");
    engines.push(leader);
    await leader.docker("swarm", "init", "--advertise-addr", await leader.readAddress());
    const token = await leader.docker("swarm", "join-token", "--quiet", "manager");
    for (const each of [host, worker]) {
      const own = await each.readAddress();
      await each.docker(
        ...["swarm", "join", "--token", token, "--advertise-addr", own],
        `${await leader.readAddress()}:2377`,
      );
    }
    address = await host.readAddress();
    prometheus = new PrometheusApi(`http://${address}:${ports.prometheus}`);
    stack = await TestStack.create("nodes");
    write();
    await stack.setSecret("shopKey", "hush-hush");
  });

  afterAll(async () => {
    try {
      await stack.remove();
    } finally {
      for (const engine of engines) await engine.stop();
      const names = [...samples.map(({ name }) => name), "visitor"];
      await docker("image", "rm", "--no-prune", ...names.map((name) => `${repository}/${name}:1`));
    }
  });

  it("refuses a node that cannot be handed the image that is built, before anything is touched", async () => {
    write({ nodes: [worker] });
    const refused = await stack.failToUp();
    expect(refused).toContain("cannot be handed the images that are built here (shop)");
    expect(refused).toMatch(/^\s+node-3$/m);
    expect(await host.docker("ps", "--all", "--quiet")).toBe("");
  });

  it("runs the samples with nine replicas, and a shop, over all nodes; each has the image that it needs", async () => {
    write();
    await stack.up();
    expect(await listPlaces("access-log")).toStrictEqual(onEach(2));
    expect(await listPlaces("shop")).toStrictEqual(onEach(1));
    const { scrapeTargets } = await stack.readOutputs<{ scrapeTargets: object }>();
    expect(scrapeTargets).toMatchObject({ "image-gallery": 1, "iotd-api": 2, "access-log": 6 });
    await waitForAllTargets();
    await expectNothingToDo();
  });

  it("counts exactly the visits that were made, over all replicas of all nodes", async () => {
    const visits = 60;
    const counters = [
      'sum(image_gallery_requests_total{code="200"})',
      "sum(iotd_api_image_load_total)",
      "sum(access_log_total)",
    ];
    const visit = async (times: number) => {
      for (let count = 0; count < times; count += 1) {
        const response = await fetch(`http://${address}:${ports.gallery}`);
        await response.text();
        expect(response.status).toBe(200);
      }
    };
    const readCounters = async () => {
      await prometheus.waitForFreshScrapes();
      return Promise.all(counters.map((counter) => prometheus.queryNumber(counter)));
    };
    // iotd's counters come into being with their first images.
    await visit(20);
    const before = await readCounters();
    await visit(visits);
    const after = await readCounters();
    expect(after.map((count, index) => count - before[index]!)).toStrictEqual(
      counters.map(() => visits),
    );
    const series = await prometheus.query("access_log_total > 0");
    expect(series.length).toBeGreaterThan(3);
  });

  it("gives every replica of every node a new secret, while no visitor is turned away", async () => {
    const visitor = await startVisitor(40);
    await stack.setSecret("shopKey", "louder");
    await stack.up();
    // The Swarm says where the new ones run: one that starts before another stops can be the second of its node.
    const keys: string[] = [];
    for (const engine of engines) {
      const filter = `label=com.docker.swarm.service.name=${service("shop")}`;
      const tasks = await engine.docker("ps", "--quiet", "--filter", filter);
      for (const task of tasks.split("\n").filter(Boolean)) {
        keys.push(await engine.docker("exec", task, "cat", "/run/secrets/KEY"));
      }
    }
    expect(keys).toStrictEqual(["louder", "louder", "louder"]);
    const { visits, lost } = await endVisitor(visitor);
    console.info(`${visits} requests through a rolling update over three nodes, ${lost} lost`);
    expect(visits).toBeGreaterThan(100);
    expect(lost).toBe(0);
  });

  it("ends a broken update that the Swarm rolls back, with the node, the error and the last log lines", async () => {
    const format = ["service", "inspect", "--format", "{{json .Spec}}"];
    const before = await host.docker(...format, service("shop"));
    write({ shop: { environment: { CRASH: "no shelf" } } });
    const failed = await stack.failToUp();
    expect(failed).toContain("the Swarm has brought the version before back");
    expect(failed).toMatch(/replica \d on node-\d is failed: task: non-zero exit/);
    expect(failed).toMatch(/Its last log lines:\s+no shelf/);
    expect(await host.docker(...format, service("shop"))).toBe(before);
    write();
    await stack.up();
    await expectNothingToDo();
  });

  it("is changed by `up` while the leader of the three managers is gone, and takes it back", async () => {
    await waitForNode("node-3 Ready Leader");
    const before = await prometheus.readSamples('up{job="prometheus"}', "10m");
    await leader.freeze();
    try {
      await waitUntil(
        "another leader",
        // Without a leader nobody answers.
        () => readNodes().catch(() => ""),
        (nodes) => /^node-[12] Ready Leader$/m.test(nodes),
      );
      await waitForNode("node-3 Down Unreachable");
      await waitUntil(
        "the replicas of the node that is gone run elsewhere",
        () => listPlaces("access-log"),
        (places) => places.length === 6 && !places.includes("node-3"),
        120,
      );
      write({ shop: { replicas: 4 } });
      await stack.up();
      expect((await listPlaces("shop")).filter((place) => place !== "node-3")).toHaveLength(4);
      await prometheus.waitForTargets("shop", 4);
    } finally {
      await leader.unfreeze();
    }
    await waitForNode("node-3 Ready Reachable");
    const kept = new Set(await prometheus.readSamples('up{job="prometheus"}', "20m"));
    expect(before.filter((sample) => !kept.has(sample))).toStrictEqual([]);
    write();
    await stack.up();
    await waitForAllTargets();
  });

  it("moves replicas from a drained node, while no visitor is turned away", async () => {
    const visitor = await startVisitor(40);
    await host.docker("node", "update", "--availability", "drain", "node-3");
    await waitUntil(
      "no replica is on the drained node",
      async () => [...(await listPlaces("access-log")), ...(await listPlaces("shop"))],
      (places) => places.length === 9 && !places.includes("node-3"),
    );
    await waitForAllTargets();
    await host.docker("node", "update", "--availability", "active", "node-3");
    const { visits, lost } = await endVisitor(visitor);
    console.info(`${visits} requests while a node was drained, ${lost} lost`);
    expect(visits).toBeGreaterThan(100);
    expect(lost).toBe(0);
  });

  it("has 60 replicas of an app, which `docker stack deploy` is measured beside", async () => {
    const count = 60;
    const app = { image: `${repository}/visitor:1`, memoryMb: 32, cpus: 0.1, metrics: false };
    write({ more: [{ name: "many", ...app, replicas: 0 }] });
    await stack.up();
    const file = {
      version: "3.9",
      services: {
        many: {
          image: app.image,
          user: "65532:65532",
          read_only: true,
          cap_drop: ["ALL"],
          volumes: [{ type: "tmpfs", target: "/tmp", tmpfs: { size: 64 * 1024 * 1024 } }],
          logging: { driver: "json-file", options: { "max-size": "10m", "max-file": "3" } },
          deploy: {
            replicas: count,
            endpoint_mode: "dnsrr",
            resources: { limits: { memory: "32M", cpus: "0.1", pids: 200 } },
          },
          networks: ["all"],
        },
      },
      networks: { all: { external: true, name: stack.prefix } },
    };
    const path = `${stack.session.stateFolder}/many.json`;
    writeFileSync(path, JSON.stringify(file));
    const areRunning = async (name: string) => {
      const listed = ["service", "ls", "--filter", `name=${name}`, "--format", "{{.Replicas}}"];
      return (await host.docker(...listed)) === `${count}/${count}`;
    };
    const measure = async (act: () => Promise<unknown>, name?: string) => {
      const start = Date.now();
      await act();
      if (name !== undefined) {
        await waitUntil("all replicas run", () => areRunning(name), Boolean, 300);
      }
      return (Date.now() - start) / 1000;
    };
    const deploy = [
      "stack",
      "deploy",
      "--resolve-image",
      "never",
      "--compose-file",
      path,
      "theirs",
    ];
    const theirs = await measure(() => host.docker(...deploy), "theirs_many");
    await host.docker("stack", "rm", "theirs");
    const ofTheirs = ["--filter", "label=com.docker.stack.namespace=theirs"];
    await waitUntil(
      "they are gone",
      () =>
        Promise.all(engines.map((engine) => engine.docker("ps", "--all", "--quiet", ...ofTheirs))),
      (left) => left.every((ids) => ids === ""),
      120,
    );
    // What every `up` takes, whatever it changes.
    const nothing = await measure(() => stack.up());
    write({ more: [{ name: "many", ...app, replicas: count }] });
    const ours = await measure(() => stack.up(), service("many"));
    const ratio = (ours - nothing) / theirs;
    console.info(
      `60 replicas over three nodes: ${ours.toFixed(1)} s by up, of which one that changes nothing takes ${nothing.toFixed(1)} s; ` +
        `${theirs.toFixed(1)} s by docker stack deploy; ${ratio.toFixed(2)} times as long for each replica`,
    );
    expect(await areRunning(service("many"))).toBe(true);
    write();
    await stack.up();
  });

  it("moves the replicas of a worker that is killed under load, and counts what was lost", async () => {
    await host.docker("node", "demote", "node-2");
    await waitForNode("node-2 Ready ");
    const before = await prometheus.readSamples("access_log_total", "10m");
    const visitor = await startVisitor(90);
    await worker.kill();
    const killed = Date.now();
    await waitUntil(
      "its replicas run elsewhere",
      async () => [...(await listPlaces("access-log")), ...(await listPlaces("shop"))],
      (places) => places.length === 9 && !places.includes("node-2"),
      120,
    );
    const seconds = (Date.now() - killed) / 1000;
    await waitForAllTargets();
    const { visits, retried, lost } = await endVisitor(visitor);
    const alerts = await prometheus.query('count by (alertname) (ALERTS{alertstate="firing"})');
    console.info(
      `a worker killed: its replicas run elsewhere after ${seconds.toFixed(0)} s; of ${visits} requests ${retried} had to ask ` +
        `another replica, and ${lost} were lost; firing: ${alerts.map(({ metric }) => metric["alertname"]).join(", ") || "nothing"}`,
    );
    expect(lost).toBe(0);
    const kept = new Set(await prometheus.readSamples("access_log_total", "20m"));
    expect(before.filter((sample) => !kept.has(sample))).toStrictEqual([]);
    // A node that is gone is no reason to refuse an update.
    write({ shop: { replicas: 4 } });
    await stack.up();
    expect((await runCommandLine(stack, "doctor")).stdout).toMatch(/shop\s+4 replicas/);
  });

  it("goes from the nodes that are left, with the images that they were handed", async () => {
    await stack.destroy();
    for (const engine of [host, leader]) {
      expect(await engine.docker("service", "ls", "--quiet").catch(() => "")).toBe("");
      expect(await engine.docker("ps", "--all", "--quiet")).toBe("");
    }
    const images = await leader.docker("image", "ls", "--format", "{{.Repository}}");
    expect(images).toBe("");
  });
}
