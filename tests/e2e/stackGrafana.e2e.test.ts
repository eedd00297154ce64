import { buildDashboard, dashboardUid } from "../../config/grafana/dashboard";
import { prometheusDatasource } from "../../config/grafana/datasource";
import { listQueries } from "../../config/grafana/listQueries";
import { images } from "../../config/images";
import { parseSettings } from "../../config/parseSettings";
import { sampleApps } from "../../config/samples";
import { chooseEngineMetrics } from "../support/chooseEngineMetrics";
import { inspectContainer } from "../support/dockerCommands";
import { findFreePorts } from "../support/freePorts";
import { holdsImageNow } from "../support/holdsImageNow";
import { networkSettings, readTestNetwork } from "../support/testNetwork";
import { TestStack } from "../support/testStack";
import { waitUntil } from "../support/waitUntil";

const isPossible = readTestNetwork() === "internet" || holdsImageNow(images.grafana);

if (isPossible) describe("Grafana with the sample apps", tryGrafana);
else {
  console.warn(
    `SKIPPED: GRAFANA IS NOT TESTED. The engine does not hold ${images.grafana} and this network has no image ` +
      "registry. Load it (`docker load`) and run the tests again.",
  );
  it("SKIPPED: Grafana with the sample apps", () => undefined);
}

interface Outputs {
  readonly grafanaUrl: string;
  readonly grafanaAdminPassword: string;
}

interface QueryAnswer {
  readonly results: Readonly<
    Record<string, { error?: string; frames?: { data: { values: unknown[][] } }[] }>
  >;
}

function tryGrafana(): void {
  let stack: TestStack;
  let outputs: Outputs;
  let settings: Readonly<Record<string, unknown>>;

  beforeAll(async () => {
    const [galleryPort, iotdPort, prometheusPort, grafanaPort] = await findFreePorts(4);
    const ports: Record<string, object> = {
      "image-gallery": { publishPort: galleryPort },
      iotd: { publishPort: iotdPort },
    };
    const { builds, prometheus } = networkSettings();
    stack = await TestStack.create("grafana");
    settings = {
      engineMetrics: await chooseEngineMetrics(stack.name),
      builds,
      apps: sampleApps.map((app) => ({ ...app, ...ports[app.name] })),
      prometheus: { ...prometheus, publishPort: prometheusPort, scrapeIntervalSeconds: 2 },
      grafana: { deploy: "always", publishPort: grafanaPort },
    };
    stack.write(settings);
    await stack.up();
    outputs = await stack.readOutputs<Outputs>();
  });

  afterAll(async () => {
    await stack.remove();
  });

  function ask(path: string, { password, body }: { password?: string; body?: unknown } = {}) {
    const login = Buffer.from(`admin:${password ?? outputs.grafanaAdminPassword}`);
    return fetch(`${outputs.grafanaUrl}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        Authorization: `Basic ${login.toString("base64")}`,
        "Content-Type": "application/json",
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  it("lets the admin in with the password of the stack's output, and nobody else", async () => {
    const anonymous = await fetch(`${outputs.grafanaUrl}/api/search`);
    const guessed = await ask("/api/search", { password: "admin" });
    const admin = await ask("/api/org");
    expect([anonymous.status, guessed.status, admin.status]).toStrictEqual([401, 401, 200]);
  });

  it("shows the password neither in docker inspect nor in the state", async () => {
    const inspected = JSON.stringify(await inspectContainer(`${stack.prefix}-grafana`));
    const state = await stack.pulumi("stack", "export");
    for (const text of [inspected, state]) {
      expect(text).not.toContain(outputs.grafanaAdminPassword);
    }
  });

  it("reaches Prometheus", async () => {
    const health = await ask(`/api/datasources/uid/${prometheusDatasource.uid}/health`);
    expect(await health.json()).toMatchObject({ status: "OK" });
  });

  it("has the dashboard, as it was built", async () => {
    const answer = await ask(`/api/dashboards/uid/${dashboardUid}`);
    const { dashboard, meta } = (await answer.json()) as {
      dashboard: { panels: { title: string }[] };
      meta: { provisioned: boolean };
    };
    const built = buildDashboard(parse(settings)).panels ?? [];
    expect(meta.provisioned).toBe(true);
    expect(dashboard.panels.map(({ title }) => title)).toStrictEqual(
      built.map(({ title }) => title),
    );
  });

  it("answers every query of every panel", async () => {
    const queries = listQueries(buildDashboard(parse(settings)));
    await waitUntil(
      "an answer to every panel's query",
      async () => {
        const answers = await Promise.all(queries.map(({ query }) => queryThroughGrafana(query)));
        return queries.filter((_, index) => !answers[index]);
      },
      (empty) => empty.length === 0,
    );
  });

  async function queryThroughGrafana(expr: string): Promise<boolean> {
    const query = { refId: "A", datasource: prometheusDatasource, expr, instant: true };
    const answer = await ask("/api/ds/query", {
      body: { queries: [query], from: "now-5m", to: "now" },
    });
    const { results } = (await answer.json()) as QueryAnswer;
    const { error, frames = [] } = results["A"]!;
    if (error !== undefined) throw new Error(`${expr}: ${error}`);
    return frames.some(({ data }) => data.values.some((values) => values.length > 0));
  }

  function parse(raw: Readonly<Record<string, unknown>>) {
    const parsed = parseSettings(raw, { fileExists: () => true, secretKeys: new Set() });
    if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
    return parsed.settings;
  }
}
