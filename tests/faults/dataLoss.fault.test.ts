import {
  docker,
  inspectContainer,
  listContainers,
  readContainerIds,
} from "../support/dockerCommands";
import { quote, recordFault } from "../support/recordFault";
import { ShopStack, till } from "../support/shopStack";
import { readTestImages } from "../support/testNetwork";

const folder = "tests/support/apps/hoarder";

let running: ShopStack;
let image: string;

beforeAll(async () => {
  running = await ShopStack.deploy("data-loss");
  image = `glasshouse-e2e/hoarder:${process.pid}`;
  await docker("build", "--build-arg", `BASE_IMAGE=${readTestImages().base}`, "-t", image, folder);
});

afterAll(async () => {
  await running.stack.remove();
  await docker("image", "rm", image);
});

describe("an image that declares VOLUME, with nothing mounted there", () => {
  const hoarder = () => ({ name: "till", image, memoryMb: 64 });

  it("is refused in the preview where the engine holds it", async () => {
    running.write(running.shop, hoarder());
    const { exitCode, stdout, stderr } = await running.stack.tryPulumi(
      "preview",
      "--non-interactive",
    );
    expect(exitCode).not.toBe(0);
    const output = stdout + stderr;
    expect(output).toContain(`the app till: the image ${image} keeps data in /data`);
    expect(output).toContain("volumes: [{ name: data, path: /data/ }]");
    expect(output).toContain("volumes: [{ path: /data/, temporary: true }]");
    expect(output).not.toMatch(/^ +at .*\.[jt]s/m);
  });

  it("is refused before its container is created, and nothing else changes", async () => {
    const before = await readContainerIds(running.stack.prefix);
    const output = await running.failWith(running.shop, hoarder());
    expect(output).toContain(`the app till: the image ${image} keeps data in /data`);
    expect(await readContainerIds(running.stack.prefix)).toStrictEqual(before);
    await running.expectShopRunsOn();
    recordFault({
      fault: "an image that keeps data where nothing is mounted",
      sees: quote(output, /keeps data in/),
      kept: "everything; no container of it was created",
    });
  });

  it("is refused as soon as it is built, before its container is created", async () => {
    const output = await running.failWith(
      running.shop,
      till({ build: { context: folder, dockerfile: "Dockerfile", args: {} } }),
    );
    expect(output).toMatch(/the image sha256:\w+ keeps data in \/data/);
    expect(await listContainers(`${running.stack.prefix}-till`)).toStrictEqual([]);
    await running.expectShopRunsOn();
  });

  describe("while a container of it runs that has data", () => {
    const name = () => `${running.stack.prefix}-till-1`;

    beforeAll(async () => {
      // As a version without this check created it.
      const labels = ["glasshouse.project=glasshouse", `glasshouse.stack=${running.stack.name}`];
      const given = labels.flatMap((label) => ["--label", label]);
      await docker(
        "run",
        "--detach",
        "--name",
        name(),
        "--network",
        running.stack.prefix,
        ...given,
        image,
      );
      await docker("exec", name(), "sh", "-c", "echo visit >> /data/visits");
    });

    it("the container is not replaced, and what is at stake is named", async () => {
      const { Id, Mounts } = await inspectContainer(name());
      const output = await running.failWith(running.shop, {
        ...hoarder(),
        environment: { A: "1" },
      });
      expect(output).toContain(`in the anonymous volume ${Mounts[0]?.Name}`);
      expect(output).toContain(`docker cp ${name()}:/data/`);
      expect((await inspectContainer(name())).Id).toBe(Id);
      expect(await docker("exec", name(), "cat", "/data/visits")).toBe("visit");
    });

    it("the container is not removed with its app", async () => {
      const output = await running.failWith(running.shop);
      expect(output).toContain(`${name()} is no longer in the stack file, and keeps data in /data`);
      expect(await docker("exec", name(), "cat", "/data/visits")).toBe("visit");
      recordFault({
        fault: "an app with data in an anonymous volume leaves the stack file",
        sees: quote(output, /is no longer in the stack file/),
        kept: "the container and its data, until you have saved them",
      });
    });

    it("is deployed once its data may go, and the volume stays", async () => {
      const { Mounts } = await inspectContainer(name());
      await docker("rm", "--force", name());
      await running.succeedWith(running.shop, { ...hoarder(), writablePaths: ["/data"] });
      const info = await inspectContainer(name());
      expect(info.Mounts).toStrictEqual([]);
      const volume = Mounts[0]?.Name ?? "";
      expect(await docker("volume", "inspect", volume, "--format", "{{.Name}}")).toBe(volume);
      await docker("volume", "rm", volume);
    });
  });
});
