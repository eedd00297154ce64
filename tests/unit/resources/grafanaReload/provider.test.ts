import type { GrafanaReloadInputs } from "../../../../resources/grafanaReload/inputs";
import { provider } from "../../../../resources/grafanaReload/provider";
import { FakeDocker } from "../../support/fakeDocker";

const dashboard = {
  uid: "host",
  title: "Host",
  panels: [{ title: "Up", targets: [{ expr: "up" }] }],
};
let engine: FakeDocker;
let inputs: GrafanaReloadInputs;
/** What Grafana was asked, and what was run inside its container. */
let asked: string[];
let grafana: {
  password: string;
  datasource: boolean;
  interval: string;
  dashboard: object;
  reload: number;
};

beforeEach(async () => {
  engine = await new FakeDocker().start();
  asked = [];
  grafana = { password: "file", datasource: true, interval: "5s", dashboard, reload: 200 };
  engine.run = (command) => {
    if (command[0] === "curl") return { exitCode: 0, output: "ok" };
    const [, , script = "", , file, method, url = ""] = command;
    if (script.includes("grafana cli")) {
      asked.push(`reset from ${file}`);
      grafana.password = "file";
      return { exitCode: 0, output: "" };
    }
    const path = url.replace("http://127.0.0.1:3000", "");
    asked.push(`${method} ${path}`);
    return { exitCode: 0, output: answer(path) };
  };
  inputs = {
    dockerHost: { uri: engine.uri },
    container: "g",
    files: {
      "provisioning/datasources/d.yml":
        "datasources: [{ uid: prom, url: 'http://p', jsonData: { timeInterval: 5s } }]\n",
      "provisioning/dashboards/p.yml": "providers: []\n",
      "dashboards/host.json": JSON.stringify(dashboard),
    },
    revision: "1",
    passwordFile: "/run/secrets/admin_password",
    passwordRevision: "1",
  };
});

afterEach(async () => {
  jest.restoreAllMocks();
  await engine.stop();
});

function answer(path: string): string {
  if (grafana.password !== "file") return "{}\n401";
  if (path.includes("/reload")) return `{"message":"no"}\n${grafana.reload}`;
  if (path.includes("/datasources/")) {
    const shown = { uid: "prom", url: "http://p", jsonData: { timeInterval: grafana.interval } };
    return grafana.datasource ? `${JSON.stringify(shown)}\n200` : "{}\n404";
  }
  if (path.includes("/dashboards/uid/")) {
    return `${JSON.stringify({ dashboard: { ...grafana.dashboard, id: 7 } })}\n200`;
  }
  return "{}\n200";
}

describe("grafanaReload", () => {
  it("makes a running Grafana read its files again, and looks whether it shows them", async () => {
    await provider.create(inputs);
    expect(asked).toStrictEqual([
      "GET /api/org",
      "POST /api/admin/provisioning/datasources/reload",
      "POST /api/admin/provisioning/dashboards/reload",
      "GET /api/datasources/uid/prom",
      "GET /api/dashboards/uid/host",
    ]);
  });

  it("sets the admin's password where the file has another one, and tries no password twice", async () => {
    grafana.password = "older";
    await provider.update("running", inputs, { ...inputs, passwordRevision: "2" });
    expect(asked.slice(0, 3)).toStrictEqual([
      "GET /api/org",
      "reset from /run/secrets/admin_password",
      "GET /api/org",
    ]);
  });

  it("hands the password to no command line", async () => {
    const commands: string[] = [];
    const run = engine.run;
    engine.run = (command, container) => {
      commands.push(command.join(" "));
      return run(command, container);
    };
    grafana.password = "older";
    await provider.create(inputs);
    for (const command of commands) expect(command).not.toMatch(/--user|-u |Authorization/);
    expect(commands[0]).toContain("--config -");
  });

  it("says so when Grafana refuses the files", async () => {
    grafana.reload = 500;
    await expect(provider.create(inputs)).rejects.toThrow(
      'Grafana refuses the new datasources and keeps the old ones: {"message":"no"}',
    );
  });

  it.each([
    {
      what: "dashboard",
      stays: () => (grafana.dashboard = { ...dashboard, panels: [] }),
      words: "does not show the dashboard Host with its panels of now",
    },
    {
      what: "datasource",
      stays: () => (grafana.interval = "9s"),
      words: "does not show the datasource prom with its settings of now",
    },
  ])("says so when the $what stays the old one", async ({ stays, words }) => {
    stays();
    let clock = 4_000_000_000_000;
    jest.spyOn(Date, "now").mockImplementation(() => (clock += 20_000));
    await expect(provider.create(inputs)).rejects.toThrow(words);
  });

  it("shows another password and a missing datasource as drift, and a Grafana that is down not", async () => {
    const changes = async () => {
      const { id, props } = await provider.read("running", inputs);
      return (await provider.diff(id, props, inputs)).changes;
    };
    expect(await changes()).toBe(false);
    grafana.datasource = false;
    expect(await changes()).toBe(true);
    grafana = { ...grafana, datasource: true, password: "older" };
    expect(await changes()).toBe(true);
    engine.run = () => ({ exitCode: 126, output: "" });
    expect(await changes()).toBe(false);
  });
});
