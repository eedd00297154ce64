import type { VolumeFilesInputs } from "../../../../resources/volumeFiles/inputs";
import { provider } from "../../../../resources/volumeFiles/provider";
import { FakeDocker } from "../../support/fakeDocker";

let engine: FakeDocker;
let inputs: VolumeFilesInputs;

beforeEach(async () => {
  engine = await new FakeDocker().start();
  inputs = {
    dockerHost: { uri: engine.uri },
    volume: "config",
    image: "sha256:tool",
    files: { "prometheus.yml": "a: 1\n", "rules/app.yml": "b: 2\n" },
    uid: 0,
    gid: 0,
    mode: 0o444,
  };
});

afterEach(async () => {
  // Whatever happened, no helper container is left behind.
  expect([...engine.containers.keys()]).toStrictEqual([]);
  await engine.stop();
});

describe("volumeFiles", () => {
  it("writes files into the volume, and reads them back without what others put there", async () => {
    const { id, outs } = await provider.create(inputs);
    expect(engine.volumes.get("config")).toStrictEqual(inputs.files);
    engine.volumes.get("config")!["other.txt"] = "someone else's";
    const read = await provider.read(id, outs);
    expect(read).toStrictEqual({ id: "config", props: outs });
  });

  it("hides no file of the image that it is mounted over, unless it brings one of that name", async () => {
    engine.readers = [{ Id: "container1", volume: "image", folder: "/etc/shop" }];
    engine.volumes.set("image", { "prometheus.yml": "", "mime.types": "" });
    const mountedOver = { image: "sha256:shop", folder: "/etc/shop" };
    await expect(provider.create({ ...inputs, mountedOver })).rejects.toThrow(
      /^The image has files of its own in \/etc\/shop, which would be hidden: mime.types\. /,
    );
    expect(engine.volumes.has("config")).toBe(false);
  });

  it("shows a file that was edited or removed outside Pulumi", async () => {
    const { id, outs } = await provider.create(inputs);
    engine.volumes.set("config", { "prometheus.yml": "edited\n" });
    const { props } = await provider.read(id, outs);
    expect(props.files).toStrictEqual({ "prometheus.yml": "edited\n" });
    expect((await provider.diff(id, props, inputs)).changes).toBe(true);
  });

  it("shows files that were given to someone else", async () => {
    const { id, outs } = await provider.create(inputs);
    engine.owner = { uid: 0, gid: 0, mode: 0o600 };
    const { props } = await provider.read(id, outs);
    expect(props.mode).toBe(0o600);
    expect((await provider.diff(id, props, inputs)).changes).toBe(true);
  });

  it("makes its readers read again what a killed update has written and not noted down", async () => {
    const { id, outs } = await provider.create(inputs);
    const files = { ...inputs.files, "prometheus.yml": "a: 2\n" };
    engine.volumes.set("config", { ...files });
    const { props } = await provider.read(id, outs);
    expect((await provider.diff(id, props, { ...inputs, files })).changes).toBe(false);
    expect(props.revision).not.toBe(outs.revision);
  });

  it("reads through a container that has the volume, and makes none then", async () => {
    const { id, outs } = await provider.create(inputs);
    engine.changes.length = 0;
    engine.readers = [{ Id: "reader", volume: "config", folder: "/etc/prometheus" }];
    expect(await provider.read(id, outs)).toStrictEqual({ id: "config", props: outs });
    expect(engine.changes).toStrictEqual([]);
  });

  it("reads on Podman through a container of its own, and takes the owner that was asked for", async () => {
    const { id, outs } = await provider.create(inputs);
    engine.version = { Components: [{ Name: "Podman Engine" }] };
    engine.readers = [{ Id: "reader", volume: "config", folder: "/etc/prometheus" }];
    engine.owner = { ...engine.owner, uid: 65534, gid: 65534 };
    engine.changes.length = 0;
    expect(await provider.read(id, outs)).toStrictEqual({ id: "config", props: outs });
    expect(engine.changes).toContain("POST /containers/create");
    expect(engine.containers.size).toBe(0);
  });

  it("leaves no file of the old or the new ones half written, also when it cannot write", async () => {
    const { id, outs } = await provider.create(inputs);
    engine.run = () => ({ exitCode: 1, output: "mv: No space left on device\n" });
    const news = { ...inputs, files: { ...inputs.files, "prometheus.yml": "a: 2\n" } };
    await expect(provider.update(id, outs, news)).rejects.toThrow(
      "The files could not be put into the volume config: mv: No space left on device",
    );
    expect(engine.volumes.get("config")).toMatchObject(inputs.files);
  });

  it("checks new files before they reach the volume, and writes nothing when the check fails", async () => {
    engine.volumes.set("config", { "prometheus.yml": "old\n" });
    const commands: unknown[] = [];
    engine.run = (command, container) => {
      commands.push([command, Object.keys(container!.files), container!.options.HostConfig.Mounts]);
      return { exitCode: 1, output: "line 1: no such key\n" };
    };
    const check = ["promtool", "check", "config", "prometheus.yml"];
    await expect(provider.create({ ...inputs, check })).rejects.toThrow(
      "`promtool check config prometheus.yml` refuses the new files; " +
        "what was there before stays in use.\nline 1: no such key",
    );
    expect(engine.volumes.get("config")).toStrictEqual({ "prometheus.yml": "old\n" });
    const folder = "tmp/glasshouse-check";
    const paths = [`${folder}/prometheus.yml`, `${folder}/rules/app.yml`];
    expect(commands).toStrictEqual([[check, paths, undefined]]);
  });

  it("removes the files that are no longer wanted, and only those", async () => {
    const { id, outs } = await provider.create(inputs);
    const commands: string[][] = [];
    engine.run = (command) => {
      commands.push(command);
      return { exitCode: 0, output: "" };
    };
    const news = { ...inputs, files: { "prometheus.yml": "a: 2\n" } };
    const updated = await provider.update(id, outs, news);
    expect(commands.map((command) => command.slice(-3))).toStrictEqual([
      ["1", "prometheus.yml", "rules/app.yml"],
    ]);
    expect(engine.volumes.get("config")).toStrictEqual({ "prometheus.yml": "a: 2\n" });
    expect(updated.outs.revision).not.toBe(outs.revision);
  });

  it("takes a volume that is gone for gone, without making an empty one", async () => {
    const { id, outs } = await provider.create(inputs);
    engine.volumes.clear();
    engine.volumes.set("config-2", {});
    expect((await provider.read(id, outs)).id).toBe("");
    expect([...engine.volumes.keys()]).toStrictEqual(["config-2"]);
  });

  it("moves to another volume by replacement, and ignores another tool image", async () => {
    const olds = { ...inputs, revision: "1" };
    const diff = (news: Partial<VolumeFilesInputs>) =>
      provider.diff("config", olds, { ...inputs, ...news });
    expect(await diff({})).toStrictEqual({ changes: false, replaces: [] });
    expect(await diff({ image: "sha256:newer" })).toStrictEqual({ changes: false, replaces: [] });
    expect(await diff({ mode: 0o400 })).toStrictEqual({ changes: true, replaces: [] });
    expect(await diff({ volume: "x" })).toStrictEqual({ changes: true, replaces: ["volume"] });
  });
});
