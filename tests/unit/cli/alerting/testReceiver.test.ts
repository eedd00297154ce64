import { sendTest } from "../../../../cli/alerting/testReceiver";
import { stringify } from "yaml";
import { connectDocker } from "../../../../host/docker/connectDocker";
import { FakeDocker } from "../../support/fakeDocker";
import { FakeAlertmanager } from "./fakeAlertmanager";

jest.mock("../../../../host/docker/connectDocker");

const { connectDocker: connect } = jest.requireActual<
  typeof import("../../../../host/docker/connectDocker")
>("../../../../host/docker/connectDocker");

interface SentAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt?: string;
}

let fake: FakeAlertmanager;
let docker: FakeDocker;
let printed: string;
/** Series of Alertmanager's once a test has been sent, as it writes them. */
let after: string;

const series = (integration: string, requests: number, refused: number, failed: number) =>
  [
    `alertmanager_notification_requests_total{integration="${integration}",receiver_name="team"} ${requests}`,
    `alertmanager_notification_requests_failed_total{integration="${integration}",receiver_name="team"} ${refused}`,
    `alertmanager_notifications_failed_total{integration="${integration}",reason="clientError",receiver_name="team"} ${failed}`,
    `alertmanager_notifications_failed_total{integration="${integration}",reason="other",receiver_name="team"} 0`,
    // Another receiver's say nothing of it.
    `alertmanager_notification_requests_total{integration="${integration}",receiver_name="pager"} ${requests + 9}`,
  ].join("\n");

const routeTo = (receiver: string) => ({
  receiver,
  matchers: [`glasshouse_test_receiver="${receiver}"`],
});

function runWith(
  receivers: object[],
  routes: object[],
  startedAt = new Date(Date.now() - 600_000),
): void {
  fake.answers["GET /api/v2/status"] = () => ({
    uptime: startedAt.toISOString(),
    config: { original: stringify({ route: { receiver: "team", routes }, receivers }) },
  });
}

const sentAlerts = () => fake.changes.map(({ body }) => (body as SentAlert[])[0]!);

beforeEach(async () => {
  fake = await new FakeAlertmanager().start();
  docker = await new FakeDocker().start();
  jest.mocked(connectDocker).mockImplementation(() => connect({ uri: docker.uri }));
  runWith(
    [
      { name: "team", slack_configs: [{}], webhook_configs: [{}, {}] },
      { name: "pager", email_configs: [{}] },
    ],
    [routeTo("team"), routeTo("pager")],
  );
  const before = `${series("slack", 4, 1, 1)}\n${series("webhook", 2, 0, 0)}\n`;
  fake.answers["GET /metrics"] = () => (fake.changes.length === 0 ? before : after);
  fake.answers["GET /api/v2/alerts"] = () => [
    { status: { silencedBy: [], inhibitedBy: [], mutedBy: [] } },
  ];
  printed = "";
  jest.spyOn(console, "log").mockImplementation((text: string) => void (printed += `${text}\n`));
});

afterEach(async () => {
  jest.restoreAllMocks();
  await docker.stop();
  await fake.stop();
});

describe("a test of a receiver", () => {
  it("is an alert for that receiver alone, which is over once it was taken", async () => {
    after = `${series("slack", 5, 1, 1)}\n${series("webhook", 4, 0, 0)}\n`;
    await sendTest(fake.place, "team");
    const [sent, ended, ...others] = sentAlerts();
    expect(others).toStrictEqual([]);
    expect(sent!.labels).toMatchObject({
      alertname: "GlasshouseTest",
      glasshouse_test_receiver: "team",
    });
    expect(sent!.endsAt).toBeUndefined();
    expect(ended!.labels).toStrictEqual(sent!.labels);
    expect(ended!.startsAt).toBe(sent!.startsAt);
    expect(ended!.endsAt).toBeDefined();
    expect(printed).toContain(
      "team took the test:\n  ✓ slack   taken\n  ✓ webhook   2 of 2: taken",
    );
  });

  it("tells who did not take it, with Alertmanager's reason and without a bot's token", async () => {
    after = `${series("slack", 5, 2, 2)}\n${series("webhook", 7, 4, 1)}\n`;
    fake.answers["POST /api/v2/alerts"] = (body) => {
      const id = (body as SentAlert[])[0]!.labels["glasshouse_test"] ?? "";
      const line = (test: string, error: string) =>
        `level=ERROR msg="Notify for alerts failed" aggrGroup="{}:{glasshouse_test=\\"${test}\\"}" num_alerts=1 err=${JSON.stringify(error)}`;
      docker.log = [
        line(id, "team/slack[0]: an earlier attempt"),
        line(
          id,
          'team/slack[0]: channel "": unexpected status code 403\nteam/webhook[1]: Post "http://x/bot12:abc/sendMessage": refused',
        ),
        line(id, "an attempt that ends later").replace(
          "Notify for alerts failed",
          "Notify attempt failed, will retry later",
        ),
        line("other", "of another test"),
      ].join("\n");
      return "";
    };
    await expect(sendTest(fake.place, "team")).rejects.toThrow(
      "team did not take the test:\n  ✗ slack   given up\n  ✗ webhook   1 of 2: given up\n" +
        'Alertmanager says:\n  team/slack[0]: channel "": unexpected status code 403\n' +
        '  team/webhook[1]: Post "http://x/bot<redacted>/sendMessage": refused',
    );
    expect(sentAlerts().map(({ endsAt }) => endsAt !== undefined)).toStrictEqual([false, true]);
  });

  it("is not waited for without end; where the log says nothing, it is named", async () => {
    after = `${series("slack", 5, 2, 1)}\n${series("webhook", 4, 0, 0)}\n`;
    await expect(sendTest(fake.place, "team", 0)).rejects.toThrow(
      "  ✗ slack   no answer yet; Alertmanager goes on trying\n  ✓ webhook   2 of 2: taken\n" +
        "Alertmanager's log may say why: docker logs --tail 20 glasshouse-test-alertmanager",
    );
  });

  it.each([
    ["waits for", -60_000, 30],
    ["whose clock is ahead does not keep it waiting longer than", 3_600_000, 90],
  ])("%s an Alertmanager that has just started", async (_, started, seconds) => {
    after = `${series("slack", 5, 1, 1)}\n${series("webhook", 4, 0, 0)}\n`;
    runWith(
      [{ name: "team", slack_configs: [{}] }],
      [routeTo("team")],
      new Date(Date.now() + started),
    );
    await sendTest(fake.place, "team");
    expect(printed).toContain(
      `Sending team a test (Alertmanager has just started: it sends nothing for ${seconds} s)`,
    );
  });

  it("says which silence holds it back", async () => {
    after = `${series("slack", 4, 1, 1)}\n${series("webhook", 2, 0, 0)}\n`;
    fake.answers["GET /api/v2/alerts"] = () => [
      { status: { silencedBy: ["a1"], inhibitedBy: [], mutedBy: [] } },
    ];
    await expect(sendTest(fake.place, "team")).rejects.toThrow(
      "The test was not sent: the silence a1 holds it back.",
    );
  });

  it.each([
    [undefined, "Say who is sent a test: --receiver team|pager."],
    ["teem", "Alertmanager has no receiver teem; did you mean team? Known: team, pager."],
    ["x", "Alertmanager has no receiver x. Known: team, pager."],
  ])("is refused for the receiver %s", async (receiver, message) => {
    await expect(sendTest(fake.place, receiver)).rejects.toThrow(message);
    expect(fake.changes).toStrictEqual([]);
  });

  it("is refused where it would reach others, or nobody", async () => {
    runWith([{ name: "team", slack_configs: [{}] }, { name: "quiet" }], [routeTo("quiet")]);
    await expect(sendTest(fake.place, "team")).rejects.toThrow(
      "no test reaches team alone. One that `alertmanager.receivers` makes has routes for that",
    );
    await expect(sendTest(fake.place, "quiet")).rejects.toThrow(
      "The receiver quiet has no way to be told",
    );
    expect(fake.changes).toStrictEqual([]);
  });
});
