import type { VolumeInputs } from "../../../../resources/volume/inputs";
import { provider } from "../../../../resources/volume/provider";
import { FakeDocker } from "../../support/fakeDocker";

let engine: FakeDocker;
let inputs: VolumeInputs;

beforeEach(async () => {
  engine = await new FakeDocker().start();
  inputs = { dockerHost: { uri: engine.uri }, name: "data" };
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

  it("is recreated for another name only, so that its data stay on another way to the engine", async () => {
    const diff = async (olds: VolumeInputs) => provider.diff("data", olds, inputs);
    expect(await diff({ ...inputs })).toStrictEqual({ changes: false, replaces: [] });
    expect(await diff({ ...inputs, name: "other" })).toStrictEqual({
      changes: true,
      replaces: ["name"],
    });
    expect(await diff({ ...inputs, dockerHost: { uri: "ssh://root@other" } })).toStrictEqual({
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

  it("stays with its data when its resource goes, and says how to remove it", async () => {
    const said = jest.spyOn(console, "error").mockReturnValue();
    await provider.delete("data", { ...inputs, holdsData: true });
    expect(engine.changes).toStrictEqual([]);
    expect(said).toHaveBeenCalledWith(expect.stringContaining("docker volume rm data"));
    said.mockRestore();
  });

  it("stays without a word in `npm run down`, which has its own", async () => {
    const said = jest.spyOn(console, "error").mockReturnValue();
    process.env["GLASSHOUSE_DOWN"] = "true";
    try {
      await provider.delete("data", { ...inputs, holdsData: true });
    } finally {
      delete process.env["GLASSHOUSE_DOWN"];
    }
    expect(engine.changes).toStrictEqual([]);
    expect(said).not.toHaveBeenCalled();
    said.mockRestore();
  });

  it("is not changed by what counts at the first time only", async () => {
    const content = { image: "sha256:1", path: "/data", user: "999:999", toolImage: "sha256:2" };
    const olds = { ...inputs, content };
    const diff = (news: VolumeInputs) => provider.diff("data", olds, news);
    const changed = { ...content, image: "sha256:3", copyFrom: "other" };
    const labels = { "glasshouse.data": "true" };
    expect((await diff({ ...inputs, labels, content: changed })).changes).toBe(false);
    expect((await diff({ ...inputs, content: { ...content, user: "0" } })).changes).toBe(true);
    expect((await diff({ ...olds, holdsData: true })).changes).toBe(true);
  });

  describe("of an app", () => {
    const content = { image: "sha256:1", path: "/data", user: "999:999", toolImage: "sha256:2" };

    beforeEach(() => {
      engine.answers["POST /volumes/create"] = (body) => ({ status: 201, body });
      engine.answers["GET /volumes/data"] = () => ({ status: 404, body: {} });
    });

    it("is filled from the image and given to the app's user while it is new", async () => {
      const commands: string[][] = [];
      engine.run = (command) => {
        commands.push(command);
        return { exitCode: 0, output: "" };
      };
      await provider.create({ ...inputs, content });
      expect(commands).toHaveLength(1);
      expect(commands[0]?.slice(-1)).toStrictEqual(["999:999"]);
      expect(commands[0]?.join(" ")).toContain("chown -R");
      expect(engine.containers.size).toBe(0);
    });

    it("is gone again when its copy is not what it was made of", async () => {
      engine.run = () => ({ exitCode: 1, output: "differ: byte 1" });
      engine.answers["DELETE /volumes/data"] = () => ({ status: 204 });
      const copied = { ...inputs, content: { ...content, copyFrom: "old" } };
      await expect(provider.create(copied)).rejects.toThrow(
        /^The data in the volume old could not be copied into the new volume data: differ: byte 1/,
      );
      expect(engine.changes.at(-1)).toBe("DELETE /volumes/data");
    });

    it.each([
      ["another user's data", "70 70 700", false],
      ["data of the app's group, which may write", "70 999 770", true],
      ["data of its own", "999 70 700", true],
      ["nothing", "", true],
    ])("is taken over with %s, or refused", async (_what, output, isTaken) => {
      engine.answers["GET /volumes/data"] = () => ({ status: 200, body: {} });
      engine.run = () => ({ exitCode: 0, output });
      const taking = provider.create({ ...inputs, content });
      if (isTaken) await taking;
      else
        await expect(taking).rejects.toThrow(/data of the user 70:70, and its app runs as 999:999/);
    });
  });

  it("waits at removal until nobody uses it, and says who can tell when someone goes on", async () => {
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
