import type { BridgeNetworkInputs } from "../../../../resources/bridgeNetwork/inputs";
import { provider } from "../../../../resources/bridgeNetwork/provider";
import { FakeDocker } from "../../support/fakeDocker";

let engine: FakeDocker;
let inputs: BridgeNetworkInputs;

beforeEach(async () => {
  engine = await new FakeDocker().start();
  inputs = { dockerHost: { uri: engine.uri }, name: "net", labels: { stack: "test" } };
});

afterEach(() => engine.stop());

describe("bridge", () => {
  it("is made with its labels, and with the subnet that was asked for", async () => {
    const asked: unknown[] = [];
    engine.answers["POST /networks/create"] = (body) => {
      asked.push(body);
      return { status: 201, body: { Id: "abc" } };
    };
    expect(await provider.create(inputs)).toStrictEqual({ id: "abc", outs: inputs });
    await provider.create({ ...inputs, subnet: "10.7.0.0/24" });
    const plain = { Name: "net", Driver: "bridge", Labels: { stack: "test" } };
    expect(asked).toStrictEqual([
      { ...plain, CheckDuplicate: true },
      { ...plain, CheckDuplicate: true, IPAM: { Config: [{ Subnet: "10.7.0.0/24" }] } },
    ]);
  });

  it("says which network could not be made, and why", async () => {
    const message = "Pool overlaps with other one on this address space";
    engine.answers["POST /networks/create"] = () => ({ status: 403, body: { message } });
    await expect(provider.create(inputs)).rejects.toThrow(
      /^The network net cannot be made: .*Pool overlaps/,
    );
  });

  it("is gone when the engine says so, and not when the engine fails", async () => {
    engine.networks["abc"] = { Id: "abc" };
    expect(await provider.read("abc", inputs)).toStrictEqual({ id: "abc", props: inputs });
    expect(await provider.read("gone", inputs)).toStrictEqual({ id: "", props: inputs });
    engine.answers["GET /networks/abc"] = () => ({ status: 500, body: { message: "out of disk" } });
    await expect(provider.read("abc", inputs)).rejects.toThrow("out of disk");
  });

  it("is recreated for another name, subnet or label, and not for another way to the engine", async () => {
    const diff = async (news: BridgeNetworkInputs) => provider.diff("abc", inputs, news);
    expect(await diff({ ...inputs })).toStrictEqual({ changes: false, replaces: [] });
    expect(await diff({ ...inputs, name: "other" })).toMatchObject({ replaces: ["name"] });
    expect(await diff({ ...inputs, subnet: "10.7.0.0/24" })).toMatchObject({
      changes: true,
      replaces: ["subnet"],
    });
    expect(await diff({ ...inputs, labels: {} })).toMatchObject({ replaces: ["labels"] });
    expect(await diff({ ...inputs, dockerHost: { uri: "ssh://root@other" } })).toStrictEqual({
      changes: true,
      replaces: [],
    });
  });

  it("takes over the Docker provider's resource as it is", async () => {
    const olds = { name: "net", driver: "bridge", labels: [{ label: "stack", value: "test" }] };
    const old = olds as unknown as BridgeNetworkInputs;
    expect(await provider.diff("abc", old, inputs)).toStrictEqual({ changes: true, replaces: [] });
    expect(await provider.read("abc", old)).toStrictEqual({ id: "abc", props: old });
    expect(await provider.update("abc", old, inputs)).toStrictEqual({ outs: inputs });
    expect(engine.changes).toStrictEqual([]);
  });

  it.each([
    [{ c1: { Name: "curl" } }, "`docker network disconnect net curl` frees it."],
    [{ "ep-1": { Name: "shop-1" } }, "No container is on it. .*a restart of the engine frees it"],
    [{}, "No container is on it. .*live-restore"],
  ])("says who keeps it from being removed: %j", async (Containers, remedy) => {
    const message = "error while removing network: network net has active endpoints";
    engine.answers["DELETE /networks/abc"] = () => ({ status: 500, body: { message } });
    engine.answers["GET /containers/json"] = () => ({
      status: 200,
      body: [{ Id: "c1", Names: ["/curl"], Labels: {} }],
    });
    engine.networks["abc"] = { Id: "abc", Name: "net", Containers };
    await expect(provider.delete("abc", inputs)).rejects.toThrow(new RegExp(remedy));
  });

  it("waits at removal until the last container has left", async () => {
    let asked = 0;
    const message = "error while removing network: network net has active endpoints";
    engine.answers["DELETE /networks/abc"] = () =>
      ++asked < 3 ? { status: 403, body: { message } } : { status: 204 };
    await provider.delete("abc", inputs);
    expect(asked).toBe(3);
    engine.answers["DELETE /networks/abc"] = () => ({ status: 404, body: {} });
    await provider.delete("abc", inputs);
    engine.answers["DELETE /networks/abc"] = () => ({ status: 500, body: { message: "broken" } });
    await expect(provider.delete("abc", inputs)).rejects.toThrow(
      /^The network net cannot be removed: .*broken.*docker network inspect net/,
    );
  });
});
