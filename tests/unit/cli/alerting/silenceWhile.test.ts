import { silenceWhile } from "../../../../cli/alerting/silenceWhile";
import { buildSilence, FakeAlertmanager, isEqual } from "./fakeAlertmanager";

let fake: FakeAlertmanager;
let printed: string;
const times = { renewMilliseconds: 10, retryMilliseconds: 10 };

beforeEach(async () => {
  fake = await new FakeAlertmanager().start();
  fake.answers["DELETE /api/v2/silence/new-id"] = () => "";
  printed = "";
  jest.spyOn(console, "log").mockImplementation((text: string) => void (printed += `${text}\n`));
});

afterEach(async () => {
  jest.restoreAllMocks();
  await fake.stop();
});

const locate = async () => fake.place;
const calls = () => fake.changes.map(({ call }) => call);

/** Work that ends once as many calls have reached Alertmanager. */
const until = (count: number) => async () => {
  while (fake.changes.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
  return "done";
};

describe("a silence while work is done", () => {
  it("holds back all but the heartbeat's alert for ten minutes, and ends with the work", async () => {
    await expect(silenceWhile(locate, async () => "done")).resolves.toBe("done");
    expect(calls()).toStrictEqual(["POST /api/v2/silences", "DELETE /api/v2/silence/new-id"]);
    const body = fake.changes[0]!.body as { startsAt: string; endsAt: string };
    expect(body).toMatchObject({
      matchers: [
        { name: "alertname", value: ".+", isRegex: true, isEqual: true },
        { ...isEqual("alertname", "Watchdog"), isEqual: false },
      ],
      comment: "npm run up -- --silence",
    });
    expect(Date.parse(body.endsAt) - Date.parse(body.startsAt)).toBe(600_000);
    expect(printed).toBe(
      "  Nobody is told of alerts until this is done.\n  Alerts are told again.\n",
    );
  });

  it("is renewed as the same silence, and made anew where Alertmanager has lost it", async () => {
    fake.answers["POST /api/v2/silences"] = () => {
      fake.silences = fake.changes.length === 1 ? [buildSilence("new-id")] : [];
      return { silenceID: "new-id" };
    };
    await silenceWhile(locate, until(3), times);
    const [, renewed, again] = fake.changes.map(
      ({ body }) => body as { id?: string; startsAt: string },
    );
    expect(renewed).toMatchObject({ id: "new-id", startsAt: "2026-11-27T05:00:00.000Z" });
    expect(again!.id).toBeUndefined();
    expect(again!.startsAt).not.toBe("2026-11-27T05:00:00.000Z");
  });

  it("goes on where Alertmanager is away for a moment", async () => {
    fake.answers["POST /api/v2/silences"] = () =>
      fake.changes.length === 2 ? 503 : { silenceID: "new-id" };
    await silenceWhile(locate, until(3), times);
    expect(calls().at(-1)).toBe("DELETE /api/v2/silence/new-id");
    expect(printed).toContain("Alerts are told again.");
  });

  it("ends when the work fails", async () => {
    const work = async () => {
      throw new Error("no image");
    };
    await expect(silenceWhile(locate, work)).rejects.toThrow("no image");
    expect(calls().at(-1)).toBe("DELETE /api/v2/silence/new-id");
  });

  it.each(["SIGINT", "SIGTERM"] as const)("ends when %s interrupts the work", async (name) => {
    const work = async (signal: AbortSignal) => {
      process.emit(name, name);
      signal.throwIfAborted();
    };
    await expect(silenceWhile(locate, work)).rejects.toThrow(`Interrupted by ${name}.`);
    expect(printed).not.toContain("cleaning up");
    expect(calls().at(-1)).toBe("DELETE /api/v2/silence/new-id");
  });

  it("is ended where Alertmanager is afterwards, at a later attempt if need be", async () => {
    const moved = await new FakeAlertmanager().start();
    let attempts = 0;
    moved.answers["DELETE /api/v2/silence/new-id"] = () => (++attempts < 3 ? 503 : "");
    const places = [fake.place, moved.place];
    await silenceWhile(
      async () => places.shift(),
      async () => "done",
      times,
    );
    await moved.stop();
    expect(calls()).toStrictEqual(["POST /api/v2/silences"]);
    expect(attempts).toBe(3);
  });

  it("says when it ends by itself where it cannot be ended", async () => {
    delete fake.answers["DELETE /api/v2/silence/new-id"];
    await silenceWhile(locate, async () => "done", times);
    expect(printed).toMatch(
      /could not be ended, and ends by itself at \d{4}-\d\d-\d\d \d\d:\d\d UTC/,
    );
  });

  it("is none where no Alertmanager runs, or none answers; the work is done", async () => {
    await expect(
      silenceWhile(
        async () => undefined,
        async () => "one",
      ),
    ).resolves.toBe("one");
    expect(printed).toContain("No Alertmanager runs yet, so there is nothing to silence.");
    const gone = { ...fake.place, url: "http://127.0.0.1:1" };
    await expect(
      silenceWhile(
        async () => gone,
        async () => "two",
      ),
    ).resolves.toBe("two");
    expect(printed).toContain("Alerts are not silenced: Alertmanager does not answer");
    expect(fake.changes).toStrictEqual([]);
  });
});
