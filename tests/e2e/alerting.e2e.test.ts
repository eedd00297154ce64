import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AppSettingsInput } from "../../config/settings/appSettings";
import { updateComment } from "../../cli/alerting/silenceWhile";
import { runOrReject } from "../../cli/run";
import { projectFolder } from "../../cli/versions";
import { AlertSink, type SunkMessage, type WebhookDocument } from "../support/alertSink";
import {
  docker,
  inspectContainers,
  listContainers,
  readContainerIds,
} from "../support/dockerCommands";
import { findFreePorts } from "../support/freePorts";
import { PrometheusApi } from "../support/prometheusApi";
import { tiny } from "../support/shopStack";
import { runCommandLine } from "../support/runCommandLine";
import { networkSettings } from "../support/testNetwork";
import { TestStack } from "../support/testStack";
import { waitUntil } from "../support/waitUntil";

// From a container that dies to the message, by every way there is: the receivers are an app of the stack that keeps what it gets.

const secrets = {
  smtp: "smtp-pass-71d3",
  slack: "http://sink/slack/slack-path-5be1",
  teams: "http://sink/msteams/teams-path-9c2f",
  discord: "http://sink/discord/discord-path-4e8a",
  bot: "12345:bot-a6d0",
  pager: "pager-key-0b77",
  hook: "http://sink/webhook/hook-path-f1c9",
  hookToken: "hook-token-83aa",
  heartbeat: "http://sink/heartbeat/beat-path-90af",
  // Nobody answers to these, so that Alertmanager has something to complain of.
  goneHook: "http://sink:81/hook/gone-hook-6d2e",
  goneSlack: "http://sink:81/slack/gone-slack-e5b4",
  // As with a wrong token, and as with a server that has too much to do.
  refusing: "http://sink/refuse/refuse-path-2a90",
  busy: "http://sink/busy/busy-path-c7d4",
} as const;
const hookPath = "/webhook/hook-path-f1c9";
const beatPath = "/heartbeat/beat-path-90af";
const rotatedPath = "/webhook/hook-path-rotated";
const [forSeconds, groupWaitSeconds, groupIntervalSeconds, scrapeSeconds] = [4, 8, 6, 2];
/** More than the slowest of these machines takes for its part. */
const leewaySeconds = 20;

let stack: TestStack;
let sink: AlertSink;
/** It loses its Prometheus, which takes minutes to be noticed: time that the other tests need. */
let lonely: TestStack | undefined;
let lonelySink: AlertSink;
let lonelySince: number;
let prometheus: PrometheusApi;
let ports: number[];
const ownFiles = [`alerting-${process.pid}.yml`, `alerting-${process.pid}.tmpl`] as const;

const secret = (config: keyof typeof secrets) => ({ config });
const team = {
  name: "team",
  email: {
    to: "ops@example.org",
    from: "glasshouse@example.org",
    smarthost: "sink:25",
    username: "glasshouse",
    password: secret("smtp"),
    requireTls: false,
  },
  slack: { webhook: secret("slack"), channel: "#ops" },
  msteams: { webhook: secret("teams") },
  discord: { webhook: secret("discord") },
  telegram: { token: secret("bot"), chatId: "-1001", apiUrl: "http://sink" },
  pagerduty: { routingKey: secret("pager"), url: "http://sink/pagerduty" },
  webhook: { url: secret("hook"), token: secret("hookToken") },
};
const gone = {
  name: "gone",
  slack: { webhook: secret("goneSlack") },
  telegram: { token: secret("bot"), chatId: "-1001", apiUrl: "http://sink:81" },
  webhook: { url: secret("goneHook") },
  discord: { webhook: secret("refusing") },
  msteams: { webhook: secret("busy") },
};

const replicas = 10;
const sinkApp = (publishPort: number): AppSettingsInput => ({
  name: "sink",
  build: { context: "tests/support/apps/sink" },
  memoryMb: 64,
  metrics: false,
  publishPort,
});

/** With so little patience they are about the test's own start and its receiver that is gone, and would be told with the host's. */
const disabled = ["AlertmanagerMessagesFailing", "ExporterDown", "PrometheusNotIngesting"];

/** By these every host is overloaded, and so is every container. */
const overload = {
  hostCpuPercent: 1,
  hostMemoryPercent: 1,
  diskFreePercent: 100,
  containerMemoryPercent: 1,
};

function write(
  alertmanager: object,
  {
    alerts = { forSeconds },
    desk = {},
  }: { alerts?: object; desk?: Partial<AppSettingsInput> } = {},
): void {
  const network = networkSettings();
  stack.write({
    engineMetrics: { mode: "off" },
    builds: network.builds,
    dockerApi: network.dockerApi,
    exporters: network.exporters,
    discovery: { enabled: true },
    apps: [
      { name: "shop", ...tiny },
      { name: "till", ...tiny, replicas },
      { name: "cart", ...tiny },
      { name: "desk", ...tiny, ...desk },
      sinkApp(ports[1]!),
    ],
    prometheus: {
      ...network.prometheus,
      publishPort: ports[0],
      scrapeIntervalSeconds: scrapeSeconds,
      alerts: { disabled, ...alerts },
    },
    grafana: { deploy: "never" },
    alertmanager: { ...network.alertmanager, publishPort: ports[2], ...alertmanager },
  });
}

/** A stack with nothing but a heartbeat. */
async function startLonely(): Promise<void> {
  const network = networkSettings();
  lonely = await TestStack.create("heartbeat");
  await lonely.setSecret("heartbeat", secrets.heartbeat);
  lonely.write({
    engineMetrics: { mode: "off" },
    builds: network.builds,
    apps: [sinkApp(ports[4]!)],
    prometheus: {
      ...network.prometheus,
      publishPort: ports[3],
      scrapeIntervalSeconds: scrapeSeconds,
    },
    grafana: { deploy: "never" },
    alertmanager: {
      ...network.alertmanager,
      publishPort: ports[5],
      heartbeat: { url: secret("heartbeat"), minutes: 1 },
    },
  });
  await lonely.up();
}

const settings = {
  receivers: [team, gone],
  routes: [{ receiver: "gone", continue: true }, { receiver: "team" }],
  groupWaitSeconds,
  groupIntervalSeconds,
  heartbeat: { url: secret("heartbeat"), minutes: 1 },
  docsUrl: "https://git.example.org/glasshouse",
};

beforeAll(async () => {
  ports = await findFreePorts(6);
  sink = new AlertSink(ports[1]!);
  lonelySink = new AlertSink(ports[4]!);
  prometheus = new PrometheusApi(`http://127.0.0.1:${ports[0]}`);
  stack = await TestStack.create("alerting");
  for (const [key, value] of Object.entries(secrets)) await stack.setSecret(key, value);
  // With the patience of the tests, what is not up yet would be an alert already.
  write(settings, { alerts: {} });
  await stack.up();
  await prometheus.waitForTargets("shop", 1);
  await prometheus.waitForTargets("till", replicas);
  await startLonely();
});

afterAll(async () => {
  for (const file of ownFiles) rmSync(join(projectFolder, file), { force: true });
  await stack.remove();
  await lonely?.remove();
});

const containersOf = (app: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${stack.prefix}-${app}-${index + 1}`);

/** Waits until Alertmanager has looked at its groups again, so often that a second message would have been sent. */
async function waitForTwoFlushes(): Promise<void> {
  const end = Date.now() + 2 * groupIntervalSeconds * 1000;
  await waitUntil(
    "two group intervals",
    async () => Date.now(),
    (now) => now > end,
  );
}

/** Both of a container's outputs. */
function readLog(container: string): Promise<string> {
  return runOrReject(["sh", "-c", 'docker logs "$1" 2>&1', "sh", container]);
}

async function readAlertmanager(path: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${ports[2]}${path}`, {
    signal: AbortSignal.timeout(10_000),
  });
  return response.text();
}

async function readConfigHash(): Promise<string | undefined> {
  return /^alertmanager_config_hash (.+)$/m.exec(await readAlertmanager("/metrics"))?.[1];
}

const alertmanager = () => `${stack.prefix}-alertmanager`;

const ask = (command: "alert:test" | "doctor" | "silence" | "up", ...flags: string[]) =>
  runCommandLine(stack, command, {}, ...flags);

const readBeats = (of = sink) => of.read(({ path }) => path === beatPath);

/** A mail is quoted-printable: a long line is broken by "=" at its end. */
const unbreak = (body: string) => body.replace(/=\r?\n/g, "").replace(/\r/g, "");

const bySlack = ({ path }: SunkMessage) => path.startsWith("/slack/");

describe("many alerts with one cause", () => {
  it("are one message for an overloaded host, which begins with the worst", async () => {
    for (const job of ["node", "cadvisor", "containers"]) await prometheus.waitForTargets(job, 1);
    const readHost = async () =>
      (await sink.readDocuments(hookPath, undefined)).filter(({ alerts }) =>
        alerts.some(({ labels }) => labels["alertname"] === "HostMemoryLow"),
      );
    expect(await readHost()).toStrictEqual([]);
    write(settings, { alerts: { forSeconds, thresholds: overload } });
    await stack.up();
    const [first] = await waitUntil(
      "a message about the host",
      readHost,
      (documents) => documents.length > 0,
      120,
    );
    // Other containers of this machine may have faults of their own, and be another message.
    const isOwn = ({ labels: { name = stack.prefix } }: WebhookDocument["alerts"][number]) =>
      name.startsWith(stack.prefix);
    const readNames = ({ alerts }: WebhookDocument) => [
      ...new Set(alerts.filter(isOwn).map(({ labels }) => labels["alertname"] ?? "")),
    ];
    const names = readNames(first!);
    expect(names).toEqual(expect.arrayContaining(["HostCpuSaturated", "HostDiskFillsUp"]));
    expect(names.filter((name) => !name.startsWith("Host"))).toStrictEqual([]);
    await waitForTwoFlushes();
    for (const later of (await readHost()).slice(1)) {
      expect(later.alerts.every(isOwn)).toBe(false);
      expect(readNames(later)).toStrictEqual(names);
    }
    // What its reader is spared.
    const firing = await prometheus.queryNumber('count(ALERTS{alertstate="firing"})');
    expect(firing).toBeGreaterThan(12);
    const [slack] = await sink.read(
      (message) => bySlack(message) && message.body.includes("of the host's memory"),
    );
    const { attachments } = JSON.parse(slack!.body) as {
      attachments: { title: string; text: string }[];
    };
    expect(attachments[0]?.title).toMatch(/ Critical: \S+ has next to no /);
    expect(attachments[0]?.text).toMatch(/^Critical: \S+ has next to no [^]*Warning: /);
  });

  it("are one message for all replicas of an app", async () => {
    await docker("kill", ...containersOf("till", replicas));
    const [first] = await sink.waitForDocuments(hookPath, "till", 1);
    expect(first!.alerts.filter(({ status }) => status === "firing")).toHaveLength(replicas);
    await waitForTwoFlushes();
    expect(await sink.readDocuments(hookPath, "till")).toHaveLength(1);
    await docker("start", ...containersOf("till", replicas));
  });
});

describe("a stack with nothing but a heartbeat", () => {
  it("calls", async () => {
    await waitUntil(
      "a call",
      () => readBeats(lonelySink),
      ({ length }) => length > 0,
      180,
    );
    await docker("stop", `${lonely!.prefix}-prometheus`);
    lonelySince = Date.now();
  });
});

describe("an update that is silenced", () => {
  const readSilences = async () =>
    (
      JSON.parse(await readAlertmanager("/api/v2/silences")) as {
        comment: string;
        endsAt: string;
        status: { state: string };
      }[]
    ).filter(({ comment }) => comment === updateComment);
  const readDesk = () => sink.readDocuments(hookPath, "desk");

  it("is heard by nobody while it runs, and by all once it has failed", async () => {
    const healthCheck = {
      command: ["false"],
      intervalSeconds: 1,
      retries: 1,
      startPeriodSeconds: 40,
    };
    write(settings, { desk: { environment: { ANSWER: "page" }, healthCheck } });
    const update = ask("up", "--silence");
    await waitUntil(
      "an alert that is held back",
      () => readAlertmanager('/api/v2/alerts?active=false&silenced=true&filter=app="desk"'),
      (alerts) => alerts.includes("silencedBy") && !alerts.includes('"silencedBy":[]'),
      180,
    );
    await waitForTwoFlushes();
    expect(await readSilences()).toMatchObject([{ status: { state: "active" } }]);
    expect(await readDesk()).toStrictEqual([]);
    const { exitCode, stdout } = await update;
    expect(stdout).toContain("Nobody is told of alerts until this is done.");
    expect(stdout).toContain("Alerts are told again.");
    expect(exitCode).not.toBe(0);
    const [silence] = await readSilences();
    expect(silence).toMatchObject({ status: { state: "expired" } });
    const [first] = await sink.waitForDocuments(hookPath, "desk", 1);
    const endedAt = Math.floor(Date.parse(silence!.endsAt) / 1000) * 1000;
    expect(first!.status).toBe("firing");
    expect(first!.at).toBeGreaterThanOrEqual(endedAt);
  });

  it("leaves no silence behind when it is done", async () => {
    write(settings);
    const { exitCode, stdout } = await ask("up", "--silence");
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
    expect(stdout).toContain("Alerts are told again.");
    expect((await readSilences()).map(({ status }) => status.state)).toStrictEqual([
      "expired",
      "expired",
    ]);
  });
});

describe("a silence", () => {
  it("holds back what is about an app, is seen, and is ended", async () => {
    const before = (await sink.readDocuments(hookPath, "cart")).length;
    const why = ["--for", "10m", "--reason", "the shelves are moved"];
    const silenced = await ask("silence", "--app", "cart", ...why);
    expect(silenced).toMatchObject({ exitCode: 0 });
    const id = /expire (\S+)/.exec(silenced.stdout)?.[1] ?? "";
    await docker("kill", `${stack.prefix}-cart-1`);
    await waitUntil(
      "an alert that is held back",
      () => readAlertmanager("/api/v2/alerts?active=false&silenced=true&inhibited=false"),
      (alerts) => alerts.includes("ContainerDown"),
    );
    await waitForTwoFlushes();
    expect(await sink.readDocuments(hookPath, "cart")).toHaveLength(before);
    const listed = await ask("silence", "list");
    expect(listed.stdout).toContain(id);
    expect(listed.stdout).toContain("the shelves are moved");

    expect(await ask("silence", "expire", id.slice(0, 8))).toMatchObject({ exitCode: 0 });
    await sink.waitForDocuments(hookPath, "cart", before + 1);
    await docker("start", `${stack.prefix}-cart-1`);
  });
});

describe("an app that is killed", () => {
  it("is one message, in time, with all that is about it", async () => {
    const killedAt = Date.now();
    await docker("kill", `${stack.prefix}-shop-1`);
    const [first] = await sink.waitForDocuments(hookPath, "shop", 1);
    const seconds = (first!.at - killedAt) / 1000;
    // Prometheus looks for what is wrong as often as it scrapes.
    expect(seconds).toBeLessThan(forSeconds + 2 * scrapeSeconds + groupWaitSeconds + leewaySeconds);
    expect(first).toMatchObject({ status: "firing", groupLabels: { app: "shop" } });
    expect(first!.alerts.map(({ labels }) => labels["alertname"])).toContain("ContainerDown");
    await waitForTwoFlushes();
    expect(await sink.readDocuments(hookPath, "shop")).toHaveLength(1);
  });

  it("is told of by every way, in the form that each documents", async () => {
    const paths = [
      ...["/slack/slack-path-5be1", "/msteams/teams-path-9c2f", "/discord/discord-path-4e8a"],
      ...[`/bot${secrets.bot}/sendMessage`, "/pagerduty", hookPath, "smtp"],
    ];
    const messages = await waitUntil(
      "a message by every way",
      () => sink.read(({ body }) => unbreak(body).includes("shop-1 is not running")),
      (all) => paths.every((path) => all.some((message) => message.path === path)),
    );
    const find = (path: string) => messages.find((message) => message.path === path)!;
    const parse = (path: string) => JSON.parse(find(path).body) as Record<string, unknown>;
    const title = `[${stack.prefix}] Critical: ${stack.prefix}-shop-1 is not running`;
    const text = [
      `Critical: ${stack.prefix}-shop-1 is not running`,
      "Its restart policy says that it should run. Someone stopped or paused it, or it cannot start.",
      "App: shop",
      expect.stringMatching(/^Since: \d{4}-\d\d-\d\d \d\d:\d\d UTC$/) as string,
      "Dashboard: http://127.0.0.1:3000/d/glasshouse-containers",
      "What to do: https://git.example.org/glasshouse/docs/alerts.md#containerdown",
    ];
    const linesOf = (given: unknown) =>
      String(given)
        .split("\n")
        .filter((line) => line !== "");

    // https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
    const slack = parse("/slack/slack-path-5be1") as {
      channel: string;
      attachments: { text: string }[];
    };
    expect(slack.channel).toBe("#ops");
    expect(slack.attachments[0]).toMatchObject({ title, color: "danger", fallback: title });
    expect(linesOf(slack.attachments[0]?.text)).toEqual(text);

    // https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
    const card = parse("/msteams/teams-path-9c2f") as {
      attachments: { contentType: string; content: { body: { text: string }[] } }[];
    };
    expect(card).toMatchObject({
      type: "message",
      attachments: [
        {
          contentType: "application/vnd.microsoft.card.adaptive",
          content: { type: "AdaptiveCard", body: [{ type: "TextBlock", text: title }, {}] },
        },
      ],
    });
    expect(linesOf(card.attachments[0]?.content.body[1]?.text)).toEqual(text);

    // https://discord.com/developers/docs/resources/webhook#execute-webhook
    const discord = parse("/discord/discord-path-4e8a") as {
      embeds: { title: string; description: string }[];
    };
    expect(discord.embeds[0]?.title).toBe(title);
    expect(linesOf(discord.embeds[0]?.description)).toEqual(text);

    // https://core.telegram.org/bots/api#sendmessage
    const telegram = parse(`/bot${secrets.bot}/sendMessage`) as { chat_id: number; text: string };
    expect(telegram.chat_id).toBe(-1001);
    expect(linesOf(telegram.text)).toEqual([title, ...text]);

    // https://developer.pagerduty.com/docs/events-api-v2/trigger-events/
    const pager = parse("/pagerduty") as { payload: { custom_details: { text: string } } };
    expect(pager).toMatchObject({
      routing_key: secrets.pager,
      event_action: "trigger",
      payload: { summary: title, severity: "critical", component: "shop" },
    });
    expect(linesOf(pager.payload.custom_details.text)).toEqual([title, ...text]);

    expect(find(hookPath).authorization).toBe(`Bearer ${secrets.hookToken}`);
    const mail = find("smtp");
    expect(mail.authorization).toBe(`glasshouse:${secrets.smtp}`);
    const unbroken = unbreak(mail.body);
    expect(unbroken).toContain("To: ops@example.org\n");
    expect(unbroken).toContain(String(text[0]));
    expect(unbroken).toContain(String(text.at(-1)));
  });

  it("keeps all secrets to Alertmanager", async () => {
    // It has tried in vain to reach those who are gone, and said so.
    const logs = await waitUntil(
      "complaints about receivers that do not answer",
      () => readLog(alertmanager()),
      (text) =>
        ["slack[0]", "webhook[0]", "webhook[1]"].every((name) =>
          text.includes(`receiver=gone integration=${name}`),
        ),
    );
    const names = await listContainers(stack.prefix);
    const places = {
      logs,
      inspect: JSON.stringify(await inspectContainers(names)),
      configuration: await docker(
        ...["exec", alertmanager(), "sh", "-c", "cat /etc/alertmanager/*"],
      ),
      told: await readAlertmanager("/api/v2/status"),
      metrics: await readAlertmanager("/metrics"),
      state: await stack.pulumi("stack", "export"),
    };
    for (const [place, text] of Object.entries(places)) {
      for (const [key, value] of Object.entries(secrets)) {
        // Of an address, the part that is like a token.
        const token = value.split("/").at(-1)!;
        expect({ place, key, found: text.includes(token) }).toEqual({ place, key, found: false });
      }
    }
  });
});

describe("a receiver that does not take messages", () => {
  it("is tried again where that may help", async () => {
    const attempts = await sink.read(({ path }) => path === "/busy/busy-path-c7d4");
    expect(attempts.length).toBeGreaterThan(1);
    const refused = await sink.read(({ path }) => path === "/refuse/refuse-path-2a90");
    expect(refused.length).toBeGreaterThan(0);
  });

  it("is named by the doctor, and those that take them are not", async () => {
    const { exitCode, stdout } = await ask("doctor");
    expect(exitCode).toBe(1);
    const named = [...stdout.matchAll(/receiver (\S+) did not take .* by (\S+) in the last hour/g)];
    expect(
      [...new Set(named.map(([, receiver, way]) => `${receiver}/${way}`))].sort(),
    ).toStrictEqual(["gone/discord", "gone/msteamsv2", "gone/slack", "gone/webhook"]);
    expect(stdout).not.toContain("nobody is told");
  });
});

describe("an Alertmanager that is killed", () => {
  let before: { readonly shop: number; readonly till: number };

  beforeAll(async () => {
    before = {
      till: (
        await waitUntil(
          "nothing is wrong with the till",
          () => sink.readDocuments(hookPath, "till"),
          (documents) => documents.at(-1)?.status === "resolved",
          150,
        )
      ).length,
      shop: (await sink.readDocuments(hookPath, "shop")).length,
    };
    await docker("kill", alertmanager());
    await docker("kill", `${stack.prefix}-till-2`);
    await waitUntil(
      "an alert while nobody can be told",
      () => prometheus.queryNumber('count(ALERTS{name=~".*-till-2",alertstate="firing"})'),
      (count) => count === 1,
    );
    await docker("start", alertmanager());
    await waitUntil(
      "Alertmanager answers",
      () => readAlertmanager("/-/ready").catch(() => ""),
      (answer) => answer.startsWith("OK"),
    );
  });

  it("is waited for by a test, which reaches one receiver and tells whether it took it", async () => {
    const taken = await ask("alert:test", "--receiver", "team");
    expect(taken).toMatchObject({ exitCode: 0 });
    expect(taken.stdout).toContain("Alertmanager has just started: it sends nothing for");
    expect(taken.stdout).toContain("team took the test");
    const readTests = () => sink.read(({ body }) => unbreak(body).includes("GlasshouseTest"));
    await waitUntil("the test", readTests, (given) => given.some(({ path }) => path === hookPath));

    const refused = await ask("alert:test", "--receiver", "gone");
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("gone did not take the test");
    expect(refused.stderr).toContain("connection refused");
    expect(refused.stderr).toContain("unexpected status code 403");
    expect(refused.stderr).toContain("unexpected status code 503");
    expect(refused.stderr).not.toContain(secrets.bot);
  });

  it("tells what happened in the meantime, and repeats itself once at most", async () => {
    const readTill = async () => (await sink.readDocuments(hookPath, "till")).slice(before.till);
    await waitUntil("a message about the till", readTill, ({ length }) => length > 0, 120);
    await waitForTwoFlushes();
    const told = await readTill();
    expect(told).toHaveLength(1);
    expect(told[0]!.alerts.map(({ labels }) => labels["name"])).toContain(`${stack.prefix}-till-2`);
    const { length: ofShop } = await sink.readDocuments(hookPath, "shop");
    expect(ofShop).toBeGreaterThanOrEqual(before.shop);
    expect(ofShop).toBeLessThanOrEqual(before.shop + 1);
  });

  it("tells nothing twice when it was stopped and started", async () => {
    const read = async () => ({
      shop: (await sink.readDocuments(hookPath, "shop")).length,
      till: (await sink.readDocuments(hookPath, "till")).length,
    });
    const told = await read();
    await docker("restart", alertmanager());
    const startedAt = Date.now();
    await waitUntil(
      "its heartbeat",
      async () => (await readBeats()).at(-1)!.at,
      (last) => last > startedAt,
      180,
    );
    await waitForTwoFlushes();
    expect(await read()).toStrictEqual(told);
    await docker("start", `${stack.prefix}-shop-1`, `${stack.prefix}-till-2`);
  });
});

describe("a receiver's secret", () => {
  it("reaches the running Alertmanager when it is rotated, and replaces nothing", async () => {
    const before = await readContainerIds(stack.prefix);
    await stack.setSecret("hook", `http://sink${rotatedPath}`);
    await stack.up();
    expect(await readContainerIds(stack.prefix)).toStrictEqual(before);
    await stack.pulumi("preview", "--expect-no-changes", "--non-interactive");
    expect(await ask("alert:test", "--receiver", "team")).toMatchObject({ exitCode: 0 });
    await waitUntil(
      "a test at the new address",
      () => sink.read(({ path }) => path === rotatedPath),
      (given) => given.some(({ body }) => body.includes("GlasshouseTest")),
    );
  });
});

describe("an app that is repaired", () => {
  it("is one message more, and nothing that was held back", async () => {
    const read = async () =>
      (
        await Promise.all([hookPath, rotatedPath].map((path) => sink.readDocuments(path, "shop")))
      ).flat();
    await waitUntil(
      "the end of what was wrong with the shop",
      read,
      (all) => all.at(-1)?.status === "resolved",
      150,
    );
    await waitForTwoFlushes();
    const documents = await read();
    expect(documents.filter(({ status }) => status === "resolved")).toHaveLength(1);
    expect(documents.at(-1)?.status).toBe("resolved");
    const told = documents
      .flatMap(({ alerts }) => alerts)
      .filter(({ status }) => status === "firing");
    expect([...new Set(told.map(({ labels }) => labels["alertname"]))]).toStrictEqual([
      "ContainerDown",
    ]);
    await waitUntil(
      "the same, at Slack",
      () => sink.read(bySlack),
      (all) => all.some(({ body }) => /\] Resolved: \S+-shop-1 /.test(body)),
    );
  });
});

describe("a heartbeat", () => {
  it("is called again and again, and is all that the watchdog is for", async () => {
    await waitUntil("three calls", readBeats, ({ length }) => length > 2, 180);
    const others = await sink.read(
      ({ path, body }) => path !== beatPath && unbreak(body).includes("Watchdog"),
    );
    expect(others).toStrictEqual([]);
  });
});

describe("a configuration of the user's own that is wrong", () => {
  const [source, template] = ownFiles;

  it.each([
    ["a receiver that is not there", "route: { receiver: nobody }\n", "", "undefined receiver"],
    [
      "a broken template",
      `route: { receiver: own }\nreceivers: [{ name: own }]\ntemplates: [${template}]\n`,
      '{{ define "own" }}{{ if }}{{ end }}',
      "missing value for if",
    ],
  ])("with %s is refused, and the old one runs on", async (_, text, templateText, reason) => {
    const before = await readConfigHash();
    writeFileSync(join(projectFolder, source), text);
    writeFileSync(join(projectFolder, template), templateText);
    write({ config: { source, templates: [template] } });
    const said = await stack.failToUp();
    expect(said).toContain(`refuses ${source}. Nothing was changed.`);
    expect(said).toContain(reason);
    expect(await readConfigHash()).toBe(before);
  });
});

describe("a stack with nothing but a heartbeat, without Prometheus", () => {
  it("calls no more", async () => {
    const last = await waitUntil(
      "no call for longer than they are apart",
      async () => (await readBeats(lonelySink)).at(-1)!.at,
      (at) => Date.now() - at > 90_000,
      420,
    );
    // Alertmanager forgets what Prometheus has not repeated for four minutes.
    expect(last - lonelySince).toBeLessThan((4 * 60 + 60 + leewaySeconds) * 1000);
  });

  it("is not told of by the other stack on the host", async () => {
    const running = `glasshouse_container_running{name="${lonely!.prefix}-prometheus"}`;
    expect(await prometheus.queryNumber(`min_over_time(${running}[10m])`)).toBe(0);
    const documents = await Promise.all(
      [hookPath, rotatedPath].map((path) => sink.readDocuments(path, undefined)),
    );
    const told = documents
      .flat()
      .flatMap(({ alerts }) => alerts.map(({ labels }) => labels["name"]));
    expect(told.filter((name) => name?.startsWith(lonely!.prefix))).toStrictEqual([]);
  });
});

describe("a configuration of the user's own that is right", () => {
  const [source] = ownFiles;

  it("runs", async () => {
    const before = await readConfigHash();
    writeFileSync(
      join(projectFolder, source),
      "route: { receiver: nobody, routes: [{ receiver: own, matchers: [severity=critical] }] }\n" +
        "receivers: [{ name: nobody }, { name: own, webhook_configs: [{ url_file: /run/secrets/hook }] }]\n",
    );
    write({ config: { source, secrets: { hook: secret("hook") } } });
    await stack.up();
    expect(await readConfigHash()).not.toBe(before);
    expect(await readAlertmanager("/api/v2/status")).toContain("receiver: own");
    await stack.pulumi("preview", "--expect-no-changes", "--non-interactive");
  });

  it("is looked through by the doctor for alerts that nobody is told of", async () => {
    const { stdout } = await ask("doctor");
    expect(stdout).toMatch(
      /nobody is told of AlertmanagerConfigReloadFailed, .* and \d+ more: the route ends/,
    );
  });
});
