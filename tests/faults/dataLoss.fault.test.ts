import type { AppSettingsInput } from "../../config/settings/appSettings";
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

describe("an app's volume", () => {
  const volume = () => `${running.stack.prefix}-till-data-1`;
  const name = () => `${running.stack.prefix}-till-1`;
  const keeper = () => `${running.stack.prefix}-keeper`;
  const volumes = [{ name: "data", path: "/data" }];

  /** Runs a command as root in a container that only has the volume. */
  const keep = (script: string) => docker("exec", keeper(), "sh", "-c", script);

  /** Creates the volume before its app is there, with a container that keeps it mounted. */
  async function createVolume(...options: string[]): Promise<void> {
    const given = options.flatMap((option) => ["--opt", option]);
    await docker("volume", "create", "--label", "glasshouse.data=true", ...given, volume());
    const mount = ["--volume", `${volume()}:/data`, "--user", "0", "--entrypoint", "sleep"];
    await docker("run", "--detach", "--name", keeper(), ...mount, image, "infinity");
  }

  afterEach(async () => {
    await running.succeedWith(running.shop);
    await docker("rm", "--force", keeper());
    await docker("volume", "rm", volume());
  });

  it("that is full is named with what to do, keeps its data, and takes more when there is room", async () => {
    await createVolume("type=tmpfs", "device=tmpfs", "o=size=1m,uid=65532,gid=65532,mode=0755");
    // It needs room at each start, as a database does.
    const start =
      "head -c 65536 /dev/zero > /data/log.new && mv /data/log.new /data/log && exec perl /serve.pl";
    const writer = (settings: Partial<AppSettingsInput>) =>
      till({ image, build: undefined, volumes, entrypoint: ["sh", "-c", start], ...settings });
    await running.succeedWith(running.shop, writer({}));
    await keep("echo visit >> /data/visits; dd if=/dev/zero of=/data/fill bs=4096 || true");

    const changed = { environment: { A: "1" } };
    const output = await running.failWith(
      running.shop,
      writer({ ...changed, startTimeoutSeconds: 5 }),
    );
    expect(output).toContain("No space left on device");
    expect(output).toContain("There is no space left for what it writes");
    expect(await keep("cat /data/visits")).toBe("visit");
    await running.expectShopRunsOn();

    const { Id } = await inspectContainer(name());
    await keep("rm /data/fill");
    await running.succeedWith(running.shop, writer(changed));
    expect((await inspectContainer(name())).Id).toBe(Id);
    expect(await keep("cat /data/visits")).toBe("visit");
    await running.expectNothingToDo();
    recordFault({
      fault: "a volume is full",
      sees: quote(output, /There is no space left/),
      kept: "what is in the volume, and all other apps; the app starts by itself when there is room, and the next `up` says so",
    });
  });

  it("that belongs to another user is refused with the setting to try, before a container is created", async () => {
    await createVolume();
    await keep("echo visit > /data/visits; chown -R 1234:1234 /data");
    const owner = { image, build: undefined, volumes };
    const output = await running.failWith(running.shop, till(owner));
    expect(output).toContain("holds data of the user 1234:1234, and its app runs as 65532:65532");
    expect(output).toContain('Set the app\'s `user: "1234:1234"`');
    expect(await listContainers(name())).toStrictEqual([]);
    expect(await keep("stat -c %u:%g /data/visits")).toBe("1234:1234");
    await running.expectShopRunsOn();

    await running.succeedWith(running.shop, till({ ...owner, user: "1234:1234" }));
    expect(await docker("exec", name(), "cat", "/data/visits")).toBe("visit");
    recordFault({
      fault: "a volume belongs to another user",
      sees: quote(output, /holds data of the user/),
      kept: "the data and their owner; no container is created, and one that runs is not replaced",
    });
  });
});
