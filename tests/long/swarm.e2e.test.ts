import { setTimeout as sleep } from "node:timers/promises";
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

// One node: the samples and a shop of three replicas as services, on an engine of the test's own, which is in no Swarm at first.

// Not under the name of the stack, with whose remains they would be removed.
const repository = `glasshouse-test-swarm-${process.pid}`;
const { base, prometheus: prometheusImage } = readTestImages();
const samples = sampleApps.map(({ build, ...app }) => ({
  ...app,
  context: build?.context ?? "",
  image: `${repository}/${app.name}:1`,
}));
const shopImage = `${repository}/shop:1`;

const obstacle = ContainedEngine.findObstacle("swarm");
if (obstacle === undefined) describe("a Swarm of one node", testSwarm);
else skip("a Swarm of one node", obstacle);

function testSwarm(): void {
  let engine: ContainedEngine;
  let stack: TestStack;
  let address: string;
  let prometheus: PrometheusApi;
  let ports: { prometheus: number; gallery: number; iotd: number; notes: number };

  interface Changes {
    readonly mode?: "off" | "use" | "init";
    readonly shop?: object;
    readonly more?: readonly object[];
  }

  const write = ({ mode = "init", shop = {}, more = [] }: Changes = {}) =>
    stack.write({
      host: { uri: engine.dockerHost },
      swarm: { mode },
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
        ...samples.map(({ context: _, ...app }) => ({
          ...app,
          ...(app.publishPort !== undefined && {
            publishPort: app.name === "iotd" ? ports.iotd : ports.gallery,
            publishAddress: "0.0.0.0",
          }),
        })),
        {
          name: "shop",
          image: shopImage,
          replicas: 3,
          memoryMb: 64,
          secrets: { KEY: { config: "shopKey" } },
          files: [{ path: "/etc/shop/shop.conf", text: "open\n" }],
          healthCheck: { command: ["perl", "-e", "exit 0"], intervalSeconds: 1 },
          ...shop,
        },
        ...more,
      ],
    });
  const service = (name: string) => `${stack.prefix}-${name}`;
  const listTasks = async (name: string) => {
    const filter = ["--filter", `label=com.docker.swarm.service.name=${service(name)}`];
    return (await engine.docker("ps", "--quiet", ...filter)).split("\n").sort();
  };
  const exec = async (name: string, ...command: string[]) =>
    engine.docker("exec", (await listTasks(name))[0]!, ...command);
  const listTexts = async () =>
    (await engine.docker("secret", "ls", "--quiet")) +
    (await engine.docker("config", "ls", "--quiet"));
  const expectNothingToDo = () =>
    stack.pulumi("preview", "--expect-no-changes", "--non-interactive");
  const readSwarmState = () => engine.docker("info", "--format", "{{.Swarm.LocalNodeState}}");
  const waitForAllTargets = async () => {
    const { scrapeTargets } = await stack.readOutputs<{ scrapeTargets: Record<string, number> }>();
    await prometheus.waitForAllTargets(scrapeTargets);
    return scrapeTargets;
  };
  const visitGallery = async (times: number) => {
    for (let visit = 0; visit < times; visit += 1) {
      const response = await fetch(`http://${address}:${ports.gallery}`);
      await response.text();
      expect(response.status).toBe(200);
    }
  };

  beforeAll(async () => {
    const [one = 0, two = 0, three = 0, four = 0] = await findFreePorts(4);
    ports = { prometheus: one, gallery: two, iotd: three, notes: four };
    const build = ["build", "--quiet", "--build-arg", `BASE_IMAGE=${base}`];
    for (const { image, context } of samples) await docker(...build, "--tag", image, context);
    await docker(...build, "--tag", shopImage, tiny.build.context);
    const images = [base, prometheusImage, shopImage, ...samples.map(({ image }) => image)];
    engine = await ContainedEngine.start("swarm", images);
    address = await engine.readAddress();
    prometheus = new PrometheusApi(`http://${address}:${ports.prometheus}`);
    stack = await TestStack.create("swarm");
    write();
    await stack.setSecret("shopKey", "hush-hush");
  });

  afterAll(async () => {
    try {
      await stack.remove();
    } finally {
      await engine.stop();
      // What they were built from is everybody's cache.
      const images = [shopImage, ...samples.map(({ image }) => image)];
      await docker("image", "rm", "--no-prune", ...images);
    }
  });

  it("refuses an engine that is in no Swarm, with the command to run", async () => {
    write({ mode: "use" });
    const refused = await stack.failToUp();
    expect(refused).toContain("It is in no Swarm. Make one: docker swarm init");
    expect(refused).toContain("Nothing was changed");
    expect(await engine.listRemains()).toBe("");
  });

  it("makes a Swarm of one node and runs the samples as services; Prometheus finds every replica", async () => {
    write();
    await stack.up();
    expect(await readSwarmState()).toBe("active");
    const addr = await engine.docker("info", "--format", "{{.Swarm.NodeAddr}}");
    expect(addr).toBe("127.0.0.1");
    expect(await waitForAllTargets()).toStrictEqual({
      prometheus: 1,
      "image-gallery": 1,
      "iotd-api": 1,
      "access-log": 3,
      shop: 3,
    });
    await expectNothingToDo();
  });

  it("gives replicas the limits and rights that containers get", async () => {
    const [task = ""] = await listTasks("shop");
    const format =
      "{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}} {{.HostConfig.ReadonlyRootfs}} {{.Config.User}}";
    expect(await engine.docker("inspect", "--format", format, task)).toBe(
      "67108864 200 true 65532:65532",
    );
    const status = await exec("shop", "cat", "/proc/1/status");
    expect(status).toMatch(/CapBnd:\s+0000000000000000/);
    expect(status).toMatch(/NoNewPrivs:\s+1/);
    expect(await exec("shop", "sh", "-c", "cat /run/secrets/KEY /etc/shop/shop.conf")).toBe(
      "hush-hushopen",
    );
    expect(await engine.docker("service", "inspect", service("shop"))).not.toContain("hush-hush");
  });

  it("counts exactly the visits that were made, in all three samples", async () => {
    const visits = 40;
    const counters = [
      'sum(image_gallery_requests_total{code="200"})',
      "sum(iotd_api_image_load_total)",
      "sum(access_log_total)",
    ];
    const readCounters = async () => {
      await prometheus.waitForFreshScrapes();
      return Promise.all(counters.map((counter) => prometheus.queryNumber(counter)));
    };
    // iotd's counter comes into being with its first image.
    await visitGallery(1);
    const before = await readCounters();
    await visitGallery(visits);
    const after = await readCounters();
    expect(after.map((count, index) => count - before[index]!)).toStrictEqual(
      counters.map(() => visits),
    );
    expect(await prometheus.query("access_log_total")).toHaveLength(3);
  });

  it("scales without touching another replica", async () => {
    const before = await listTasks("shop");
    write({ shop: { replicas: 5 } });
    await stack.up();
    const more = await listTasks("shop");
    expect(more).toHaveLength(5);
    expect(more).toStrictEqual(expect.arrayContaining(before));
    await prometheus.waitForTargets("shop", 5);
    write();
    await stack.up();
    const less = await listTasks("shop");
    expect(less).toHaveLength(3);
    expect(more).toStrictEqual(expect.arrayContaining(less));
    await expectNothingToDo();
  });

  it("replaces a secret, one replica after the other, while no visitor is turned away", async () => {
    const network = ["--network", stack.prefix, "--entrypoint", "perl"];
    const visitor = await engine.docker(
      ...["run", "--detach", ...network, shopImage, "/visit.pl", "shop", "40"],
    );
    const texts = (await listTexts()).length;
    await stack.setSecret("shopKey", "louder");
    await stack.up();
    expect(await exec("shop", "cat", "/run/secrets/KEY")).toBe("louder");
    expect((await listTexts()).length).toBe(texts);
    expect(await engine.docker("wait", visitor)).toBe("0");
    expect(await engine.docker("logs", visitor)).toMatch(/ lost 0$/);
    await engine.docker("rm", visitor);
  });

  it("ends an update that the Swarm rolls back, with the node, the error and the last log lines", async () => {
    const before = await engine.docker(
      "service",
      "inspect",
      "--format",
      "{{json .Spec}}",
      service("shop"),
    );
    write({ shop: { environment: { CRASH: "no shelf" } } });
    const failed = await stack.failToUp();
    expect(failed).toContain("the Swarm has brought the version before back");
    const node = await engine.docker("node", "ls", "--format", "{{.Hostname}}");
    expect(failed).toMatch(new RegExp(`replica \\d on ${node} is failed: task: non-zero exit`));
    expect(failed).toMatch(/Its last log lines:\s+no shelf/);
    expect(
      await engine.docker("service", "inspect", "--format", "{{json .Spec}}", service("shop")),
    ).toBe(before);
    write();
    await expectNothingToDo();
    await waitForAllTargets();
  });

  it("says why a new app does not run, and removes it when it is taken out again", async () => {
    const lost = { name: "lost", image: shopImage, memoryMb: 64, entrypoint: ["nowhere"] };
    write({ more: [lost] });
    const failed = await stack.failToUp();
    expect(failed).toContain("lost cannot run");
    expect(failed).toContain("Its command does not exist in the image");
    write();
    await stack.up();
    expect(await engine.docker("service", "ls", "--format", "{{.Name}}")).not.toContain("lost");
  });

  it("repairs what somebody has changed by hand; the doctor names it", async () => {
    await engine.docker("service", "scale", "--detach", `${service("shop")}=1`);
    await waitUntil(
      "one replica is left",
      () => listTasks("shop"),
      (tasks) => tasks.length === 1,
    );
    const { stdout } = await runCommandLine(stack, "doctor");
    expect(stdout).toContain("its service was scaled to 1 replicas instead of 3");
    await stack.up();
    expect(await listTasks("shop")).toHaveLength(3);
    await waitForAllTargets();
    expect((await runCommandLine(stack, "doctor")).stdout).toMatch(
      /shop\s+3 replicas, as deployed/,
    );
  });

  it("puts back a secret that someone removed by hand", async () => {
    const secrets = await engine.docker("secret", "ls", "--format", "{{.Name}}");
    const [secret = ""] = secrets.split("\n").filter((name) => name.startsWith(service("shop")));
    await engine.docker("service", "update", "--quiet", "--secret-rm", secret, service("shop"));
    await engine.docker("secret", "rm", secret);
    const { stdout } = await runCommandLine(stack, "doctor");
    expect(stdout).toContain("its service was changed by someone else");
    await stack.up();
    expect(await engine.docker("secret", "ls", "--format", "{{.Name}}")).toBe(secrets);
    expect(await exec("shop", "cat", "/run/secrets/KEY")).toBe("louder");
    await waitForAllTargets();
  });

  it("is taken over when its state is lost, while its services run on; the Swarm stays its own", async () => {
    const before = await listTasks("shop");
    await stack.loseState();
    const refused = await stack.failToUp();
    expect(refused).toContain(`${stack.prefix} runs on this engine already`);
    await stack.adopt();
    expect(await listTasks("shop")).toStrictEqual(before);
    await waitForAllTargets();
    await expectNothingToDo();
  });

  it("is whole again after a restart of the engine, the attached containers included", async () => {
    await engine.restart();
    await waitUntil(
      "all services have their replicas",
      () => engine.docker("service", "ls", "--format", "{{.Replicas}}"),
      (replicas) => replicas.split("\n").every((each) => /^(\d+)\/\1$/.test(each)),
    );
    await waitUntil(
      "Prometheus answers",
      () => prometheus.readTargets().catch(() => []),
      (targets) => targets.length > 0,
    );
    await waitForAllTargets();
    await expectNothingToDo();
  });

  it("leaves the Swarm that it made, and nothing else", async () => {
    await stack.destroy();
    expect(await readSwarmState()).toBe("inactive");
    expect(await engine.docker("ps", "--all", "--quiet")).toBe("");
    const networks = await engine.docker("network", "ls", "--format", "{{.Name}}");
    expect(networks.split("\n").sort()).toStrictEqual(["bridge", "host", "none"]);
  });

  it("is moved from one host into the Swarm by `down` and `up`, with its data", async () => {
    const notes = {
      name: "notes",
      image: shopImage,
      memoryMb: 64,
      publishPort: ports.notes,
      publishAddress: "0.0.0.0",
      volumes: [{ name: "data", path: "/data" }],
    };
    write({ mode: "off", more: [notes] });
    await stack.up();
    await waitForAllTargets();
    const replica = `${service("notes")}-1`;
    await engine.docker("exec", replica, "sh", "-c", "echo kept > /data/note");
    const before = await prometheus.readSamples('up{job="notes"}', "10m");
    expect(before.length).toBeGreaterThan(0);

    const url = `http://${address}:${ports.notes}`;
    const watch = { isOver: false, answered: Date.now(), longest: 0 };
    const watching = (async () => {
      while (!watch.isOver) {
        const signal = AbortSignal.timeout(500);
        if (
          await fetch(url, { signal }).then(
            ({ ok }) => ok,
            () => false,
          )
        ) {
          watch.longest = Math.max(watch.longest, Date.now() - watch.answered);
          watch.answered = Date.now();
        }
        await sleep(50);
      }
    })();
    await stack.destroy();
    write({ more: [notes] });
    await stack.up();
    await waitForAllTargets();
    watch.isOver = true;
    await watching;

    console.info(
      `moved from one host into a Swarm: ${stack.prefix} was away for ${watch.longest / 1000} s`,
    );
    expect(await exec("notes", "cat", "/data/note")).toBe("kept");
    const kept = new Set(await prometheus.readSamples('up{job="notes"}', "20m"));
    expect(before.filter((sample) => !kept.has(sample))).toStrictEqual([]);
    await stack.destroy();
  });

  it("uses a Swarm of somebody else, and does not leave it", async () => {
    await engine.docker("swarm", "init", "--advertise-addr", "127.0.0.1");
    write({ mode: "use", more: [{ name: "till", ...tiny, metrics: false }] });
    await stack.up();
    await waitForAllTargets();
    await expectNothingToDo();
    await stack.destroy();
    expect(await readSwarmState()).toBe("active");
    expect(await engine.docker("service", "ls", "--quiet")).toBe("");
    expect(await listTexts()).toBe("");
  });
}
