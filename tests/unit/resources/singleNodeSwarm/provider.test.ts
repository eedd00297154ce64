import type { SingleNodeSwarmInputs } from "../../../../resources/singleNodeSwarm/inputs";
import {
  provider,
  type SingleNodeSwarmOutputs,
} from "../../../../resources/singleNodeSwarm/provider";
import { FakeDocker } from "../../support/fakeDocker";

let engine: FakeDocker;
let inputs: SingleNodeSwarmInputs;
let ours: SingleNodeSwarmOutputs;
let swarmLabels: Record<string, string>;

const active = (changes: object = {}) => ({
  Swarm: { LocalNodeState: "active", Nodes: 1, Cluster: { ID: "swarm-1" }, ...changes },
});

beforeEach(async () => {
  engine = await new FakeDocker().start();
  inputs = { dockerHost: { uri: engine.uri }, labels: { stack: "test" } };
  ours = { ...inputs, swarmId: "swarm-1", isOurs: true, hadBridge: false };
  engine.answers["GET /swarm"] = () => ({ status: 200, body: { Spec: { Labels: swarmLabels } } });
  swarmLabels = {};
  engine.answers["GET /services"] = () => ({ status: 200, body: [] });
  engine.answers["GET /networks"] = () => ({
    status: 200,
    body: [{ Name: "ingress", Ingress: true }],
  });
  engine.answers["POST /swarm/leave"] = () => ({ status: 200 });
  engine.answers["DELETE /networks/docker_gwbridge"] = () => ({ status: 204 });
});

afterEach(() => engine.stop());

describe("a Swarm of one node", () => {
  it("is made where there is none, and listens on loopback only", async () => {
    engine.info = { Swarm: { LocalNodeState: "inactive" } };
    let asked: unknown;
    engine.answers["POST /swarm/init"] = (body) => {
      asked = body;
      engine.info = active();
      return { status: 200, body: "node" };
    };
    expect(await provider.create(inputs)).toStrictEqual({
      id: "swarm-1",
      outs: ours,
    });
    expect(asked).toStrictEqual({
      ListenAddr: "127.0.0.1:2377",
      AdvertiseAddr: "127.0.0.1",
      Spec: { Labels: { stack: "test", "glasshouse.bridge": "new" } },
    });
  });

  it("is used where there is one already, and then never left", async () => {
    engine.info = active();
    const { outs } = await provider.create(inputs);
    expect(outs).toMatchObject({ isOurs: false });
    await provider.delete("swarm-1", outs);
    expect(engine.changes).toStrictEqual([]);
  });

  it("is known again where a killed update has made it, or its state was lost", async () => {
    engine.info = active();
    swarmLabels = { stack: "test", "glasshouse.bridge": "new" };
    expect((await provider.create(inputs)).outs).toStrictEqual(ours);
    swarmLabels = { stack: "test", "glasshouse.bridge": "kept" };
    expect((await provider.create(inputs)).outs).toMatchObject({ isOurs: true, hadBridge: true });
    swarmLabels = { stack: "other" };
    expect((await provider.create(inputs)).outs).toMatchObject({ isOurs: false });
  });

  it("is left with the stack that made it, with the bridge that it came with", async () => {
    engine.info = active();
    await provider.delete("swarm-1", ours);
    expect(engine.changes).toStrictEqual(["POST /swarm/leave", "DELETE /networks/docker_gwbridge"]);
    engine.changes.length = 0;
    await provider.delete("swarm-1", { ...ours, hadBridge: true });
    expect(engine.changes).toStrictEqual(["POST /swarm/leave"]);
  });

  it.each([
    ["another node has joined", { Nodes: 2 }, []],
    ["somebody else runs a service", {}, [{ Spec: { Name: "others" } }]],
    ["it is another Swarm by now", { Cluster: { ID: "swarm-2" } }, []],
  ])("is kept when %s", async (_, changes, services) => {
    jest.spyOn(console, "error").mockReturnValue();
    engine.info = active(changes);
    engine.answers["GET /services"] = () => ({ status: 200, body: services });
    await provider.delete("swarm-1", ours);
    expect(engine.changes).toStrictEqual([]);
  });

  it("is gone when the host has left it, or is in another one", async () => {
    engine.info = active();
    expect((await provider.read("swarm-1", ours)).id).toBe("swarm-1");
    engine.info = active({ Cluster: { ID: "swarm-2" } });
    expect((await provider.read("swarm-1", ours)).id).toBe("");
    engine.info = { Swarm: { LocalNodeState: "inactive" } };
    expect((await provider.read("swarm-1", ours)).id).toBe("");
  });
});
