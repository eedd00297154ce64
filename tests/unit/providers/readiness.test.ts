import { provider } from "../../../providers/readiness";
import { FakeDocker } from "../support/fakeDocker";

let engine: FakeDocker;

beforeEach(async () => {
  engine = await new FakeDocker().start();
});

afterEach(() => engine.stop());

const running = {
  Status: "running",
  Running: true,
  Restarting: false,
  StartedAt: "1",
  ExitCode: 0,
};
const health = (Status: string, Log: unknown[] = []) => ({ Health: { Status, Log } });

function state(given: object, restarts = 0): unknown {
  return { RestartCount: restarts, State: { ...running, ...given } };
}

const waitFor = (containers: Record<string, string>, timeoutSeconds = 10) =>
  provider.create({ dockerHost: engine.uri, containers, timeoutSeconds, pids: 99 });

describe("readiness", () => {
  it("waits until every container is healthy, and limits its processes", async () => {
    engine.inspect = (_id, asked) => state(health(asked < 1 ? "starting" : "healthy"));
    await waitFor({ "shop-1": "a", "shop-2": "b" });
    expect(engine.updates).toStrictEqual({ a: { PidsLimit: 99 }, b: { PidsLimit: 99 } });
  });

  it("takes a container without a health check that runs on for two seconds", async () => {
    engine.inspect = () => state({});
    const before = Date.now();
    await waitFor({ shop: "a" });
    expect(Date.now() - before).toBeGreaterThanOrEqual(2000);
  });

  it("reports an unhealthy container with its last check and its last log lines", async () => {
    engine.log = "cannot reach the database\n";
    const log = [
      { ExitCode: 0, Output: "fine" },
      { ExitCode: 7, Output: "connection refused\n" },
    ];
    engine.inspect = () => state(health("unhealthy", log));
    await expect(waitFor({ shop: "a" })).rejects.toThrow(
      "shop is unhealthy. Its last health check ended with 7: connection refused. " +
        "Its last log lines:\n    cannot reach the database",
    );
  });

  it("reports a crash loop at once, with how it ended", async () => {
    engine.log = "no such file\ngiving up\n";
    engine.inspect = () => state({ Running: false, Restarting: true, ExitCode: 3 }, 3);
    await expect(waitFor({ shop: "a" })).rejects.toThrow(
      "shop does not stay up: it ended with exit code 3 and was restarted 3 times. " +
        "Its last log lines:\n    no such file\n    giving up",
    );
  });

  it("lets a container be too early for another one once", async () => {
    engine.inspect = (_id, asked) =>
      asked === 0
        ? state({ Running: false, Restarting: true, ExitCode: 1 }, 1)
        : state(health("healthy"), 1);
    await expect(waitFor({ shop: "a" })).resolves.toMatchObject({ id: "ready" });
  });

  it("reports a container that disappears, and one that never gets ready, together", async () => {
    engine.inspect = (id) => (id === "a" ? undefined : state(health("starting")));
    await expect(waitFor({ one: "a", two: "b" }, 0.3)).rejects.toThrow(
      "one is gone: its container was removed while it started\n\n" +
        "two did not become ready in time (startTimeoutSeconds). It wrote no log.",
    );
  });

  it("waits again when a container or the limit is another one, not when the time-out is", async () => {
    const olds = { dockerHost: "x", containers: { shop: "a" }, timeoutSeconds: 10, pids: 99 };
    const changes = async (news: Partial<typeof olds>) =>
      (await provider.diff("ready", olds, { ...olds, ...news })).changes;
    expect(await changes({ containers: { shop: "b" } })).toBe(true);
    expect(await changes({ pids: 100 })).toBe(true);
    expect(await changes({ timeoutSeconds: 20 })).toBe(false);
  });
});
