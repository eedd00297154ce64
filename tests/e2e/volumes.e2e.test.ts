import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { AppSettingsInput } from "../../config/settings/appSettings";
import { docker, inspectContainer, listContainers } from "../support/dockerCommands";
import { findFreePorts } from "../support/freePorts";
import { runCommandLine } from "../support/runCommandLine";
import { ShopStack } from "../support/shopStack";
import { readTestImages } from "../support/testNetwork";

// An app that appends to a file in a folder that its image declares by VOLUME goes through everything that replaces or removes its
// container: what it has written is there afterwards, or the update was refused.

const folder = "tests/support/apps/hoarder";

let running: ShopStack;
let image: string;
let port: number;
let cachePort: number;
let writerPort: number;
let readerPort: number;

const volume = (suffix: string) => `${running.stack.prefix}-db-${suffix}`;
const name = (replica = 1) => `${running.stack.prefix}-db-${replica}`;

function db(settings: Partial<AppSettingsInput> = {}): AppSettingsInput {
  const volumes = [{ name: "data", path: "/data" }];
  return { name: "db", image, memoryMb: 64, publishPort: port, volumes, ...settings };
}

async function countVisits(replica = 1): Promise<number> {
  return Number(await docker("exec", name(replica), "sh", "-c", "cat /data/visits | wc -l"));
}

async function visit(at = port): Promise<void> {
  await fetch(`http://127.0.0.1:${at}/visit`);
}

async function hasVolume(suffix: string): Promise<boolean> {
  const names = await docker("volume", "ls", "--format", "{{.Name}}");
  return names.split("\n").includes(volume(suffix));
}

beforeAll(async () => {
  running = await ShopStack.deploy("volumes");
  [port = 0, cachePort = 0, writerPort = 0, readerPort = 0] = await findFreePorts(4);
  image = `glasshouse-e2e/hoarder:${process.pid}`;
  await docker("build", "--build-arg", `BASE_IMAGE=${readTestImages().base}`, "-t", image, folder);
});

afterAll(async () => {
  await running.stack.remove();
  await docker("image", "rm", image);
});

describe("what an app writes into its volume", () => {
  it("starts with what an earlier container kept in an anonymous volume", async () => {
    const labels = ["glasshouse.project=glasshouse", `glasshouse.stack=${running.stack.name}`];
    const given = labels.flatMap((label) => ["--label", label]);
    const { prefix } = running.stack;
    await docker("run", "--detach", "--name", name(), "--network", prefix, ...given, image);
    await docker("exec", name(), "sh", "-c", "echo visit >> /data/visits");
    const old = (await inspectContainer(name())).Mounts[0]?.Name ?? "";

    await running.succeedWith(running.shop, db());
    expect((await inspectContainer(name())).Mounts).toMatchObject([{ Name: volume("data-1") }]);
    expect(await countVisits()).toBe(1);
    expect(await docker("volume", "inspect", old, "--format", "{{.Name}}")).toBe(old);
    await docker("volume", "rm", old);
    await running.expectNothingToDo();
  });

  it("is there after a changed variable, which replaces the container", async () => {
    await visit();
    const { Id } = await inspectContainer(name());
    await running.succeedWith(running.shop, db({ environment: { A: "1" } }));
    expect((await inspectContainer(name())).Id).not.toBe(Id);
    expect(await countVisits()).toBe(2);
  });

  it("is copied when the volume gets another name, and stays in the old one", async () => {
    const volumes = [{ name: "rows", path: "/data/" }];
    const output = await running.succeedWith(running.shop, db({ volumes }));
    expect(output).toContain(`docker volume rm ${volume("data-1")}`);
    expect(await countVisits()).toBe(2);
    expect(await hasVolume("data-1")).toBe(true);
    await docker("volume", "rm", volume("data-1"));
  });

  it("is refused to a user who may not write it, before the container goes", async () => {
    const volumes = [{ name: "rows", path: "/data" }];
    const { Id } = await inspectContainer(name());
    const output = await running.failWith(running.shop, db({ volumes, user: "1234:1234" }));
    expect(output).toContain("holds data of the user 65532:65532, and its app runs as 1234:1234");
    expect((await inspectContainer(name())).Id).toBe(Id);
    expect(await countVisits()).toBe(2);
  });

  it("stays when the app leaves the stack file, which is told, and is there when it comes back", async () => {
    const volumes = [{ name: "rows", path: "/data" }];
    const output = await running.succeedWith(running.shop);
    expect(output).toContain(`docker volume rm ${volume("rows-1")}`);
    expect(await listContainers(name())).toStrictEqual([]);
    expect(await running.stack.pulumi("preview", "--non-interactive")).toContain(
      `The volume ${volume("rows-1")} holds data of the app db`,
    );
    await running.succeedWith(running.shop, db({ volumes }));
    expect(await countVisits()).toBe(2);
  });

  it("is each replica's own, unless it is shared", async () => {
    const volumes = [{ name: "rows", path: "/data" }];
    await running.succeedWith(running.shop, db({ volumes, replicas: 2 }));
    expect((await inspectContainer(name(2))).Mounts).toMatchObject([{ Name: volume("rows-2") }]);
    expect(await countVisits()).toBe(2);
    const shared = [{ name: "rows", path: "/data", shared: true }];
    const output = await running.failWith(running.shop, db({ volumes: shared, replicas: 2 }));
    expect(output).toContain("its replicas have a volume each for /data");
    await running.succeedWith(running.shop, db({ volumes: shared }));
    expect((await inspectContainer(name())).Mounts).toMatchObject([{ Name: volume("rows") }]);
    expect(await countVisits()).toBe(2);
  });

  it("is written by another app of its user, and only read by one of another user", async () => {
    const lent = { name: "rows", path: "/data", from: "db" };
    const reader = { name: "reader", user: "1234:1234", publishPort: readerPort };
    const { prefix } = running.stack;
    await running.succeedWith(
      running.shop,
      db({ name: "writer", publishPort: writerPort, volumes: [lent] }),
      db({ ...reader, volumes: [{ ...lent, readOnly: true }] }),
      db({ volumes: [{ name: "rows", path: "/data", shared: true }] }),
    );
    await visit(writerPort);
    expect(await countVisits()).toBe(3);
    const inReader = `${prefix}-reader-1`;
    expect(await docker("exec", inReader, "sh", "-c", "cat /data/visits | wc -l")).toBe("3");
    expect(await docker("exec", inReader, "stat", "-c", "%u:%g", "/data")).toBe("65532:65532");
    expect((await inspectContainer(inReader)).Mounts).toMatchObject([
      { Name: volume("rows"), RW: false },
    ]);
    expect((await inspectContainer(`${prefix}-writer-1`)).Mounts).toMatchObject([
      { Name: volume("rows"), RW: true },
    ]);
    await running.expectNothingToDo();
  });

  it("is in a backup once, for which all who write to it are stopped, and comes back for all", async () => {
    const backup = join(mkdtempSync(join(tmpdir(), "glasshouse-volumes-")), "backup.tar.gz");
    const apps = ["db", "writer", "reader"];
    const startedAt = () =>
      Promise.all(
        apps.map(
          async (app) =>
            (await inspectContainer(`${running.stack.prefix}-${app}-1`)).State.StartedAt,
        ),
      );
    const command = async (name: "backup" | "restore", ...flags: string[]) => {
      const { exitCode, stdout, stderr } = await runCommandLine(running.stack, name, {}, ...flags);
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
      return stdout;
    };
    try {
      const before = await startedAt();
      const output = await command("backup", "--to", backup);
      expect(output.split("the data of the volume db-rows of the app db")).toHaveLength(2);
      const after = await startedAt();
      expect(apps.filter((_, index) => after[index] === before[index])).toStrictEqual(["reader"]);
      await visit(writerPort);
      expect(await countVisits()).toBe(4);
      await command("restore", "--from", backup);
      expect(await countVisits()).toBe(3);
      await visit(writerPort);
      const inReader = `${running.stack.prefix}-reader-1`;
      expect(await docker("exec", inReader, "sh", "-c", "cat /data/visits | wc -l")).toBe("4");
      await running.expectNothingToDo();
    } finally {
      rmSync(dirname(backup), { recursive: true });
    }
  });

  it("belongs to the app's user, whatever the image has there, in a volume that may go", async () => {
    const mayGo = { path: "/data", temporary: true };
    const cached = {
      ...{ name: "cache", user: "1234:1234", publishPort: cachePort },
      volumes: [mayGo, { path: "/kept", temporary: true }],
      // One that may not write yet when it starts might go on without its folder.
      entrypoint: ["sh", "-c", 'test -w /data && echo "may write"; exec perl /serve.pl'],
    };
    await running.succeedWith(running.shop, db(cached));
    await visit(cachePort);
    const cache = `${running.stack.prefix}-cache-1`;
    expect(await docker("exec", cache, "stat", "-c", "%u:%g", "/data/visits")).toBe("1234:1234");
    expect(await docker("logs", cache)).toContain("may write");
    await docker("exec", cache, "touch", "/kept/row");
    await running.succeedWith(
      running.shop,
      db({ ...cached, volumes: [mayGo, { name: "kept", path: "/kept" }] }),
      db({ volumes: [{ name: "rows", path: "/data", shared: true }] }),
    );
    expect(await docker("exec", cache, "ls", "/kept")).toBe("row");
  });

  it("stays when the stack is destroyed, and is there when it is deployed again", async () => {
    await running.stack.destroy();
    expect(await hasVolume("rows")).toBe(true);
    await running.stack.up();
    expect(await countVisits()).toBe(4);
  });

  it("goes with the stack when that is asked for, also from a volume that might go once", async () => {
    const down = (...flags: string[]) => runCommandLine(running.stack, "down", {}, ...flags);
    const { prefix } = running.stack;
    const list = async () =>
      (await docker("volume", "ls", "--quiet", "--filter", `name=${prefix}`)).split("\n");
    const { exitCode, stdout } = await down();
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
    const kept = await list();
    expect(kept).toContain(`${prefix}-cache-kept-1`);
    expect(kept).not.toContain(`${prefix}-cache-data-1`);
    for (const each of kept) expect(stdout).toContain(`  ${each}`);
    expect(await down("--volumes")).toMatchObject({ exitCode: 0 });
    expect(await list()).toStrictEqual([""]);
  });
});
