import { readFileSync, realpathSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { listDashboards } from "../../config/grafana/listDashboards";
import { listQueries } from "../../config/grafana/listQueries";
import { images } from "../../config/images";
import { settingsSchema } from "../../config/settings";
import { registryImages } from "../../cli/install/registryImages";
import { docker, inspectContainer } from "../support/dockerCommands";
import { emptyHere } from "../support/emptyHere";
import { findFreePorts } from "../support/freePorts";
import { PrometheusApi } from "../support/prometheusApi";
import { networkSettings, readTestImages, readTestNetwork } from "../support/testNetwork";
import { TestStack } from "../support/testStack";
import { waitUntil } from "../support/waitUntil";

const offline = readTestNetwork() === "registries";
const { base } = readTestImages();
const secret = `planted-${process.pid}`;

let stack: TestStack;
let prometheus: PrometheusApi;
let foreign: string;

beforeAll(async () => {
  stack = await TestStack.create("exporters");
  const [port] = (await findFreePorts(1)) as [number];
  prometheus = new PrometheusApi(`http://127.0.0.1:${port}`);
  foreign = `${stack.prefix}-foreign`;
  const { builds, prometheus: image } = networkSettings();
  const choose = (own: string, official: string) => (offline ? own : official);
  stack.write({
    engineMetrics: { mode: "off" },
    builds,
    apps: [{ name: "shop", build: { context: "tests/support/apps/tiny" }, memoryMb: 64 }],
    prometheus: { ...image, publishPort: port, scrapeIntervalSeconds: 2 },
    grafana: { deploy: "never" },
    exporters: {
      node: { image: choose(registryImages.nodeExporter, images.nodeExporter) },
      cadvisor: { image: choose(registryImages.cadvisor, images.cadvisor) },
    },
    dockerApi: { image: choose(registryImages.haproxy, images.haproxy) },
    discovery: { refreshSeconds: 1 },
  });
  await stack.up();
});

afterAll(async () => {
  await docker("rm", "--force", "--volumes", foreign).catch(() => undefined);
  await stack.remove();
});

/** A container of someone else's, on the stack's network, with labels. */
async function startForeign(...labels: string[]): Promise<void> {
  const given = labels.flatMap((label) => ["--label", label]);
  const environment = ["--env", `PASSWORD=${secret}`];
  const { Image: image } = await inspectContainer(`${stack.prefix}-shop-1`);
  const options = ["--detach", "--name", foreign, "--network", stack.prefix, ...environment];
  await docker("run", ...options, ...given, image);
}

async function readLabels(query: string): Promise<Record<string, string>[]> {
  return (await prometheus.query(query)).map(({ metric }) => metric);
}

describe("what looks at the whole host", () => {
  it("is scraped", async () => {
    for (const job of ["node", "cadvisor", "containers"]) await prometheus.waitForTargets(job, 1);
  });

  it("counts the bytes of the host's own network interfaces", async () => {
    const readHost = () => {
      const lines = readFileSync("/proc/net/dev", "utf8").split("\n");
      const found = lines.map((line) => /^\s*(\S+):\s*(\d+)/.exec(line));
      return new Map(found.flatMap((match) => (match ? [[match[1]!, Number(match[2])]] : [])));
    };
    const before = readHost();
    const seen = await waitUntil(
      "node-exporter's counters are there",
      () => prometheus.query("node_network_receive_bytes_total"),
      (series) => series.length > 0,
    );
    const after = readHost();
    for (const { metric, value } of seen) {
      const device = metric["device"] ?? "";
      // Of the container's own network, whose interface has the same name, it would be a few hundred bytes.
      expect(value).toBeLessThanOrEqual(after.get(device)!);
      expect(value).toBeGreaterThan(0.9 * before.get(device)! - 1e6);
    }
  });

  it("knows every container of the host by its name", async () => {
    const shop = `${stack.prefix}-shop-1`;
    const series = await waitUntil(
      "cAdvisor has measured the shop",
      () => readLabels(`container_memory_working_set_bytes{name="${shop}"}`),
      (found) => found.length === 1,
    );
    expect(series[0]).not.toHaveProperty("id");
    const states = await readLabels("glasshouse_container_running == 1");
    expect(states.map(({ name }) => name)).toEqual(
      expect.arrayContaining([shop, `${stack.prefix}-prometheus`]),
    );
  });
});

it("answers every query of the dashboards about the host and its containers", async () => {
  const shown = listDashboards(settingsSchema.parse({})).filter(({ uid }) =>
    ["glasshouse-host", "glasshouse-containers"].includes(uid),
  );
  const queries = shown
    .flatMap(({ json }) => listQueries(JSON.parse(json) as Dashboard))
    .filter(({ panel }) => !emptyHere.test(panel))
    .map((query) => ({ ...query, query: query.query.replaceAll("$container", ".*") }));
  expect(queries.length).toBeGreaterThan(40);
  await waitUntil(
    "an answer to every panel's query",
    async () => {
      const answers = await Promise.all(queries.map(({ query }) => prometheus.query(query)));
      return queries.filter((_, index) => answers[index]?.length === 0).map(({ panel }) => panel);
    },
    (empty) => empty.length === 0,
  );
});

describe("a container of someone else's", () => {
  it("is scraped soon after it starts, under the name of its service", async () => {
    await startForeign("prometheus.io/scrape=true", "com.docker.compose.service=till");
    await waitUntil(
      "it is up",
      () => prometheus.queryNumber(`up{job="till", container="${foreign}"}`).catch(() => NaN),
      (value) => value === 1,
    );
  });

  it("shows its environment in no metric and no log of those who look at it", async () => {
    await waitUntil(
      "cAdvisor has measured it",
      () => readLabels(`container_memory_working_set_bytes{name="${foreign}"}`),
      (found) => found.length === 1,
    );
    const ask = (container: string, url: string) =>
      docker("exec", `${stack.prefix}-${container}`, "wget", "-q", "-O", "-", url);
    const texts = [
      await ask("cadvisor", "http://127.0.0.1:8080/metrics"),
      await ask("prometheus", "http://docker-api-discovery:9417/metrics"),
      await ask("prometheus", "http://docker-api-discovery:2375/containers/json"),
      await docker("logs", `${stack.prefix}-cadvisor`),
      await docker("logs", `${stack.prefix}-docker-api`),
    ];
    expect(texts[0]).toContain(foreign);
    for (const text of texts) expect(text).not.toContain(secret);
  });

  it("is forgotten soon after it is gone", async () => {
    await docker("rm", "--force", foreign);
    await prometheus.waitForTargets("discovered", 0);
  });

  it("is left alone without the label", async () => {
    await startForeign("prometheus.io/port=80");
    await new Promise((resolve) => setTimeout(resolve, 5000));
    expect(await readLabels(`up{container="${foreign}"}`)).toStrictEqual([]);
    await docker("rm", "--force", foreign);
  });
});

describe("the proxy of the engine's API", () => {
  it("is the only container with the engine's socket", async () => {
    const names = await docker("ps", "--format", "{{.Names}}", "--filter", `name=${stack.prefix}-`);
    const infos = await Promise.all(names.split("\n").map(inspectContainer));
    const holders = infos.filter(({ Mounts }) =>
      Mounts.some(({ Source }) => Source.endsWith("docker.sock")),
    );
    expect(holders.map(({ Name }) => Name)).toStrictEqual([`/${stack.prefix}-docker-api`]);
  });

  it("refuses every attack of a container on discovery's network", async () => {
    const folder = mkdtempSync(join(tmpdir(), "glasshouse-attack-"));
    try {
      const source = readFileSync(join(__dirname, "../support/attackDockerApi.ts"), "utf8");
      const { outputText } = ts.transpileModule(source, {
        compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
      });
      writeFileSync(join(folder, "attack.cjs"), outputText);
      const mounts = [
        ...["--volume", `${realpathSync(process.execPath)}:/node:ro`],
        ...["--volume", `${folder}:/attack:ro`],
      ];
      const network = ["--network", `${stack.prefix}-docker-api-discovery`];
      const victim = `${stack.prefix}-prometheus`;
      const command = ["/node", "/attack/attack.cjs", "docker-api-discovery", "2375", victim];
      const options = ["run", "--rm", "--name", `${stack.prefix}-attacker`];
      const output = await docker(...options, ...network, ...mounts, base, ...command);
      expect(output).toMatch(/^7 needed requests, 1\d\d attacks, 0 failures$/m);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

it("leaves nothing to do", async () => {
  await stack.pulumi("preview", "--expect-no-changes", "--non-interactive");
});
