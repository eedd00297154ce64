import type { VolumeInputs } from "../../../../resources/volume/inputs";
import { provider } from "../../../../resources/volume/provider";
import { FakeDocker } from "../../support/fakeDocker";

let engine: FakeDocker;
let inputs: VolumeInputs;

beforeEach(async () => {
  engine = await new FakeDocker().start();
  inputs = { dockerHost: engine.uri, name: "data" };
});

afterEach(() => engine.stop());

describe("volume", () => {
  it("is made under its name", async () => {
    engine.answers["POST /volumes/create"] = (body) => ({ status: 201, body });
    expect(await provider.create(inputs)).toStrictEqual({ id: "data", outs: inputs });
    expect(engine.changes).toStrictEqual(["POST /volumes/create"]);
  });

  it("is gone when the engine says so, and not when the engine fails", async () => {
    engine.answers["GET /volumes/data"] = () => ({ status: 200, body: { Name: "data" } });
    expect(await provider.read("data", inputs)).toStrictEqual({ id: "data", props: inputs });
    engine.answers["GET /volumes/data"] = () => ({ status: 404, body: {} });
    expect(await provider.read("data", inputs)).toStrictEqual({ id: "", props: inputs });
    engine.answers["GET /volumes/data"] = () => ({ status: 500, body: { message: "no disk" } });
    await expect(provider.read("data", inputs)).rejects.toThrow("no disk");
  });

  it("is made anew for another name only, so that its data stay on another way to the engine", async () => {
    const diff = async (olds: VolumeInputs) => provider.diff("data", olds, inputs);
    expect(await diff({ ...inputs })).toStrictEqual({ changes: false, replaces: [] });
    expect(await diff({ ...inputs, name: "other" })).toStrictEqual({
      changes: true,
      replaces: ["name"],
    });
    expect(await diff({ ...inputs, dockerHost: "ssh://root@other" })).toStrictEqual({
      changes: true,
      replaces: [],
    });
    const old = { name: "data", driver: "local", mountpoint: "/data" } as unknown as VolumeInputs;
    expect(await diff(old)).toStrictEqual({ changes: true, replaces: [] });
    expect(await provider.read("data", old)).toStrictEqual({ id: "data", props: old });
    expect(await provider.update("data", old, inputs)).toStrictEqual({ outs: inputs });
  });

  it("takes what a killed run left behind along", async () => {
    engine.answers["GET /containers/json"] = () => ({
      status: 200,
      body: [
        { Id: "left", Names: ["/data-writer-0a1b2c3d"] },
        { Id: "other", Names: ["/data-2-writer-0a1b2c3d"] },
      ],
    });
    engine.answers["DELETE /volumes/data"] = () => ({ status: 204 });
    await provider.delete("data", inputs);
    expect(engine.changes).toStrictEqual(["DELETE /containers/left", "DELETE /volumes/data"]);
  });

  it("waits at removal until nobody uses it, and says who can tell when somebody goes on", async () => {
    let asked = 0;
    engine.answers["DELETE /volumes/data"] = () =>
      ++asked < 3 ? { status: 409, body: { message: "volume is in use" } } : { status: 204 };
    await provider.delete("data", inputs);
    expect(asked).toBe(3);
    engine.answers["DELETE /volumes/data"] = () => ({ status: 500, body: { message: "broken" } });
    await expect(provider.delete("data", inputs)).rejects.toThrow(
      /^The volume data cannot be removed: .*broken.*docker ps --all --filter volume=data/,
    );
  });
});
