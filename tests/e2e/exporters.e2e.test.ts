import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { listDashboards } from "../../config/grafana/listDashboards";
import { listQueries } from "../../config/grafana/listQueries";
import { settingsSchema } from "../../config/settings/settings";
import { docker, inspectContainer } from "../support/dockerCommands";
import { emptyHere } from "../support/emptyHere";
import { makeCertificates } from "../support/makeCertificates";
import { findFreePorts } from "../support/freePorts";
import { PrometheusApi } from "../support/prometheusApi";
import { networkSettings, readTestImages } from "../support/testNetwork";
import { TestStack } from "../support/testStack";
import { waitUntil } from "../support/waitUntil";

const { base } = readTestImages();
const often = { intervalSeconds: 2, timeoutSeconds: 1 };
const secret = `planted-${process.pid}`;

let stack: TestStack;
let prometheus: PrometheusApi;
let foreign: string;
let guarded: string;
/** Two containers behind one DNS name. */
let fleet: readonly string[];
let secure: string;
let certificates: string;
/** Of the host, with files that list targets. */
let lists: string;

beforeAll(async () => {
  stack = await TestStack.create("exporters");
  const [port] = (await findFreePorts(1)) as [number];
  prometheus = new PrometheusApi(`http://127.0.0.1:${port}`);
  foreign = `${stack.prefix}-foreign`;
  guarded = `${stack.prefix}-guarded`;
  fleet = [1, 2].map((ship) => `${stack.prefix}-ship-${ship}`);
  secure = `${stack.prefix}-secure`;
  certificates = mkdtempSync(join(tmpdir(), "glasshouse-certificates-"));
  makeCertificates(certificates, `DNS:${secure}`);
  lists = mkdtempSync(join(tmpdir(), "glasshouse-lists-"));
  chmodSync(lists, 0o755);
  await stack.setSecret("guardedPassword", secret);
  const { builds, prometheus: image, exporters, dockerApi } = networkSettings();
  stack.write({
    engineMetrics: { mode: "off" },
    builds,
    apps: [{ name: "shop", build: { context: "tests/support/apps/tiny" }, memoryMb: 64 }],
    prometheus: { ...image, publishPort: port, scrapeIntervalSeconds: 2, retentionMb: 512 },
    grafana: { deploy: "never" },
    exporters,
    dockerApi,
    discovery: { refreshSeconds: 1 },
    probes: [
      { name: "shop", url: "http://shop/", bodyMatches: "tiny_answers_total \\d+", ...often },
      { name: "shop-page", url: "http://shop/", bodyMatches: "Welcome", ...often },
      {
        name: "secure",
        url: `https://${secure}:8443/`,
        ca: join(certificates, "ca.pem"),
        statusCodes: [418],
        ...often,
      },
    ],
    scrapeJobs: [
      {
        name: "guarded",
        targets: [`${guarded}:8000`],
        basicAuth: { username: "prometheus", password: { config: "guardedPassword" } },
        labels: { rack: "a" },
      },
      {
        name: "fleet",
        dns: { names: [`${stack.prefix}-fleet`], port: 8000, refreshSeconds: 1 },
        bearerToken: { config: "guardedPassword" },
      },
      { name: "listed", targetsFolder: lists, labels: { rack: "b" } },
    ],
  });
  await stack.up();
});

afterAll(async () => {
  await docker("rm", "--force", "--volumes", foreign, guarded, ...fleet, secure).catch(
    () => undefined,
  );
  for (const folder of [certificates, lists]) rmSync(folder, { recursive: true, force: true });
  await stack.remove();
});

/** A container of someone else's, on the stack's network, with labels. */
async function startForeign(...labels: string[]): Promise<void> {
  const given = labels.flatMap((label) => ["--label", label]);
  const environment = ["--env", `PASSWORD=${secret}`];
  const { Image: image } = await inspectContainer(`${stack.prefix}-shop-1`);
  const options = ["--detach", "--name", foreign, "--network", stack.prefix, ...environment];
  const ports = ["--expose", "9100", "--expose", "80", "--expose", "53/udp"];
  await docker("run", ...options, ...ports, ...given, image);
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
  const probes = [{ name: "shop", url: "http://shop/" }];
  const apps = [{ name: "shop", image: "any:1" }];
  const uids = [
    ...["glasshouse-host", "glasshouse-containers", "glasshouse-overview"],
    ...["app-shop"],
  ];
  const shown = listDashboards(settingsSchema.parse({ probes, apps }), stack.prefix).filter(
    ({ uid }) => uids.includes(uid),
  );
  expect(shown).toHaveLength(uids.length);
  const queries = shown
    .flatMap(({ uid, json }) => {
      const dashboard = JSON.parse(json) as Dashboard;
      const all = dashboard.templating.list?.[0]?.allValue ?? "";
      return listQueries(dashboard).map(({ query, ...place }) => ({
        ...place,
        uid,
        query: query.replaceAll("$container", () => all),
      }));
    })
    .filter(({ uid, row }) => uid !== "glasshouse-overview" || row === "Probes")
    // Asked below, once something has a certificate.
    .filter(({ query }) => !query.includes("cert_expiry"))
    .filter(({ panel }) => !emptyHere.test(panel))
    // The shop has no health check, and nothing to do with disks.
    .filter(({ uid, query }) => uid !== "app-shop" || !/_health|:disk_/.test(query));
  expect(queries.length).toBeGreaterThan(40);
  await prometheus.waitForAnswers(queries);
});

describe("a container of someone else's", () => {
  it("is scraped soon after it starts, under the name of its service", async () => {
    const service = "com.docker.compose.service=till";
    await startForeign("prometheus.io/scrape=true", service, `till.token=${secret}`);
    await waitUntil(
      "it is up",
      () => prometheus.queryNumber(`up{job="till", container="${foreign}"}`).catch(() => NaN),
      (value) => value === 1,
    );
  });

  it("is one target although it has several ports", async () => {
    expect(await readLabels(`up{container="${foreign}"}`)).toMatchObject([
      { instance: `${foreign}:80` },
    ]);
  });

  it("shows its environment and its own labels in no metric and no log of those who look at it", async () => {
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
      expect(output).toMatch(/^6 needed requests, 1\d\d attacks, 0 failures$/m);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

it("limits the size of what Prometheus keeps", async () => {
  const limit = () => prometheus.queryNumber("prometheus_tsdb_retention_limit_bytes");
  await waitUntil("Prometheus tells its limit", limit, (value) => value === 512 * 1024 * 1024);
});

describe("a scrape job with a log-in", () => {
  /** Answers those who know the password, in Perl, which the image of every app here holds. */
  const serve = `
    use IO::Socket::INET;
    $SIG{TERM} = sub { exit }; $SIG{PIPE} = "IGNORE";
    my $server = IO::Socket::INET->new(LocalPort => 8000, Listen => 5, ReuseAddr => 1) or die $!;
    my $wanted = "Authorization: $ENV{LOG_IN}";
    while (my $client = $server->accept) {
      my $known = 0;
      while (my $line = <$client>) { $line =~ s/\\r?\\n//; last if $line eq ""; $known = 1 if $line eq $wanted }
      my ($status, $body) = $known ? ("200 OK", "secrets_kept 1\\n") : ("401 Unauthorized", "");
      my $type = "Content-Type: text/plain; version=0.0.4";
      print $client "HTTP/1.1 $status\\r\\n$type\\r\\nConnection: close\\r\\n\\r\\n$body"; close $client;
    }`;

  const start = async (name: string, logIn: string, alias = name) => {
    const { Image: image } = await inspectContainer(`${stack.prefix}-shop-1`);
    const network = ["--network", stack.prefix, "--network-alias", alias];
    const options = ["--detach", "--name", name, ...network, "--env", `LOG_IN=${logIn}`];
    await docker("run", ...options, "--entrypoint", "perl", image, "-e", serve);
  };
  const startGuarded = (password: string) =>
    start(guarded, `Basic ${Buffer.from(`prometheus:${password}`).toString("base64")}`);
  const isUp = () => prometheus.queryNumber('up{job="guarded", rack="a"}');

  it("is down as long as nothing answers", async () => {
    await waitUntil("it is down", isUp, (value) => value === 0);
  });

  it("is up with its password, which is in a file alone", async () => {
    await startGuarded(secret);
    await waitUntil("it is up", isUp, (value) => value === 1);
    expect(await prometheus.queryNumber("secrets_kept")).toBe(1);
    const texts = [
      await docker("inspect", `${stack.prefix}-prometheus`),
      await prometheus.readConfig(),
      await stack.pulumi("stack", "export"),
    ];
    expect(texts[1]).toContain("/etc/prometheus/secrets/guarded.password");
    for (const text of texts) expect(text).not.toContain(secret);
  });

  it("is down again with another password", async () => {
    await docker("rm", "--force", guarded);
    await startGuarded("another");
    await waitUntil("it is down", isUp, (value) => value === 0);
  });

  it("finds what a DNS name stands for, and is let in by its token", async () => {
    const count = (state: string) => () => prometheus.queryNumber(`count(up{job="fleet"}${state})`);
    const [first = "", second = ""] = fleet;
    await start(first, `Bearer ${secret}`, `${stack.prefix}-fleet`);
    await waitUntil("one is up", count(" == 1"), (value) => value === 1);
    await start(second, "Bearer another", `${stack.prefix}-fleet`);
    await waitUntil("the other asks for another token", count(" == 0"), (value) => value === 1);
    await docker("rm", "--force", second);
    await waitUntil("the other is gone", count(""), (value) => value === 1);
    const config = await prometheus.readConfig();
    expect(config).toContain("/etc/prometheus/secrets/fleet.token");
    expect(config).not.toContain(secret);
  });
});

it("scrapes what a file of the host lists, from soon after it is there until soon after it is gone", async () => {
  const file = join(lists, "shops.json");
  const groups = [{ targets: ["shop:80"], labels: { team: "till" } }];
  // As a tool writes it: complete from its first moment on.
  writeFileSync(`${file}.new`, JSON.stringify(groups));
  renameSync(`${file}.new`, file);
  await prometheus.waitForTargets("listed", 1);
  const [target] = await readLabels('up{job="listed"}');
  expect(target).toMatchObject({ instance: "shop:80", team: "till", rack: "b" });
  rmSync(file);
  await waitUntil(
    "it is forgotten",
    () => readLabels('up{job="listed"}'),
    (targets) => targets.length === 0,
  );
});

describe("probes", () => {
  const state = (name: string) => prometheus.queryNumber(`probe_success{probe="${name}"}`);
  const isWell = (name: string, wanted: number) =>
    waitUntil(
      `${name} is ${wanted}`,
      () => state(name),
      (value) => value === wanted,
    );

  it("tell a page that is right from one that answers something else", async () => {
    await prometheus.waitForTargets("probes", 3);
    await isWell("shop", 1);
    await isWell("shop-page", 0);
    expect(await prometheus.queryNumber('probe_http_status_code{probe="shop-page"}')).toBe(200);
    const took = await prometheus.queryNumber('probe_duration_seconds{probe="shop"}');
    expect(took).toBeGreaterThan(0);
  });

  it("trust the authority that they are given, and know until when a certificate holds", async () => {
    await isWell("secure", 0);
    const serve =
      "const { readFileSync: read } = require('fs');" +
      "require('https').createServer({ key: read('/certs/key.pem'), cert: read('/certs/cert.pem') }," +
      " (_request, response) => response.writeHead(418).end('tea')).listen(8443);";
    await docker(
      ...["run", "--detach", "--name", secure, "--network", stack.prefix],
      ...["--volume", `${realpathSync(process.execPath)}:/node:ro`],
      ...["--volume", `${join(certificates, "server")}:/certs:ro`],
      ...[base, "/node", "-e", serve],
    );
    await isWell("secure", 1);
    const left = await prometheus.queryNumber("probe_ssl_earliest_cert_expiry - time()");
    expect(left).toBeGreaterThan(86_400);
    expect(left).toBeLessThan(2 * 86_400);
  });
});

it("leaves nothing to do", async () => {
  await stack.pulumi("preview", "--expect-no-changes", "--non-interactive");
});
