import { parse } from "yaml";
import { buildAlertmanagerFiles } from "../../../../config/alertmanager/alertmanagerFiles";
import { listSecretFiles } from "../../../../config/alertmanager/secretFiles";
import { buildTimeInterval } from "../../../../config/alertmanager/timeIntervals";
import { buildBoardFiles } from "../../../../config/board/boardFiles";
import { buildRules } from "../../../../config/prometheus/rules";
import { buildScrapeConfig } from "../../../../config/prometheus/scrapeJobs";
import { listWantedServers } from "../../../../config/servers/servers";
import type { settingsSchema } from "../../../../config/settings/settings";
import type { z } from "zod";
import { buildSettings } from "../../support/testSettings";

type Input = NonNullable<z.input<typeof settingsSchema>["alertmanager"]>;

const team = { name: "team", webhook: { url: { config: "hook" } } };
/** How a test reaches a receiver. */
const testOf = (receiver: string) => ({
  receiver,
  matchers: [`glasshouse_test_receiver="${receiver}"`],
  group_by: ["..."],
  group_wait: "0s",
  group_interval: "15s",
});
const everyKind = {
  name: "team",
  email: {
    to: "ops@example.org",
    from: "glasshouse@example.org",
    smarthost: "smtp.example.org:587",
    username: "glasshouse",
    password: { config: "smtp" },
  },
  slack: { webhook: { config: "slack" } },
  msteams: { webhook: { config: "teams" } },
  discord: { webhook: { config: "discord" } },
  telegram: { token: { config: "telegram" }, chatId: "-100" },
  pagerduty: { routingKey: { config: "pager" } },
  webhook: { url: { config: "hook" }, token: { config: "hookToken" } },
};

function build(alertmanager: Input, more: z.input<typeof settingsSchema> = {}) {
  const settings = buildSettings({ ...more, alertmanager });
  const files = buildAlertmanagerFiles(settings, "glasshouse-test");
  return { settings, files, config: parse(files["alertmanager.yml"]) as Record<string, unknown> };
}

describe("Alertmanager", () => {
  it("is deployed, scraped, alerted to and shown by the page as soon as there is a receiver", () => {
    for (const { alertmanager, isThere } of [
      { alertmanager: {}, isThere: false },
      { alertmanager: { receivers: [team] }, isThere: true },
      { alertmanager: { config: { source: "alertmanager.yml" } }, isThere: true },
    ]) {
      const settings = buildSettings({ alertmanager });
      const names = listWantedServers(settings).map(({ server }) => server.name);
      const { alerting, scrape_configs } = buildScrapeConfig(settings, "glasshouse-test");
      const page = buildBoardFiles(settings, "test", "glasshouse-test");
      const { hasAlertmanager } = JSON.parse(page.dashboards["index.json"] ?? "") as {
        hasAlertmanager: boolean;
      };
      expect({
        names: names.includes("alertmanager"),
        alerting: alerting?.alertmanagers[0]?.static_configs[0]?.targets[0] === "alertmanager:9093",
        job: scrape_configs.some(({ job_name }) => job_name === "alertmanager"),
        hasAlertmanager,
        page: page.configuration["web-server.json"]?.includes("alertmanager:9093"),
      }).toStrictEqual({
        names: isThere,
        alerting: isThere,
        job: isThere,
        hasAlertmanager: isThere,
        page: isThere,
      });
    }
  });

  it("takes alerts about a replica for alerts about its app", () => {
    const settings = buildSettings({ alertmanager: { receivers: [team] } });
    const [relabel] =
      buildScrapeConfig(settings, "glasshouse-my.stack").alerting?.alert_relabel_configs ?? [];
    expect(relabel).toMatchObject({ source_labels: ["app", "name"], target_label: "app" });
    const appOf = (app: string, name: string) =>
      new RegExp(`^(?:${relabel?.regex ?? ""})$`).exec(`${app};${name}`)?.[1];
    expect(appOf("", "glasshouse-my.stack-shop-2-13")).toBe("shop-2");
    expect(appOf("", "glasshouse-my.stack-node-exporter")).toBeUndefined();
    expect(appOf("", "glasshouse-myxstack-shop-1")).toBeUndefined();
    expect(appOf("shop", "glasshouse-my.stack-till-1")).toBeUndefined();
  });
});

describe("Alertmanager's configuration", () => {
  it("names a file for each secret, and holds none", () => {
    const { settings, files } = build({ receivers: [everyKind] });
    const secrets = listSecretFiles(settings.alertmanager);
    expect(secrets.map(({ name, key }) => [name, key])).toStrictEqual([
      ["team.email.password", "smtp"],
      ["team.slack.webhook", "slack"],
      ["team.msteams.webhook", "teams"],
      ["team.discord.webhook", "discord"],
      ["team.telegram.token", "telegram"],
      ["team.pagerduty.routingKey", "pager"],
      ["team.webhook.url", "hook"],
      ["team.webhook.token", "hookToken"],
    ]);
    for (const { name } of secrets) {
      expect(files["alertmanager.yml"]).toContain(`_file: /run/secrets/${name}\n`);
    }
    expect(files["alertmanager.yml"].match(/_file: /g)).toHaveLength(secrets.length);
  });

  it("writes to Telegram by an address in a file, of which the token is a part", () => {
    const { settings } = build({ receivers: [everyKind] });
    const file = listSecretFiles(settings.alertmanager).find(({ key }) => key === "telegram");
    expect(file?.render?.("12:abc\n")).toBe("https://api.telegram.org/bot12:abc/sendMessage");
  });

  it("tells of what has ended as well, by every way", () => {
    const { config } = build({ receivers: [everyKind] });
    const [receiver] = config["receivers"] as Record<string, unknown>[];
    const ways = Object.entries(receiver ?? {}).flatMap(([key, list]) =>
      key === "name" ? [] : (list as { send_resolved: boolean }[]),
    );
    expect(ways).toHaveLength(7);
    expect(ways.every(({ send_resolved }) => send_resolved)).toBe(true);
  });

  it("makes one message of what is about one app, and sends it to the first receiver", () => {
    const { config } = build({ receivers: [team, { ...team, name: "others" }] });
    expect(config["route"]).toStrictEqual({
      receiver: "team",
      group_by: ["app"],
      group_wait: "30s",
      group_interval: "5m",
      repeat_interval: "12h",
      routes: [testOf("team"), testOf("others")],
    });
  });

  it("routes by severity, app and label, in the order of the stack file", () => {
    const route = {
      receiver: "pager",
      severities: ["critical" as const],
      apps: ["shop", "till"],
      labels: { team: 'the "A" team' },
      muteTimes: ["night"],
      repeatHours: 2,
      continue: true,
    };
    const { config } = build({
      receivers: [team, { ...team, name: "pager" }],
      receiver: "pager",
      routes: [route, { receiver: "team" }],
      muteTimes: [{ name: "night", from: "22:00", to: "07:00" }],
    });
    expect(config["route"]).toMatchObject({
      receiver: "pager",
      routes: [
        // A test reaches its receiver before any route of the stack file, and nobody else.
        testOf("team"),
        testOf("pager"),
        {
          receiver: "pager",
          matchers: ['severity=~"critical"', 'app=~"shop|till"', 'team="the \\"A\\" team"'],
          mute_time_intervals: ["night"],
          repeat_interval: "2h",
          continue: true,
        },
        { receiver: "team" },
      ],
    });
  });

  it("calls the heartbeat's address before all routes, and tells nobody else of it", () => {
    const heartbeat = { url: { config: "beat" }, minutes: 2 };
    const { config, settings } = build({
      receivers: [team],
      routes: [{ receiver: "team" }],
      heartbeat,
    });
    const { routes } = config["route"] as { routes: unknown[] };
    expect(routes).toStrictEqual([
      testOf("team"),
      {
        receiver: "_heartbeat",
        matchers: ['alertname="Watchdog"'],
        group_by: ["alertname"],
        group_wait: "0s",
        group_interval: "2m",
        repeat_interval: "1m",
      },
      { receiver: "team" },
    ]);
    expect(config["receivers"]).toContainEqual({
      name: "_heartbeat",
      webhook_configs: [{ send_resolved: false, url_file: "/run/secrets/_heartbeat.url" }],
    });
    expect(listSecretFiles(settings.alertmanager).map(({ key }) => key)).toContain("beat");
  });

  it("can have a heartbeat and nobody else to tell", () => {
    const { config, settings } = build({ heartbeat: { url: { config: "beat" } } });
    expect(config["route"]).toMatchObject({ receiver: "_nobody" });
    expect(config["receivers"]).toContainEqual({ name: "_nobody" });
    const alerts = buildRules(settings, "glasshouse-dev").groups.flatMap(({ rules }) =>
      rules.flatMap((rule) => ("alert" in rule ? [rule] : [])),
    );
    const watchdog = alerts.filter(({ labels }) => labels["severity"] === "none");
    expect(watchdog.map(({ alert }) => alert)).toStrictEqual(["Watchdog"]);
  });

  it("holds nothing critical back for a warning", () => {
    const { config } = build({ receivers: [team] });
    const rules = config["inhibit_rules"] as Record<string, string[]>[];
    const causes = rules.filter(({ source_matchers }) =>
      source_matchers?.some((matcher) => /HostCpuSaturated|HostMemoryLow/.test(matcher)),
    );
    expect(causes).toHaveLength(1);
    expect(causes[0]?.["target_matchers"]).toContain('severity=~"warning|info"');
  });
});

describe("a mute time", () => {
  const time = { name: "t", days: [], from: "00:00", to: "00:00", timeZone: "UTC" };
  const interval = (start_time: string, end_time: string, weekdays?: string[]) => ({
    times: [{ start_time, end_time }],
    ...(weekdays && { weekdays }),
    location: "UTC",
  });

  it.each([
    ["a whole day", { days: ["sunday" as const] }, [interval("00:00", "24:00", ["sunday"])]],
    ["hours of a day", { from: "12:00", to: "13:30" }, [interval("12:00", "13:30")]],
    ["an evening", { from: "22:00" }, [interval("22:00", "24:00")]],
    [
      "a night, which ends on the next day",
      { days: ["friday" as const, "sunday" as const], from: "22:00", to: "07:00" },
      [
        interval("22:00", "24:00", ["friday", "sunday"]),
        interval("00:00", "07:00", ["saturday", "monday"]),
      ],
    ],
  ])("can be %s", (_, given, expected) => {
    expect(buildTimeInterval({ ...time, ...given }).time_intervals).toStrictEqual(expected);
  });
});

describe("messages", () => {
  it("link to where the dashboards are, and to what to do", () => {
    const templates = (given: Input, more?: z.input<typeof settingsSchema>) =>
      build({ receivers: [team], ...given }, more).files["glasshouse.tmpl"] ?? "";
    expect(templates({})).toContain("http://127.0.0.1:3000/d/");
    expect(templates({}, { dashboards: "board" })).toContain("http://127.0.0.1:3030/d/");
    const told = templates({ externalUrl: "https://m.example/", docsUrl: "https://git.example/x" });
    expect(told).toContain("https://m.example/d/");
    expect(told).toContain("What to do: https://git.example/x/{{ . }}");
  });
});
