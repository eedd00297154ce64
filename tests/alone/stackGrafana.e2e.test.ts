import { appsUid, buildAppsDashboard } from "../../config/grafana/dashboards/apps";
import { prometheusDatasource } from "../../config/grafana/datasource";
import { listQueries } from "../../config/grafana/listQueries";
import { images } from "../../config/images";
import { parseSettings } from "../../config/settings/parseSettings";
import { sampleApps } from "../../config/samples";
import { run, runOrReject } from "../../cli/run";
import { chooseEngineMetrics } from "../support/chooseEngineMetrics";
import { type Browser, hasBrowser, openBrowser, visit } from "../support/browser";
import { describeOnGrafana } from "../support/describeOnGrafana";
import { docker, inspectContainer } from "../support/dockerCommands";
import { findFreePorts } from "../support/freePorts";
import { GrafanaApi } from "../support/grafanaApi";
import { skip } from "../support/skip";
import { networkSettings } from "../support/testNetwork";
import { TestStack, type StackSettings } from "../support/testStack";
import { waitUntil } from "../support/waitUntil";

/**
 * The admin's other name. Wrong passwords are tried with it: Grafana counts them by the name that was typed and locks
 * that for five minutes after five, and updates need some of the admin's own.
 */
const otherName = "admin@localhost";

interface Outputs {
  readonly grafanaUrl: string;
  readonly grafanaAdminPassword: string;
}

interface Panel {
  readonly title?: string;
}

interface QueryAnswer {
  readonly results: Readonly<
    Record<string, { error?: string; frames?: { data: { values: unknown[][] } }[] }>
  >;
}

interface Settings extends StackSettings {
  readonly apps: readonly object[];
  readonly prometheus: object;
  readonly grafana: object;
}

describeOnGrafana("Grafana with the sample apps", () => {
  let stack: TestStack;
  let outputs: Outputs;
  let settings: Settings;
  let admin: GrafanaApi;
  /** A user whom the admin made, and her browser. */
  let ann: GrafanaApi;
  let browser: GrafanaApi;

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
    await update(settings);
  });

  afterAll(async () => {
    await stack.remove();
  });

  describe("as it was deployed", () => {
    it("lets the admin in with the password of the stack's output, and nobody else", async () => {
      const anonymous = new GrafanaApi(outputs.grafanaUrl);
      const guess = anonymous.as({ user: otherName, password: "admin" });
      const statuses = [anonymous, guess, admin].map((api) => api.readStatus("/api/org"));
      expect(await Promise.all(statuses)).toStrictEqual([401, 401, 200]);
    });

    it("lets nobody sign up", async () => {
      const anonymous = new GrafanaApi(outputs.grafanaUrl);
      const form = { email: "eve@example.org", username: "eve", password: "eve-comes-in" };
      expect(await anonymous.readStatus("/api/user/signup", "POST", form)).toBe(401);
    });

    it("runs with the settings that keep it private and quiet", async () => {
      expect(await admin.get("/api/admin/settings")).toMatchObject({
        analytics: {
          reporting_enabled: "false",
          check_for_updates: "false",
          check_for_plugin_updates: "false",
        },
        "auth.anonymous": { enabled: "false" },
        news: { news_feed_enabled: "false" },
        security: { disable_gravatar: "true" },
        snapshots: { external_enabled: "false" },
        users: { allow_sign_up: "false" },
      });
    });

    it("shows the password neither in docker inspect nor in the state, in its log or its settings", async () => {
      const container = `${stack.prefix}-grafana`;
      const { stdout, stderr } = await run(["docker", "logs", container]);
      const places = {
        inspect: JSON.stringify(await inspectContainer(container)),
        state: await stack.pulumi("stack", "export"),
        log: stdout + stderr,
        settings: JSON.stringify(await admin.get("/api/admin/settings")),
      };
      expect(places.log).toContain("HTTP Server Listen");
      const shown = Object.entries(places).filter(([, text]) =>
        text.includes(outputs.grafanaAdminPassword),
      );
      expect(shown.map(([place]) => place)).toStrictEqual([]);
    });

    it("reaches Prometheus", async () => {
      const health = await admin.get(`/api/datasources/uid/${prometheusDatasource.uid}/health`);
      expect(health).toMatchObject({ status: "OK" });
    });

    it("has the dashboard, as it was built", async () => {
      const { meta } = await readDashboard();
      expect(meta.provisioned).toBe(true);
      expect(await listShownPanels()).toStrictEqual(listBuiltPanels());
    });

    it("answers every query of every panel", async () => {
      const queries = listQueries(buildAppsDashboard(parse(settings)));
      await waitUntil(
        "an answer to every panel's query",
        async () => {
          const answers = await Promise.all(queries.map(({ query }) => queryThroughGrafana(query)));
          return queries.filter((_, index) => !answers[index]);
        },
        (empty) => empty.length === 0,
      );
    });

    it("refuses what the next update would undo: a changed or deleted dashboard or datasource", async () => {
      const { dashboard } = await readDashboard();
      const datasource = `/api/datasources/uid/${prometheusDatasource.uid}`;
      const other = { name: "Prometheus", type: "prometheus", access: "proxy", url: "http://x" };
      const changed = { dashboard: { ...dashboard, title: "Mine" }, overwrite: true };
      expect([
        await admin.readStatus("/api/dashboards/db", "POST", changed),
        await admin.readStatus(`/api/dashboards/uid/${appsUid}`, "DELETE"),
        await admin.readStatus(datasource, "PUT", other),
        await admin.readStatus(datasource, "DELETE"),
      ]).toStrictEqual([400, 400, 403, 403]);
    });
  });

  if (hasBrowser) describe("in a browser", testInBrowser);
  else skip("Grafana in a browser", "there is no Chromium on this machine");

  describe("with people at work in it", () => {
    beforeAll(async () => {
      const password = "ann's own, chosen by her";
      await admin.post("/api/admin/users", { name: "Ann", login: "ann", password });
      ann = admin.as({ user: "ann", password });
      await ann.post(`/api/user/stars/dashboard/uid/${appsUid}`, {});
      browser = admin.as({
        cookie: await admin.openSession("admin", outputs.grafanaAdminPassword),
      });
      const dashboard = { uid: "by-hand", title: "By hand", panels: [] };
      await browser.post("/api/dashboards/db", { dashboard });
    });

    it("takes a changed dashboard and a changed datasource while it runs, and keeps their work", async () => {
      const before = await lookAround();
      const panel = { title: "Visits by hand", query: 'up{job="access-log"}' };
      await update({
        ...settings,
        prometheus: { ...settings.prometheus, scrapeIntervalSeconds: 3 },
        apps: settings.apps.map((app) => ({ ...app, panels: [panel] })),
      });
      const shown = await listShownPanels();
      expect(shown).toStrictEqual(listBuiltPanels());
      expect(shown.filter((title) => title === panel.title)).toHaveLength(settings.apps.length);
      expect(await readTimeInterval()).toBe("3s");
      expect(await lookAround()).toStrictEqual(before);
    });

    it("is given a new admin password by another passwordVersion, and keeps their work", async () => {
      const before = await lookAround();
      const old = outputs.grafanaAdminPassword;
      await update({ ...settings, grafana: { ...settings.grafana, passwordVersion: 2 } });
      expect(outputs.grafanaAdminPassword).not.toBe(old);
      expect(await readAccess(old)).toStrictEqual({ admin: 200, formerAdmin: 401 });
      expect(await lookAround()).toStrictEqual(before);

      await docker("restart", `${stack.prefix}-grafana`);
      await waitUntilHealthy();
      expect(await admin.readStatus("/api/org")).toBe(200);
      const { startedAt: _, ...kept } = before;
      expect(await lookAround()).toMatchObject(kept);
    });

    it("gets the stack's password back when another one was set behind its back", async () => {
      const before = await lookAround();
      const theirs = "set-behind-the-back-1";
      await runOrReject(
        [
          ...["docker", "exec", "--interactive", `${stack.prefix}-grafana`],
          ...["grafana", "cli", "--homepath", "/usr/share/grafana"],
          ...["admin", "reset-admin-password", "--password-from-stdin"],
        ],
        { input: theirs },
      );
      expect(await readStatusAs(otherName, theirs)).toBe(200);
      await stack.up();
      expect(await readAccess(theirs)).toStrictEqual({ admin: 200, formerAdmin: 401 });
      expect(await lookAround()).toStrictEqual(before);
    });

    it("shows the dashboard of the stack again when its file was changed by hand", async () => {
      const before = await lookAround();
      const [title = ""] = listBuiltPanels();
      await docker(
        ...["run", "--rm", "--network", "none", "--user", "0", "--entrypoint", "sed"],
        ...["--volume", `${stack.prefix}-grafana-config:/files`, images.grafana],
        ...[
          "--in-place",
          `s/"title": "${title}"/"title": "By hand"/`,
          "/files/dashboards/glasshouse.json",
        ],
      );
      await waitUntil("the change by hand", listShownPanels, (shown) => shown.includes("By hand"));
      await stack.up();
      expect(await listShownPanels()).toStrictEqual(listBuiltPanels());
      expect(await lookAround()).toStrictEqual(before);
    });

    it("gets a password of the new state when the state is lost, and keeps their work", async () => {
      const { session, users, starred, ownDashboard } = await lookAround();
      const old = outputs.grafanaAdminPassword;
      await stack.loseState();
      expect(await stack.failToUp()).toContain(`${stack.prefix} runs on this engine already`);
      await stack.adopt();
      await readStack();
      expect(outputs.grafanaAdminPassword).not.toBe(old);
      expect(await readAccess(old)).toStrictEqual({ admin: 200, formerAdmin: 401 });
      expect(await lookAround()).toMatchObject({ session, users, starred, ownDashboard });
    });

    it("has nothing left to do after all that", async () => {
      await stack.pulumi("preview", "--expect-no-changes", "--non-interactive");
    });
  });

  function testInBrowser(): void {
    let opened: Browser;

    beforeAll(async () => {
      const url = outputs.grafanaUrl;
      const cookie = await admin.openSession("admin", outputs.grafanaAdminPassword);
      const [name = "", value = ""] = cookie.split("=");
      opened = await openBrowser();
      await opened.addCookies([{ name, value, url }]);
    });

    afterAll(() => opened.close());

    it.each(["glasshouse-overview", appsUid, "glasshouse-prometheus"])(
      "draws the dashboard %s, with data in every panel and no error of the page",
      async (uid) => {
        // All panels at once: Grafana draws only those in sight.
        const page = await opened.newPage({ height: 6000 });
        const errors: string[] = [];
        page.on("pageerror", (error) => errors.push(error.message));
        await visit(page, `${outputs.grafanaUrl}/d/${uid}?from=now-5m&to=now&refresh=5s&kiosk`);
        await page.locator("canvas").first().waitFor();
        await waitUntil(
          "data in every panel",
          () => page.getByText("No data", { exact: true }).count(),
          (count) => count === 0,
        );
        expect(errors).toStrictEqual([]);
        await page.close();
      },
    );
  }

  async function update(wanted: Settings): Promise<void> {
    settings = wanted;
    stack.write(settings);
    await stack.up();
    await readStack();
  }

  async function readStack(): Promise<void> {
    outputs = await stack.readOutputs<Outputs>();
    const password = outputs.grafanaAdminPassword;
    admin = new GrafanaApi(outputs.grafanaUrl, { user: "admin", password });
  }

  /** Everything that an update must not take away: the container as it runs, and what people made in it. */
  async function lookAround() {
    const { Id, State } = await inspectContainer(`${stack.prefix}-grafana`);
    const users = await admin.get<{ login: string }[]>("/api/users");
    const starred = await ann.get<{ uid: string }[]>("/api/search?starred=true");
    return {
      id: Id,
      startedAt: State.StartedAt,
      session: await browser.readStatus("/api/user"),
      users: users.map(({ login }) => login).sort(),
      starred: starred.map(({ uid }) => uid),
      ownDashboard: await browser.readStatus("/api/dashboards/uid/by-hand"),
    };
  }

  /** Who gets in. */
  async function readAccess(former: string): Promise<object> {
    return {
      admin: await admin.readStatus("/api/org"),
      formerAdmin: await readStatusAs(otherName, former),
    };
  }

  async function readStatusAs(user: string, password: string): Promise<number> {
    return admin.as({ user, password }).readStatus("/api/org");
  }

  async function readDashboard() {
    return admin.get<{ dashboard: { panels: Panel[] }; meta: { provisioned: boolean } }>(
      `/api/dashboards/uid/${appsUid}`,
    );
  }

  async function listShownPanels() {
    return (await readDashboard()).dashboard.panels.map(({ title }) => title);
  }

  function listBuiltPanels() {
    return (buildAppsDashboard(parse(settings)).panels ?? []).map(({ title }) => title);
  }

  async function readTimeInterval(): Promise<string> {
    const path = `/api/datasources/uid/${prometheusDatasource.uid}`;
    return (await admin.get<{ jsonData: { timeInterval: string } }>(path)).jsonData.timeInterval;
  }

  async function waitUntilHealthy(): Promise<void> {
    await waitUntil(
      "Grafana is healthy",
      async () => (await inspectContainer(`${stack.prefix}-grafana`)).State.Health?.Status,
      (status) => status === "healthy",
    );
  }

  async function queryThroughGrafana(expr: string): Promise<boolean> {
    const query = { refId: "A", datasource: prometheusDatasource, expr, instant: true };
    const { results } = await admin.post<QueryAnswer>("/api/ds/query", {
      queries: [query],
      from: "now-5m",
      to: "now",
    });
    const { error, frames = [] } = results["A"]!;
    if (error !== undefined) throw new Error(`${expr}: ${error}`);
    return frames.some(({ data }) => data.values.some((values) => values.length > 0));
  }

  function parse(raw: StackSettings) {
    const parsed = parseSettings(raw, { fileExists: () => true, secretKeys: new Set() });
    if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
    return parsed.settings;
  }
});
