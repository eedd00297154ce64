import { isDeepStrictEqual } from "node:util";
import { registryImages } from "../../cli/install/registryImages";
import { images as officialImages } from "../../config/images";
import { drainedFromLabel } from "../../host/docker/swarm/restartDrained";
import { describeOnSshHost } from "../support/describeOnSshHost";
import { docker } from "../support/dockerCommands";
import { PrometheusApi } from "../support/prometheusApi";
import { tiny } from "../support/shopStack";
import { SshHostContainer } from "../support/sshHost";
import { networkSettings, readTestImages, readTestNetwork } from "../support/testNetwork";
import { TestStack } from "../support/testStack";
import { waitUntil } from "../support/waitUntil";

// A manager and another node, both reached by ssh, whose engines get their metrics setting from one `up`.

const { base, prometheus: prometheusImage } = readTestImages();
const { haproxy } = readTestNetwork() === "internet" ? officialImages : registryImages;
const tinyImage = `glasshouse-test-drain-${process.pid}/tiny:1`;
/** Of someone who has set something else already. */
const ownSettings = '{ "log-level": "warn" }\n';

describeOnSshHost("a Swarm of engines that are reached by ssh", () => {
  let manager: SshHostContainer;
  let node: SshHostContainer;
  let stack: TestStack;
  let prometheus: PrometheusApi;

  const writeDaemonJson = (text: string) =>
    node.exec(
      "sh",
      "-c",
      'mkdir -p /etc/docker && printf "%s\n" "$0" > /etc/docker/daemon.json',
      text.trim(),
    );
  const readAddressOfMetrics = async (host: SshHostContainer) =>
    (JSON.parse((await host.readDaemonJson()) ?? "{}") as Record<string, unknown>)["metrics-addr"];
  const isListening = async () =>
    (await node.tryExec("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9323")).exitCode === 0;
  const readEngineStart = () => node.exec("stat", "--format", "%Y", "/var/run/docker.pid");
  const readNode = async () => {
    const text = await manager.docker("node", "inspect", "--format", "{{json .}}", node.name);
    const { Spec, Status } = JSON.parse(text) as {
      Spec: { Availability: string; Labels: Record<string, string> };
      Status: { State: string };
    };
    return { availability: Spec.Availability, labels: Spec.Labels, state: Status.State };
  };
  const ready = { availability: "active", labels: {}, state: "ready" };
  const listPlaces = async () =>
    (
      await manager.docker(
        ...["service", "ps", "--filter", "desired-state=running", "--format"],
        "{{.Node}} {{.CurrentState}}",
        `${stack.prefix}-shop`,
      )
    )
      .split("\n")
      .filter((line) => / Running /.test(line))
      .map((line) => line.split(" ")[0])
      .sort();
  const waitForNodes = (query: string, ...nodes: string[]) =>
    waitUntil(
      `${query} for ${nodes.join(", ")}`,
      async () => (await prometheus.query(query)).map(({ metric }) => metric["node"]).sort(),
      (found) => JSON.stringify(found) === JSON.stringify(nodes),
      180,
    );
  const expectNothingToDo = () =>
    stack.pulumi("preview", "--expect-no-changes", "--non-interactive");

  beforeAll(async () => {
    manager = await SshHostContainer.start();
    node = await SshHostContainer.start("none", manager);
    const build = ["build", "--quiet", "--build-arg", `BASE_IMAGE=${base}`];
    await docker(...build, "--tag", tinyImage, tiny.build.context);
    await manager.loadImage(base, prometheusImage, haproxy, tinyImage);
    await writeDaemonJson(ownSettings);
    const address = await manager.readAddress();
    await manager.docker("swarm", "init", "--advertise-addr", address);
    const token = await manager.docker("swarm", "join-token", "--quiet", "worker");
    await node.docker("swarm", "join", "--token", token, `${address}:2377`);
    prometheus = new PrometheusApi(`http://${address}:9090`);
    stack = await TestStack.create("drain");
    stack.write({
      host: { uri: manager.uriOf("root") },
      swarm: { mode: "use", nodes: [{ uri: node.uriOf("root") }] },
      engineMetrics: { mode: "managed" },
      grafana: { deploy: "never" },
      builds: networkSettings().builds,
      prometheus: { image: prometheusImage, publishAddress: "0.0.0.0", scrapeIntervalSeconds: 2 },
      exporters: { node: { deploy: false }, cadvisor: { deploy: false } },
      dockerApi: { image: haproxy },
      discovery: { enabled: true, refreshSeconds: 2 },
      apps: [
        {
          name: "shop",
          image: tinyImage,
          port: 80,
          memoryMb: 64,
          replicas: 2,
          healthCheck: { command: ["perl", "-e", "exit 0"], intervalSeconds: 1 },
        },
      ],
    });
  });

  afterAll(async () => {
    try {
      await stack.remove();
    } finally {
      await node.stop();
      await manager.stop();
      await docker("image", "rm", "--no-prune", tinyImage);
    }
  });

  it("shows in a preview what changes on the other node", async () => {
    const preview = await stack.pulumi("preview", "--non-interactive");
    expect(preview).toContain(`ssh://root@${node.name}: The host's settings change:`);
    expect(preview).toMatch(/^\s*\+.*"metrics-addr": "0\.0\.0\.0:9323"/m);
    expect(await node.readDaemonJson()).toBe(ownSettings);
  });

  it("has the setting on both, and measures both engines by the node's name", async () => {
    await stack.up();
    expect(await readAddressOfMetrics(manager)).toBe("0.0.0.0:9323");
    expect(await readAddressOfMetrics(node)).toBe("0.0.0.0:9323");
    expect(await isListening()).toBe(true);
    expect(await readNode()).toStrictEqual(ready);
    expect(await listPlaces()).toStrictEqual([manager.name, node.name]);
    await waitForNodes("engine_daemon_engine_info", manager.name, node.name);
    await expectNothingToDo();
  });

  it("corrects what was changed by hand on the drained node, while no visitor is turned away", async () => {
    await writeDaemonJson(ownSettings);
    const start = await readEngineStart();
    const visitor = await manager.docker(
      ...["run", "--detach", "--network", stack.prefix, "--entrypoint", "perl"],
      ...[tinyImage, "/visit.pl", "shop", "600"],
    );
    const seen = new Set<string>();
    const over = new AbortController();
    const watched = (async () => {
      while (!over.signal.aborted) seen.add((await readNode()).availability);
    })();
    await stack.up().finally(() => over.abort());
    await watched;
    await manager.docker("stop", visitor);
    const visits = await manager.docker("logs", visitor);
    await manager.docker("rm", visitor);
    console.info(`while the engine of a node was restarted: ${visits}`);
    expect(visits).toMatch(/^visits \d{3,} retried \d+ lost 0$/);
    expect([...seen].sort()).toStrictEqual(["active", "drain"]);
    expect(await readNode()).toStrictEqual(ready);
    expect(await readAddressOfMetrics(node)).toBe("0.0.0.0:9323");
    expect(await readEngineStart()).not.toBe(start);
    await waitForNodes('up{job="docker"} == 1', manager.name, node.name);
    await expectNothingToDo();
  });

  it("puts a node back that an earlier run has drained, and leaves one that its owner has", async () => {
    const update = (...options: string[]) =>
      manager.docker("node", "update", ...options, node.name);
    await update("--availability", "drain");
    await expectNothingToDo();
    await update("--label-add", `${drainedFromLabel}=active`);
    await stack.up();
    expect(await readNode()).toStrictEqual(ready);
  });

  it("leaves the node's daemon.json as it was, and the node in use", async () => {
    await stack.destroy();
    expect(await node.readDaemonJson()).toBe(ownSettings);
    expect(await manager.readDaemonJson()).toBeUndefined();
    // The manager, whose engine was restarted last, has to hear from it again.
    await waitUntil("the node is in use", readNode, (seen) => isDeepStrictEqual(seen, ready));
    expect(await node.docker("ps", "--all", "--quiet")).toBe("");
    expect(await isListening()).toBe(false);
  });
});
