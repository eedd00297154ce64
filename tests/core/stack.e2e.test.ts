import { readFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import type { AppSettingsInput } from "../../config/settings/appSettings";
import { buildDashboards } from "../../config/grafana/listDashboards";
import { listQueries } from "../../config/grafana/listQueries";
import { parseSettings } from "../../config/settings/parseSettings";
import { sampleApps } from "../../config/samples";
import {
  chooseEngineMetrics,
  daemonJsonPath,
  type EngineMetrics,
} from "../support/chooseEngineMetrics";
import {
  docker,
  inspectContainer,
  inspectStack,
  listDataVolumes,
  listRemains,
  readContainerIds,
} from "../support/dockerCommands";
import { findFreePorts } from "../support/freePorts";
import { PrometheusApi } from "../support/prometheusApi";
import { skipThisTest } from "../support/skip";
import { networkSettings } from "../support/testNetwork";
import { TestStack, withoutExporters } from "../support/testStack";
import { waitUntil } from "../support/waitUntil";
import { testAppSecret } from "./appSecret";
import { testEveryContainer } from "./everyContainer";

// One stack, deployed once: the three samples, and an app of a user's own that is given by its image, has a secret and
// names no Content-Type. Each test finds what the one before it left.

const ownImage = `glasshouse-test-own-image:${process.pid}`;
const secretValue = `top-${randomBytes(12).toString("hex")}`;

let stack: TestStack;
let engineMetrics: EngineMetrics;
let daemonJsonBefore: string | undefined;
let prometheusPort: number;
let galleryPort: number;
let iotdPort: number;
let galleryUrl: string;
let prometheus: PrometheusApi;
let upOutput: string;

interface Changes {
  readonly logReplicas?: number;
  readonly iotdIntervalSeconds?: number;
  readonly publishAddress?: string;
}

/** The stack file's settings, with what a test changes in them. */
function buildSettings({ logReplicas = 3, iotdIntervalSeconds, publishAddress }: Changes = {}) {
  const { builds, prometheus: image } = networkSettings();
  const changes: Record<string, Partial<AppSettingsInput>> = {
    "image-gallery": { publishPort: galleryPort },
    iotd: {
      publishPort: iotdPort,
      ...(iotdIntervalSeconds && { scrapeIntervalSeconds: iotdIntervalSeconds }),
      ...(publishAddress && { publishAddress }),
    },
    "access-log": { replicas: logReplicas },
  };
  const own: AppSettingsInput = {
    name: "own",
    image: ownImage,
    secrets: { TOKEN: { config: "ownToken" } },
    memoryMb: 64,
  };
  return {
    engineMetrics,
    builds,
    apps: [...sampleApps.map((app) => ({ ...app, ...changes[app.name] })), own],
    prometheus: { ...image, publishPort: prometheusPort, scrapeIntervalSeconds: 2 },
    grafana: { deploy: "never" },
  };
}

async function change(changes: Changes): Promise<void> {
  stack.write(buildSettings(changes));
  await stack.up();
}

const container = (name: string) => inspectContainer(`${stack.prefix}-${name}`);
const allContainers = () => inspectStack(stack.prefix);
const readDaemonJson = () => readFile(daemonJsonPath, "utf8").catch(() => undefined);

beforeAll(async () => {
  daemonJsonBefore = await readDaemonJson();
  [prometheusPort, galleryPort, iotdPort] = (await findFreePorts(3)) as [number, number, number];
  galleryUrl = `http://127.0.0.1:${galleryPort}`;
  prometheus = new PrometheusApi(`http://127.0.0.1:${prometheusPort}`);
  stack = await TestStack.create("stack");
  engineMetrics = await chooseEngineMetrics(stack.name);
  const { baseImage } = networkSettings().builds as { baseImage?: string };
  const base = baseImage === undefined ? [] : ["--build-arg", `BASE_IMAGE=${baseImage}`];
  await docker("build", ...base, "--tag", ownImage, "tests/support/apps/tiny");
  stack.write({});
  await stack.setSecret("ownToken", secretValue);
  stack.write(buildSettings());
  upOutput = await stack.up();
});

afterAll(async () => {
  try {
    await stack.remove();
  } finally {
    await docker("image", "rm", "--force", ownImage);
  }
});

describe("what is scraped", () => {
  it("finds every target of every job, and all of them are up", async () => {
    const expected = { prometheus: 1, "image-gallery": 1, "iotd-api": 1, "access-log": 3, own: 1 };
    for (const [job, count] of Object.entries(expected)) {
      await prometheus.waitForTargets(job, count);
    }
    if (engineMetrics.mode === "managed") await prometheus.waitForTargets("docker", 1);
    const jobs = new Set((await prometheus.readTargets()).map(({ scrapePool }) => scrapePool));
    const withEngine = engineMetrics.mode === "managed" ? ["docker"] : [];
    expect([...jobs].sort()).toStrictEqual([...Object.keys(expected), ...withEngine].sort());
  });

  it("sees three access-log containers at three addresses", async () => {
    const targets = await prometheus.waitForTargets("access-log", 3);
    const seen = targets.map(({ scrapeUrl }) => new URL(scrapeUrl).hostname).sort();
    const real = (await allContainers())
      .filter(({ Name }) => Name.includes("-access-log-"))
      .map(({ NetworkSettings }) => NetworkSettings.Networks[stack.prefix]!.IPAddress);
    expect(new Set(seen).size).toBe(3);
    expect(seen).toStrictEqual(real.sort());
  });

  it("is told of targets by name, never by address", async () => {
    const config = await prometheus.readConfig();
    expect(config).toContain("accesslog");
    expect(config).not.toMatch(/\d+\.\d+\.\d+\.\d+/);
  });

  it("scrapes an app that is given by its image and names no Content-Type", async () => {
    const [target] = await prometheus.waitForTargets("own", 1);
    expect(target?.lastError).toBe("");
    expect(await prometheus.queryNumber("tiny_answers_total")).toBeGreaterThan(0);
  });
});

describe("what is counted", () => {
  it("counts exactly the visits that were made, in all three apps", async () => {
    const visits = 40;
    const counters = [
      'sum(image_gallery_requests_total{code="200"})',
      "sum(image_gallery_requests_total)",
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
  });

  it("spreads the accesses over all access-log containers", async () => {
    const perContainer = await prometheus.query("access_log_total");
    expect(perContainer).toHaveLength(3);
    expect(perContainer.every(({ value }) => value > 0)).toBe(true);
  });

  it("counts as many running containers as the engine says", async () => {
    if (engineMetrics.mode === "off") {
      skipThisTest(
        "the engine's metrics are off: its settings would have to change while containers run",
      );
      return;
    }
    const running = 'engine_daemon_container_states_containers{state="running"}';
    await waitUntil(
      "Prometheus and the engine count the same containers",
      async () => {
        await prometheus.waitForFreshScrapes();
        const [counted, said] = await Promise.all([
          prometheus.queryNumber(running),
          docker("info", "--format", "{{.ContainersRunning}}"),
        ]);
        return { counted, said: Number(said) };
      },
      ({ counted, said }) => counted === said,
    );
  });

  it("answers every query of every panel", async () => {
    const parsed = parseSettings(
      { ...withoutExporters, ...buildSettings(), ownToken: "" },
      { fileExists: () => true, secretKeys: new Set(["ownToken"]) },
    );
    if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
    const queries = buildDashboards(parsed.settings, stack.prefix)
      .flatMap((dashboard) => listQueries(dashboard))
      // Empty while all is well.
      .filter(({ panel }) => panel !== "Firing alerts by name")
      .map((query) => ({ ...query, query: query.query.replaceAll("$container", ".*") }));
    expect(queries.length).toBeGreaterThan(50);
    await prometheus.waitForAnswers(queries);
  });
});

describe("an update", () => {
  it("has nothing to do the second time, and neither has a refresh", async () => {
    await stack.pulumi("preview", "--expect-no-changes", "--non-interactive");
    await stack.pulumi("refresh", "--preview-only", "--expect-no-changes", "--non-interactive");
    const output = await stack.up();
    const lines = output.split("\n").filter((line) => !/ refresh(ing)? \(/.test(line));
    expect(lines.join("\n")).not.toMatch(/^ +[+~-] |created|updated|replaced|deleted/m);
  });

  it("takes a new scrape interval to the running Prometheus", async () => {
    const before = await container("prometheus");
    await change({ iotdIntervalSeconds: 3 });
    // Prometheus hands a new configuration on to its scraping within seconds.
    await waitUntil(
      "iotd scraped every 3 s",
      () => prometheus.waitForTargets("iotd-api", 1),
      ([target]) => target?.scrapeInterval === "3s",
    );
    const after = await container("prometheus");
    expect(after.Id).toBe(before.Id);
    expect(after.State.StartedAt).toBe(before.State.StartedAt);
  });

  it.each([
    { from: 3, to: 5 },
    { from: 5, to: 2 },
  ])("from $from to $to replicas only adds or removes containers", async ({ from, to }) => {
    const before = await readContainerIds(stack.prefix);
    await change({ logReplicas: to });
    const after = await readContainerIds(stack.prefix);

    const replica = (number: number) => `${stack.prefix}-access-log-${number}`;
    const numbers = Array.from({ length: Math.max(from, to) }, (_, index) => index + 1);
    const scaled = numbers.slice(Math.min(from, to)).map(replica);
    const isScaled = ([name]: [string, string]) => scaled.includes(name);
    expect(Object.entries(to > from ? after : before).filter(isScaled)).toHaveLength(scaled.length);
    const others = (ids: Record<string, string>) =>
      Object.entries(ids).filter((entry) => !isScaled(entry));
    expect(others(after)).toStrictEqual(others(before));
    expect(Object.keys(after).filter((name) => name.includes("-access-log-"))).toHaveLength(to);
    await prometheus.waitForTargets("access-log", to);
  });

  it("makes a container again that was removed by hand, and leaves the others", async () => {
    const before = await readContainerIds(stack.prefix);
    const removed = `${stack.prefix}-access-log-2`;
    await docker("rm", "--force", removed);
    await stack.up("--refresh");
    const after = await readContainerIds(stack.prefix);
    expect(after[removed]).toBeDefined();
    expect(after).toStrictEqual({ ...before, [removed]: after[removed] });
    await prometheus.waitForTargets("access-log", 2);
  });
});

testEveryContainer({
  stack: () => stack,
  publishedPorts: () => [prometheusPort, galleryPort, iotdPort],
});

it("publishes a port elsewhere only by a setting of that name, and the preview warns of it", async () => {
  const warning = "lets other machines in, without encryption";
  expect(await stack.pulumi("preview", "--non-interactive")).not.toContain(warning);
  stack.write(buildSettings({ logReplicas: 2, publishAddress: "0.0.0.0" }));
  const preview = await stack.pulumi("preview", "--non-interactive");
  stack.write(buildSettings({ logReplicas: 2 }));
  expect(preview).toContain(`apps[1].publishAddress 0.0.0.0 ${warning}`);
});

testAppSecret({
  stack: () => stack,
  prometheus: () => prometheus,
  ownImage,
  secretValue,
  upOutput: () => upOutput,
});

describe("destroy", () => {
  it("leaves nothing of the stack but its data, daemon.json as it was, and other people's images", async () => {
    const imagesOfOthers = async () =>
      (await docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}"))
        .split("\n")
        .filter((name) => !name.startsWith(stack.prefix) && name !== "<none>:<none>")
        .sort();
    const before = await imagesOfOthers();
    expect(await listRemains(stack.prefix)).not.toStrictEqual([]);

    await stack.destroy();

    const data = await listDataVolumes(stack.prefix);
    expect(data).toContain(`${stack.prefix}-prometheus-data`);
    expect(await listRemains(stack.prefix)).toStrictEqual(data.map((name) => `volume ${name}`));
    expect(await readDaemonJson()).toBe(daemonJsonBefore);
    expect(await imagesOfOthers()).toStrictEqual(before);
    expect(before).toContain(ownImage);
  });
});

async function visitGallery(times: number): Promise<void> {
  for (let visit = 0; visit < times; visit++) {
    const response = await fetch(galleryUrl);
    await response.text();
    expect(response.status).toBe(200);
  }
}
