import { provider } from "../../../../resources/rolloutGate/provider";
import { FakeDocker } from "../../support/fakeDocker";

let engine: FakeDocker;

beforeEach(async () => {
  engine = await new FakeDocker().start();
});

afterEach(() => engine.stop());

const inputs = (before: Record<string, string>) => ({
  dockerHost: { uri: engine.uri },
  before,
  timeoutSeconds: 10,
});

const state = (status: string) => ({
  RestartCount: 0,
  HostConfig: {},
  State: {
    Status: "running",
    Running: true,
    Restarting: false,
    StartedAt: "1",
    ExitCode: 0,
    Health: { Status: status, Log: [] },
  },
  Config: {},
});

describe("a turn", () => {
  it("waits for nobody at the first deployment", async () => {
    engine.inspect = () => {
      throw new Error("asked");
    };
    expect((await provider.create(inputs({ "shop-1": "a" }))).id).toBe("turn");
  });

  it("comes when the replicas before were replaced and are healthy", async () => {
    const old = inputs({ "shop-1": "a" });
    const now = inputs({ "shop-1": "b" });
    let asked = 0;
    engine.inspect = () => state((asked += 1) < 3 ? "starting" : "healthy");
    expect(await provider.diff("turn", old, old)).toStrictEqual({ changes: false });
    expect(await provider.diff("turn", old, now)).toStrictEqual({ changes: true });
    await provider.update("turn", old, now);
    expect(asked).toBe(3);
  });

  it("leaves clients the time to notice that the replicas before are back", async () => {
    engine.inspect = () => state("healthy");
    const before = Date.now();
    await provider.update("turn", inputs({ "shop-1": "a" }), inputs({ "shop-1": "b" }));
    expect(Date.now() - before).toBeGreaterThanOrEqual(2000);
  });

  it("never comes when a replica before does not get healthy", async () => {
    engine.inspect = () => state("unhealthy");
    const update = provider.update("turn", inputs({ "shop-1": "a" }), inputs({ "shop-1": "b" }));
    await expect(update).rejects.toThrow("shop-1 is unhealthy");
  });
});
