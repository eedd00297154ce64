import type { OverlayNetworkInputs } from "../../../../resources/overlayNetwork/inputs";
import { provider } from "../../../../resources/overlayNetwork/provider";
import { FakeDocker } from "../../support/fakeDocker";

let engine: FakeDocker;
let inputs: OverlayNetworkInputs;
let networks: object[];

beforeEach(async () => {
  engine = await new FakeDocker().start();
  inputs = { dockerHost: { uri: engine.uri }, name: "net", labels: { stack: "test" } };
  engine.answers["GET /networks"] = () => ({ status: 200, body: networks });
  networks = [];
});

afterEach(() => engine.stop());

describe("an overlay network", () => {
  it("lets plain containers join it", async () => {
    let asked: unknown;
    engine.answers["POST /networks/create"] = (body) => {
      asked = body;
      return { status: 201, body: { Id: "abc" } };
    };
    expect(await provider.create({ ...inputs, subnet: "10.7.0.0/24" })).toMatchObject({
      id: "abc",
    });
    expect(asked).toStrictEqual({
      Name: "net",
      Driver: "overlay",
      Attachable: true,
      Labels: { stack: "test" },
      CheckDuplicate: true,
      IPAM: { Config: [{ Subnet: "10.7.0.0/24" }] },
    });
  });

  it("is taken over, with the services on it, where the state does not know it", async () => {
    const own = {
      Id: "own",
      Name: "net",
      Internal: false,
      Labels: inputs.labels,
      IPAM: { Config: [{ Subnet: "10.7.0.0/24" }] },
    };
    engine.answers["POST /networks/create"] = () => ({ status: 201, body: { Id: "new" } });
    networks = [{ ...own, Id: "other", Labels: {} }, own];
    expect(await provider.create(inputs)).toMatchObject({ id: "own" });
    expect(await provider.create({ ...inputs, subnet: "10.7.0.0/24" })).toMatchObject({
      id: "own",
    });
    expect(await provider.create({ ...inputs, subnet: "10.8.0.0/24" })).toMatchObject({
      id: "new",
    });
  });

  it("is removed as soon as the Swarm has forgotten the tasks on it", async () => {
    let asked = 0;
    engine.answers["DELETE /networks/abc"] = () => {
      asked += 1;
      return asked < 3
        ? { status: 400, body: { message: "network abc is in use by task xyz" } }
        : { status: 204 };
    };
    await provider.delete("abc", inputs);
    expect(asked).toBe(3);
  });
});
