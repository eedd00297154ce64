import { openDeployed } from "../../../../cli/openDeployed";
import { parseDuration } from "../../../../cli/alerting/parseDuration";
import { silence, type SilenceOptions } from "../../../../cli/alerting/silence";
import { buildSilence, FakeAlertmanager, isEqual } from "./fakeAlertmanager";

jest.mock("../../../../cli/openDeployed");

let fake: FakeAlertmanager;
let printed: string;
const user = process.env["USER"];

beforeEach(async () => {
  fake = await new FakeAlertmanager().start();
  fake.answers["GET /api/v1/rules"] = () => ({
    data: { groups: [{ rules: [{ name: "ContainerDown" }, { name: "HostMemoryLow" }] }] },
  });
  jest.mocked(openDeployed).mockResolvedValue(fake.deployed);
  process.env["USER"] = "ada";
  printed = "";
  jest.spyOn(console, "log").mockImplementation((text: string) => void (printed += `${text}\n`));
});

afterEach(async () => {
  process.env["USER"] = user;
  jest.restoreAllMocks();
  await fake.stop();
});

const run = (more: Partial<SilenceOptions>) =>
  silence({
    stack: undefined,
    action: [],
    apps: [],
    alerts: [],
    for: "2h",
    reason: "new disks",
    ...more,
  });

describe("a silence", () => {
  it("is for an app, in the user's name, and says how to end it", async () => {
    await run({ apps: ["shop"] });
    expect(fake.changes).toStrictEqual([
      {
        call: "POST /api/v2/silences",
        body: {
          matchers: [isEqual("app", "shop")],
          startsAt: expect.any(String) as string,
          endsAt: expect.any(String) as string,
          createdBy: "ada",
          comment: "new disks",
        },
      },
    ]);
    const { startsAt, endsAt } = fake.changes[0]!.body as { startsAt: string; endsAt: string };
    expect(Date.parse(endsAt) - Date.parse(startsAt)).toBe(2 * 3600 * 1000);
    expect(printed).toContain(`Nobody is told of alerts with app="shop" until `);
    expect(printed).toContain("npm run silence -- expire new-id --stack test");
  });

  it("can be for several apps, and for some of their alerts", async () => {
    await run({ apps: ["shop", "till"], alerts: ["ContainerDown"] });
    expect(fake.changes[0]!.body).toMatchObject({
      matchers: [
        { name: "app", value: "shop|till", isRegex: true, isEqual: true },
        isEqual("alertname", "ContainerDown"),
      ],
    });
  });

  it.each([
    ["nothing to silence", {}, "Say what is silenced: --app"],
    ["no reason", { apps: ["shop"], reason: " " }, 'Say why, for whoever finds it: --reason "…".'],
    ["no time", { apps: ["shop"], for: undefined }, "--for must be a time such as 30m"],
    [
      "an unknown app",
      { apps: ["shup"] },
      "There is no app shup; did you mean shop? Known: shop, till.",
    ],
    [
      "an unknown alert",
      { alerts: ["HostMemory"] },
      "There is no alert HostMemory; did you mean HostMemoryLow? Known: ContainerDown, HostMemoryLow.",
    ],
    ["an unknown action", { action: ["remove"] }, "silence knows no remove: `list`, `expire <id>`"],
  ])("is refused with %s", async (_, given, message) => {
    await expect(run(given)).rejects.toThrow(message);
    expect(fake.changes).toStrictEqual([]);
  });

  it("is refused where no Alertmanager is deployed", async () => {
    const { deployed } = fake;
    const { alertmanagerUrl: _, ...outputs } = deployed.outputs;
    jest.mocked(openDeployed).mockResolvedValue({ ...deployed, outputs });
    await expect(run({ apps: ["shop"] })).rejects.toThrow(
      "The stack test has no Alertmanager, so nobody is told of alerts: `alertmanager.receivers`",
    );
  });

  it("says why Alertmanager refuses it, and that it does not answer", async () => {
    fake.answers["POST /api/v2/silences"] = () => 400;
    await expect(run({ apps: ["shop"] })).rejects.toThrow(
      "Alertmanager refuses (400): refused by the fake",
    );
    const { deployed } = fake;
    const outputs = { ...deployed.outputs, alertmanagerUrl: "http://127.0.0.1:1" };
    jest.mocked(openDeployed).mockResolvedValue({ ...deployed, outputs });
    await expect(run({ apps: ["shop"] })).rejects.toThrow(
      "Alertmanager does not answer at http://127.0.0.1:1",
    );
    const without = { ...deployed.outputs, prometheusUrl: "http://127.0.0.1:1" };
    jest.mocked(openDeployed).mockResolvedValue({ ...deployed, outputs: without });
    await expect(run({ alerts: ["ContainerDown"] })).rejects.toThrow(
      "Prometheus does not answer at http://127.0.0.1:1",
    );
  });
});

describe("silences", () => {
  beforeEach(() => {
    fake.silences = [
      buildSilence("b2-1"),
      buildSilence("a1-1", { endsAt: "2026-11-27T06:00:00.000Z", status: { state: "pending" } }),
      buildSilence("a1-0", { status: { state: "expired" } }),
      buildSilence("b2-2", {
        matchers: [{ name: "x", value: "y", isRegex: true, isEqual: false }],
      }),
    ];
    fake.answers["DELETE /api/v2/silence/a1-1"] = () => "";
  });

  it("are listed with what, until when, who and why; ended ones are not", async () => {
    await run({ action: ["list"] });
    expect(printed.split("\n")).toStrictEqual([
      '  a1-1  app="shop"  later, until 2026-11-27 06:00 UTC  ada: new disks',
      '  b2-1  app="shop"  until 2026-11-27 07:30 UTC  ada: new disks',
      '  b2-2  x!~"y"  until 2026-11-27 07:30 UTC  ada: new disks',
      "",
    ]);
    fake.silences = [];
    await run({ action: ["list"] });
    expect(printed).toContain("The stack test has no silence: all alerts are told.");
  });

  it("end by the beginning of their id", async () => {
    await run({ action: ["expire", "a1"] });
    expect(fake.changes.map(({ call }) => call)).toStrictEqual(["DELETE /api/v2/silence/a1-1"]);
    expect(printed).toBe('Alerts with app="shop" are told again.\n');
  });

  it.each([
    ["no id", [], "Name one silence: npm run silence -- expire <id>"],
    [
      "an id that is none",
      ["c3"],
      /^No silence of the stack test starts with c3\. In force:\n {2}a1-1/,
    ],
    ["an id of several", ["b2"], /^More than one silence of the stack test starts with b2\./],
  ])("do not end by %s", async (_, ids, message) => {
    await expect(run({ action: ["expire", ...ids] })).rejects.toThrow(message);
    expect(fake.changes).toStrictEqual([]);
  });
});

describe("how long", () => {
  it.each([
    ["30m", 30],
    ["2h", 120],
    ["1h30m", 90],
    ["90d", 90 * 24 * 60],
  ])("can be %s", (text, minutes) => {
    expect(parseDuration(text)).toBe(minutes * 60_000);
  });

  it.each(["", "2", "2 h", "0m", "-1h", "91d", "30s", "1m1h"])("cannot be `%s`", (text) => {
    expect(() => parseDuration(text)).toThrow(
      "--for must be a time such as 30m, 2h, 1h30m or 3d, at most 90d, got ",
    );
  });
});
