import {
  drainedFromLabel,
  isLeftDrained,
  putBackNode,
  restartDrained,
  type SwarmMember,
} from "../../../../../host/docker/swarm/restartDrained";
import { FakeDocker } from "../../../support/fakeDocker";

jest.mock("node:timers/promises", () => ({
  setTimeout: async (milliseconds: number) => {
    mockSleep(milliseconds);
  },
}));

/** What waits for seconds, waits for none here. */
let slept: number;
let onSleep: () => void;
function mockSleep(milliseconds: number): void {
  slept += milliseconds;
  onSleep();
}

let manager: FakeDocker;
let node: FakeDocker;
let member: SwarmMember;
let spec: { Availability: string; Labels: Record<string, string>; Role: string };
let state: string;
let version: number;
let tasks: object[];
/** What was done, in order. */
let events: string[];
let told: string[];

const task = (nodeId: string, status: object, more: object = {}) => ({
  ServiceID: "shop",
  Slot: 1,
  NodeID: nodeId,
  DesiredState: "running",
  Status: { State: "running", ...status },
  ...more,
});
const inSwarm = (changes: object = {}) => ({
  Swarm: { LocalNodeState: "active", NodeID: "n2", ...changes },
});
const restart = async () => {
  events.push("restart");
  return "restarted";
};
const run = (work: () => Promise<string> = restart) =>
  restartDrained(member, work, (message) => told.push(message));

beforeEach(async () => {
  const now = Date.now();
  slept = 0;
  jest.spyOn(Date, "now").mockImplementation(() => now + slept);
  onSleep = () => undefined;
  manager = await new FakeDocker().start();
  node = await new FakeDocker().start();
  member = { node: { uri: node.uri }, manager: { uri: manager.uri } };
  node.info = inSwarm();
  spec = { Availability: "active", Labels: { zone: "a" }, Role: "worker" };
  state = "ready";
  version = 7;
  tasks = [];
  events = [];
  told = [];
  manager.answers["GET /nodes/n2"] = () => ({
    status: 200,
    body: {
      Version: { Index: version },
      Spec: spec,
      Status: { State: state },
      Description: { Hostname: "node-2" },
    },
  });
  manager.answers["GET /tasks"] = () => ({ status: 200, body: tasks });
  manager.answers["POST /nodes/n2/update"] = (body) => {
    spec = body as typeof spec;
    events.push(spec.Availability);
    return { status: 200 };
  };
});

afterEach(async () => {
  jest.restoreAllMocks();
  await manager.stop();
  await node.stop();
});

describe("the engine of a node is restarted", () => {
  it("while the node is drained, which is as it was afterwards", async () => {
    const during = run(async () => {
      expect(spec).toStrictEqual({
        Availability: "drain",
        Labels: { zone: "a", [drainedFromLabel]: "active" },
        Role: "worker",
      });
      return restart();
    });
    expect(await during).toBe("restarted");
    expect(events).toStrictEqual(["drain", "restart", "active"]);
    expect(spec).toStrictEqual({ Availability: "active", Labels: { zone: "a" }, Role: "worker" });
  });

  it("once the replicas that serve meanwhile run steadily", async () => {
    const moved = [task("n1", {}), task("n1", {})];
    const starting = [task("n1", { State: "starting" }), task("n2", {})];
    const running = [task("n1", {}), task("n2", {})];
    tasks = running;
    const update = manager.answers["POST /nodes/n2/update"]!;
    manager.answers["POST /nodes/n2/update"] = (body, headers) => {
      expect(slept).toBeGreaterThanOrEqual(events.length === 0 ? 7000 : 0);
      tasks = moved;
      return update(body, headers);
    };
    onSleep = () => {
      if (events.length === 0) tasks = slept > 1000 && slept < 5000 ? starting : running;
    };
    await run();
    expect(events).toStrictEqual(["drain", "restart", "active"]);
    expect(told).toStrictEqual([]);
  });

  it("once its replicas have stopped, and as many run elsewhere as before", async () => {
    const global = { ServiceID: "exporter", Slot: undefined };
    tasks = [task("n1", {}), task("n2", {}), task("n2", {}, global)];
    const stopped = { DesiredState: "shutdown" };
    const steps = [
      [task("n1", {}), task("n2", {}, stopped), task("n3", { State: "preparing" })],
      [
        task("n1", {}),
        task("n2", { State: "shutdown" }, stopped),
        task("n3", { State: "starting" }),
      ],
      [task("n1", {}), task("n2", { State: "shutdown" }, stopped), task("n3", {})],
    ];
    onSleep = () => {
      expect(events).not.toContain("restart");
      if (events.includes("drain")) tasks = steps.shift() ?? tasks;
    };
    await run();
    expect(steps).toStrictEqual([]);
    expect(events).toStrictEqual(["drain", "restart", "active"]);
    expect(told).toStrictEqual([]);
  });

  it("without waiting for a replica that no other node may have", async () => {
    tasks = [task("n2", {})];
    onSleep = () => {
      if (!events.includes("drain")) return;
      tasks = [
        task("n2", { State: "shutdown" }, { DesiredState: "shutdown" }),
        task("", { State: "pending", Err: "no suitable node" }),
      ];
    };
    await run();
    expect(events).toStrictEqual(["drain", "restart", "active"]);
    expect(told).toStrictEqual([]);
  });

  it("after two minutes in any case, which is said", async () => {
    tasks = [task("n2", {})];
    await run();
    expect(events).toStrictEqual(["drain", "restart", "active"]);
    expect(told).toStrictEqual([expect.stringContaining("After 120 s not all replicas")]);
  });

  it.each([
    ["drained", "drain", ["restart"]],
    ["paused", "pause", ["drain", "restart", "pause"]],
  ])("and a node that its owner has %s stays so", async (_, availability, expected) => {
    spec = { ...spec, Availability: availability };
    await run();
    expect(events).toStrictEqual(expected);
    expect(spec).toStrictEqual({ ...spec, Availability: availability, Labels: { zone: "a" } });
  });

  it.each<[string, () => void]>([
    ["an engine in no Swarm", () => (node.info = { Swarm: { LocalNodeState: "inactive" } })],
    [
      "a node of another Swarm",
      () => (manager.answers["GET /nodes/n2"] = () => ({ status: 404, body: { message: "none" } })),
    ],
  ])("without more for %s", async (_, change) => {
    change();
    await run();
    expect(events).toStrictEqual(["restart"]);
    expect(manager.changes).toStrictEqual([]);
  });

  it("and the node is put back when that fails", async () => {
    const failed = run(() => Promise.reject(new Error("dockerd does not start")));
    await expect(failed).rejects.toThrow("dockerd does not start");
    expect(events).toStrictEqual(["drain", "active"]);
  });

  it("and both are said when it fails and the node cannot be put back either", async () => {
    const failed = run(() => {
      manager.answers["POST /nodes/n2/update"] = () => ({ status: 500, body: { message: "no" } });
      return Promise.reject(new Error("dockerd does not start"));
    });
    await expect(failed).rejects.toThrow(
      /dockerd does not start[^]*docker node update --availability active node-2/,
    );
  });

  it("and the node is put back once it is ready", async () => {
    const restarted = run(async () => {
      state = "down";
      return restart();
    });
    onSleep = () => {
      if (slept > 3000) state = "ready";
      else expect(events).not.toContain("active");
    };
    await restarted;
    expect(events).toStrictEqual(["drain", "restart", "active"]);
  });

  it("and the node is put back even if it does not become ready, which is an error", async () => {
    const failed = run(async () => {
      node.info = inSwarm({ LocalNodeState: "locked" });
      return restart();
    });
    await expect(failed).rejects.toThrow(/is not ready after 60 s: its Swarm is locked/);
    expect(events).toStrictEqual(["drain", "restart", "active"]);
  });

  it("also where the managers need a moment, or someone else changes the node", async () => {
    const update = manager.answers["POST /nodes/n2/update"]!;
    let asked = 0;
    manager.answers["POST /nodes/n2/update"] = (body, headers) =>
      asked++ % 2 === 0
        ? { status: 500, body: { message: "update out of sequence" } }
        : update(body, headers);
    await run();
    expect(events).toStrictEqual(["drain", "restart", "active"]);
  });
});

describe("a run that was cut short", () => {
  beforeEach(() => {
    spec = { ...spec, Availability: "drain", Labels: { [drainedFromLabel]: "pause" } };
  });

  it("leaves a node drained, which the next one sees and puts back", async () => {
    expect(await isLeftDrained(member)).toBe(true);
    await putBackNode(member);
    expect(spec).toMatchObject({ Availability: "pause", Labels: {} });
    expect(await isLeftDrained(member)).toBe(false);
  });

  it("has no say any more once the owner has put the node back", async () => {
    spec = { ...spec, Availability: "active" };
    await putBackNode(member);
    expect(spec).toMatchObject({ Availability: "active", Labels: {} });
  });

  it("is made good after an engine that was down is started", async () => {
    node.info = { Swarm: { LocalNodeState: "inactive" } };
    await run(async () => {
      node.info = inSwarm();
      return restart();
    });
    expect(events).toStrictEqual(["restart", "pause"]);
  });
});
