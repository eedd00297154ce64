import { type AddressInfo, createServer } from "node:net";
import os from "node:os";
import type { RunningContainersInputs } from "../../../../resources/runningContainers/inputs";
import { provider } from "../../../../resources/runningContainers/provider";
import { FakeDocker } from "../../support/fakeDocker";
import { useFasterClock } from "../../support/fasterClock";

useFasterClock(4);

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

const mebibyte = 1024 * 1024;
const limits = {
  Memory: 64 * mebibyte,
  MemorySwap: 64 * mebibyte,
  NanoCpus: 5e8,
  PidsLimit: 99,
};
const onNetwork = { Networks: { net: { Aliases: ["shop", "0a1b2c"] } } };

/** What `inspect` says of a container that is as it is to be, but for what is given. */
function state(given: object, more: object = {}): unknown {
  return {
    RestartCount: 0,
    State: { ...running, ...given },
    Config: {},
    HostConfig: limits,
    NetworkSettings: onNetwork,
    ...more,
  };
}

const inputsFor = (
  containers: Record<string, string>,
  timeoutSeconds = 10,
): RunningContainersInputs => ({
  dockerHost: { uri: engine.uri },
  containers,
  timeoutSeconds,
  memoryMb: 64,
  cpus: 0.5,
  pids: 99,
  network: "net",
  alias: "shop",
});

const waitFor = (containers: Record<string, string>, timeoutSeconds?: number) =>
  provider.create(inputsFor(containers, timeoutSeconds));

describe("readiness", () => {
  it("waits until every container is healthy, and limits its processes", async () => {
    const HostConfig = { ...limits, PidsLimit: null };
    engine.inspect = (_id, asked) =>
      state(health(asked < 2 ? "starting" : "healthy"), { HostConfig });
    await waitFor({ "shop-1": "a", "shop-2": "b" });
    expect(engine.updates).toStrictEqual({ a: limits, b: limits });
  });

  it("changes nothing on a container that is as it is to be", async () => {
    engine.inspect = () => state(health("healthy"));
    const { outs } = await waitFor({ shop: "a" });
    expect(engine.changes).toStrictEqual([]);
    expect((await provider.read("ready", outs)).props).toStrictEqual(outs);
  });

  it("takes a container without a health check that runs on for two seconds", async () => {
    let asked = 0;
    engine.inspect = () => state({ asked: (asked += 1) });
    const before = Date.now();
    await waitFor({ shop: "a" });
    expect(Date.now() - before).toBeGreaterThanOrEqual(2000);
    // For its drift, and at both ends of these two seconds: of hundreds of containers each look counts.
    expect(asked).toBeLessThanOrEqual(4);
  });

  it("lets a container that was started anew begin its two seconds anew", async () => {
    engine.inspect = (_id, asked) => state({ StartedAt: asked < 2 ? "1" : "2" });
    const before = Date.now();
    await waitFor({ shop: "a" });
    expect(Date.now() - before).toBeGreaterThanOrEqual(4000);
  });

  describe("without a health check, by its port", () => {
    const listener = (address: string, port: string) =>
      `   0: ${address}:${port} 00000000:0000 0A 00000000:00000000 00:00000000 00000000 65532 0 1 1\n`;
    const heading =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n";
    const waitForPort = (isUsed: boolean, timeoutSeconds = 10) =>
      provider.create({
        ...inputsFor({ shop: "a" }, timeoutSeconds),
        port: { number: 8080, isUsed },
      });
    const answer = (table: (asked: number) => string) => {
      let asked = 0;
      engine.run = () => ({ exitCode: 1, output: heading + table((asked += 1)) });
    };

    it("takes it as soon as the port answers, without two seconds of steadiness", async () => {
      jest.restoreAllMocks(); // How soon it is taken is measured by the real clock.
      answer((asked) => (asked < 3 ? "" : listener("00000000", "1F90")));
      engine.inspect = () => state({});
      const before = Date.now();
      await waitForPort(true);
      expect(Date.now() - before).toBeLessThan(1500);
    });

    it("waits for a port that is used, as long as it takes", async () => {
      answer((asked) => (asked < 14 ? "" : listener("00000000000000000000000000000000", "1F90")));
      engine.inspect = () => state({});
      const before = Date.now();
      await waitForPort(true);
      expect(Date.now() - before).toBeGreaterThan(3000);
    });

    it.each([
      {
        what: "no port",
        table: "",
        words:
          "nothing answers on its port 8080; set `port` to where it listens, or, if it has no port, `metrics: false`",
      },
      {
        what: "another port",
        table: listener("00000000", "0050"),
        words: "nothing answers on its port 8080; it listens on 80: set `port`",
      },
      {
        what: "itself only",
        table: listener("0100007F", "1F90"),
        words: "it listens on port 8080 for itself only (127.0.0.1)",
      },
      {
        what: "itself only, by IPv6",
        table: listener("00000000000000000000000001000000", "1F90"),
        words: "it listens on port 8080 for itself only (127.0.0.1)",
      },
    ])("says where it listens when its time is over: $what", async ({ table, words }) => {
      answer(() => table);
      engine.inspect = () => state({});
      await expect(waitForPort(true, 0.5)).rejects.toThrow(
        `shop did not become ready in time (startTimeoutSeconds): ${words}`,
      );
    });

    it("asks for two seconds of steadiness of one that has crashed before", async () => {
      answer(() => listener("00000000", "1F90"));
      engine.inspect = () => state({}, { RestartCount: 1 });
      const before = Date.now();
      await waitForPort(true);
      expect(Date.now() - before).toBeGreaterThanOrEqual(2000);
    });

    it("reports one that crashes although its port answered a moment ago", async () => {
      answer(() => listener("00000000", "1F90"));
      engine.inspect = (_id, asked) =>
        asked % 2 === 0
          ? state({ Running: false, Restarting: true, ExitCode: 3 }, { RestartCount: asked })
          : state({ StartedAt: String(asked) }, { RestartCount: 1 + asked });
      await expect(waitForPort(true, 1)).rejects.toThrow("shop does not stay up");
    });

    it("reports one that crashes when its time is over in the moment before the next crash", async () => {
      engine.log = "giving up\n";
      answer(() => "");
      engine.inspect = () => state({}, { RestartCount: 3 });
      await expect(waitForPort(true, 0.5)).rejects.toThrow(
        "shop does not stay up: it was restarted 3 times. Its last log lines:\n    giving up",
      );
    });

    it.each([
      { what: "nobody is known to use", isUsed: false, output: heading, Config: {} },
      { what: "cannot be asked for", isUsed: true, output: "no such file: cat", Config: {} },
    ])("is content with two seconds for a port that $what", async ({ isUsed, output }) => {
      engine.run = () => ({ exitCode: 126, output });
      engine.inspect = () => state({});
      const before = Date.now();
      await waitForPort(isUsed);
      expect(Date.now() - before).toBeGreaterThanOrEqual(2000);
    });

    it("waits for a port that the image says that it has", async () => {
      answer(() => "");
      engine.inspect = () => state({}, { Config: { ExposedPorts: { "8080/tcp": {} } } });
      await expect(waitForPort(false, 2.5)).rejects.toThrow("nothing answers on its port 8080");
    });

    it("connects to it on the engine's own machine", async () => {
      jest.restoreAllMocks(); // As above.
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port: number } = server.address() as AddressInfo;
      const bridge = "0a1b2c3d4e5f";
      jest.spyOn(os, "networkInterfaces").mockReturnValue({ [`br-${bridge}`]: [] });
      engine.run = () => {
        throw new Error("asked inside");
      };
      const net = { ...onNetwork.Networks.net, IPAddress: "127.0.0.1", NetworkID: `${bridge}6789` };
      engine.inspect = () => state({}, { NetworkSettings: { Networks: { net } } });
      const inputs = { ...inputsFor({ shop: "a" }, 2.5), port: { number, isUsed: true } };
      const before = Date.now();
      await provider.create(inputs);
      expect(Date.now() - before).toBeLessThan(1000);
      await new Promise((resolve) => server.close(resolve));
      await expect(provider.create(inputs)).rejects.toThrow("did not become ready in time");
      jest.restoreAllMocks();
    });
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

  it("reports a crash loop when its time is over, with how it ended", async () => {
    engine.log = "no such file\ngiving up\n";
    engine.inspect = () =>
      state({ Running: false, Restarting: true, ExitCode: 3 }, { RestartCount: 3 });
    await expect(waitFor({ shop: "a" }, 0.5)).rejects.toThrow(
      "shop does not stay up: it ended with exit code 3 and was restarted 3 times. " +
        "Its last log lines:\n    no such file\n    giving up",
    );
  });

  it.each([126, 127])("reports a command that can never run at once (%d)", async (ExitCode) => {
    engine.inspect = () =>
      state({ Running: false, Restarting: true, ExitCode }, { RestartCount: 1 });
    await expect(waitFor({ shop: "a" }, 600)).rejects.toThrow(
      new RegExp(`exit code ${ExitCode} and was restarted once.*\nIts command `),
    );
  });

  it("lets a container be too early for another one as often as its time allows", async () => {
    engine.inspect = (_id, asked) =>
      asked < 4
        ? state({ Running: false, Restarting: true, ExitCode: 1 }, { RestartCount: 8 })
        : state(health("healthy"), { RestartCount: 8 });
    await expect(waitFor({ shop: "a" })).resolves.toMatchObject({ id: "ready" });
  });

  it("takes a container that runs steadily, however often it crashed before", async () => {
    engine.inspect = () => state({}, { RestartCount: 7 });
    await expect(waitFor({ shop: "a" })).resolves.toMatchObject({ id: "ready" });
  });

  it("names no exit code of a container that runs", async () => {
    engine.inspect = () => state(health("starting"), { RestartCount: 7 });
    await expect(waitFor({ shop: "a" }, 0.3)).rejects.toThrow(/^shop did not become ready in time/);
  });

  it("ends with the setting to try", async () => {
    engine.log = "mkdir: cannot create directory '/var/lib/app': Read-only file system\n";
    const HostConfig = { ...limits, ReadonlyRootfs: true };
    engine.inspect = () => state(health("unhealthy"), { HostConfig });
    await expect(waitFor({ shop: "a" })).rejects.toThrow(
      'set `writablePaths: ["/tmp", "/var/lib/app"]`',
    );
  });

  it("reports a container that disappears, and one that never becomes ready, together", async () => {
    engine.inspect = (id) => (id === "a" ? undefined : state(health("starting")));
    await expect(waitFor({ one: "a", two: "b" }, 0.3)).rejects.toThrow(
      "one is gone: its container was removed while it started\n\n" +
        "two did not become ready in time (startTimeoutSeconds). It wrote no log.",
    );
  });

  it("says of a health check that never ran who should have run it", async () => {
    engine.inspect = () => state({ Health: { Status: "starting", Log: null } });
    await expect(waitFor({ shop: "a" }, 0.3)).rejects.toThrow(
      "shop did not become ready in time (startTimeoutSeconds). No health check has run; Podman leaves that to systemd",
    );
  });

  it("tells the containers that run on, and no new one, when files are to be read again", async () => {
    engine.inspect = () => state(health("healthy"));
    const olds = { ...inputsFor({ one: "a", two: "b" }), signals: { SIGHUP: "1" }, drift: {} };
    const news = { ...inputsFor({ one: "a", two: "c" }), signals: { SIGHUP: "2" } };
    await provider.update("ready", olds, news);
    expect(engine.changes).toStrictEqual(["POST /containers/a/kill"]);
  });

  it("says which replaced container was killed at the end of its grace", async () => {
    const told = jest.spyOn(console, "error").mockImplementation();
    engine.inspect = () => state(health("healthy"));
    const kill = (ID: string, signal: string, timeNano: number) =>
      JSON.stringify({ Action: "kill", Actor: { ID, Attributes: { signal } }, timeNano });
    engine.answers["GET /events"] = () => ({
      status: 200,
      stream: Buffer.from(
        [kill("a", "15", 0), kill("c", "15", 0), kill("a", "9", 10.1e9)].join("\n"),
      ),
    });
    const olds = { ...inputsFor({ one: "a", two: "c", three: "e" }), drift: {} };
    await provider.update("ready", olds, inputsFor({ one: "b", two: "d", three: "e" }));
    expect(told.mock.calls.flat()).toStrictEqual([
      expect.stringMatching(
        /^one did not end within its 10 s of grace and was killed.*`stopGraceSeconds`/,
      ),
    ]);
    told.mockRestore();
  });

  it("waits again when a container or a limit is another one, not when the time-out is", async () => {
    const olds = { ...inputsFor({ shop: "a" }), drift: {} };
    const changes = async (news: Partial<RunningContainersInputs>) =>
      (await provider.diff("ready", olds, { ...inputsFor({ shop: "a" }), ...news })).changes;
    expect(await changes({ containers: { shop: "b" } })).toBe(true);
    expect(await changes({ memoryMb: 65 })).toBe(true);
    expect(await changes({ timeoutSeconds: 20 })).toBe(false);
    expect(await changes({ port: { number: 80, isUsed: true } })).toBe(false);
    expect(await changes({})).toBe(false);
  });
});

describe("readiness, outside Pulumi", () => {
  const paused = { Status: "paused", Paused: true };
  const stopped = { Status: "exited", Running: false, ExitCode: 137 };

  it.each([
    { what: "paused", given: paused, words: "is paused", call: "POST /containers/a/unpause" },
    {
      what: "stopped",
      given: stopped,
      words: "is stopped (exit code 137)",
      call: "POST /containers/a/start",
    },
  ])("sees a container that was $what, and lets it run on", async ({ given, words, call }) => {
    engine.inspect = (_id, asked) => state(asked < 2 ? given : health("healthy"));
    const inputs = inputsFor({ shop: "a" });
    const { props } = await provider.read("ready", { ...inputs, drift: {} });
    expect(props.drift).toStrictEqual({ shop: words });
    expect((await provider.diff("ready", props, inputs)).changes).toBe(true);

    const { outs } = await provider.update("ready", props, inputs);
    expect(engine.changes).toStrictEqual([call]);
    expect(outs.drift).toStrictEqual({});
  });

  it("waits for a container that runs again by itself when it is to be started", async () => {
    engine.startStatus = 304;
    engine.inspect = (_id, asked) => state(asked < 1 ? stopped : health("healthy"));
    await expect(waitFor({ shop: "a" })).resolves.toMatchObject({ id: "ready" });
    expect(engine.changes).toStrictEqual(["POST /containers/a/start"]);
  });

  it("leaves limits alone on a rootless engine that limits nothing and refuses to change them", async () => {
    engine.info = { CgroupDriver: "none" };
    engine.inspect = () => state(health("healthy"), { HostConfig: { Memory: 1 } });
    await expect(waitFor({ shop: "a" })).resolves.toMatchObject({ id: "ready" });
    expect(engine.updates).toStrictEqual({});
  });

  it("keeps the restart policy, which Podman drops from an update that does not name it", async () => {
    const HostConfig = { Memory: 1, RestartPolicy: { Name: "always" } };
    engine.inspect = () => state(health("healthy"), { HostConfig });
    await waitFor({ shop: "a" });
    expect(engine.updates["a"]).toMatchObject({ RestartPolicy: { Name: "always" } });
  });

  it("sees a container that was taken off its network, and connects it under its alias", async () => {
    engine.inspect = () => state(health("healthy"), { NetworkSettings: { Networks: {} } });
    const inputs = inputsFor({ shop: "a" });
    const { props } = await provider.read("ready", { ...inputs, drift: {} });
    expect(props.drift).toStrictEqual({ shop: "is not on the network net" });
    await provider.update("ready", props, inputs);
    expect(engine.connections).toStrictEqual([
      {
        call: "POST /networks/net/connect",
        body: { Container: "a", EndpointConfig: { Aliases: ["shop"] } },
      },
    ]);
  });

  it("reconnects a container that is on its network without its alias", async () => {
    const NetworkSettings = { Networks: { net: { Aliases: ["0a1b2c"] } } };
    engine.inspect = () => state(health("healthy"), { NetworkSettings });
    const inputs = inputsFor({ shop: "a" });
    const { props } = await provider.read("ready", { ...inputs, drift: {} });
    expect(props.drift).toStrictEqual({ shop: "does not answer to shop on the network net" });
    await provider.update("ready", props, inputs);
    expect(engine.connections.map(({ call }) => call)).toStrictEqual([
      "POST /networks/net/disconnect",
      "POST /networks/net/connect",
    ]);
  });

  it("sees every limit that was changed", async () => {
    const HostConfig = { Memory: 0, MemorySwap: -1, NanoCpus: 0, PidsLimit: null };
    engine.inspect = () => state(health("healthy"), { HostConfig });
    const olds = { ...inputsFor({ shop: "a" }), drift: {} };
    expect((await provider.read("ready", olds)).props.drift).toStrictEqual({
      shop:
        "has other limits: memory unlimited instead of 64 MiB, cpus unlimited instead of 0.5, " +
        "processes unlimited instead of 99",
    });
  });

  it("does not miss a limit that the kernel does not know", async () => {
    engine.inspect = () =>
      state(health("healthy"), { HostConfig: { ...limits, MemorySwap: -1, PidsLimit: null } });
    engine.info = { SwapLimit: false, PidsLimit: false };
    const olds = { ...inputsFor({ shop: "a" }), drift: {} };
    expect((await provider.read("ready", olds)).props.drift).toStrictEqual({});
  });

  const unlimited = { HostConfig: { ...limits, PidsLimit: null } };
  const stoppedMessage = "cannot update a stopped container";

  it("limits a container that ended in between when it runs again", async () => {
    engine.refuseUpdate = (asked) => (asked === 0 ? stoppedMessage : undefined);
    engine.inspect = (_id, asked) => {
      const run = asked === 1 ? { Running: false, Restarting: true } : { StartedAt: "2" };
      return state(asked === 0 ? {} : { ...run, ...health("healthy") }, unlimited);
    };
    await waitFor({ shop: "a" });
    expect(engine.updates).toStrictEqual({ a: limits });
  });

  it("reports that a container crashes, not that it could not be limited meanwhile", async () => {
    engine.refuseUpdate = () => stoppedMessage;
    engine.inspect = (_id, asked) =>
      state(asked === 0 ? {} : { Running: false, Restarting: true, ExitCode: 3 }, {
        ...unlimited,
        RestartCount: 3,
      });
    await expect(waitFor({ shop: "a" })).rejects.toThrow("shop does not stay up");
  });

  it("reports a running container that the engine does not limit", async () => {
    engine.refuseUpdate = () => "not supported";
    engine.inspect = () => state(health("healthy"), unlimited);
    await expect(waitFor({ shop: "a" })).rejects.toThrow(
      /^shop has other limits: processes unlimited instead of 99, and the engine refuses to change that: .*not supported/,
    );
  });

  it("leaves a container that is gone to its own resource", async () => {
    engine.inspect = () => undefined;
    const olds = { ...inputsFor({ shop: "a" }), drift: {} };
    expect((await provider.read("ready", olds)).props).toStrictEqual(olds);
  });
});
