import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type * as ensureStack from "../../../cli/ensureStack";
import { TestCheckout } from "./checkout";

let checkout: TestCheckout;
let calls: string;

beforeEach(() => {
  checkout = new TestCheckout();
  calls = join(checkout.folder, "calls");
  writeFileSync(calls, "");
  checkout.writeProgram(`echo "$@" >>'${calls}'`);
  jest.spyOn(console, "log").mockImplementation();
});
afterEach(() => {
  jest.restoreAllMocks();
  checkout.remove();
});

const stateFolder = () => join(checkout.project, ".glasshouse", "state");

function lock(content: object): void {
  const folder = join(stateFolder(), ".pulumi/locks/organization/glasshouse/dev");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "lock.json"), JSON.stringify(content));
}

async function removeDeadLock(folder: string | undefined = stateFolder()): Promise<string> {
  const { removeDeadLock: remove } = checkout.load("ensureStack") as typeof ensureStack;
  const session = { program: checkout.program, env: {}, hasGeneratedPassphrase: true };
  await remove({ ...session, stateFolder: folder }, "dev");
  return readFileSync(calls, "utf8");
}

describe("removeDeadLock", () => {
  it("does nothing without a lock", async () => {
    expect(await removeDeadLock()).toBe("");
  });

  it("removes the lock of a process that is gone", async () => {
    const { pid } = spawnSync("true");
    lock({ pid, hostname: hostname() });
    expect(await removeDeadLock()).toBe("cancel --yes --stack dev\n");
  });

  it("refuses while the process runs, and names it", async () => {
    lock({ pid: process.pid, hostname: hostname() });
    await expect(removeDeadLock()).rejects.toThrow(`process ${process.pid} on ${hostname()}`);
    expect(readFileSync(calls, "utf8")).toBe("");
  });

  it("leaves another host's lock alone, since nothing is known of its processes", async () => {
    const { pid } = spawnSync("true");
    lock({ pid, hostname: "elsewhere" });
    await expect(removeDeadLock()).rejects.toThrow("on elsewhere");
    expect(readFileSync(calls, "utf8")).toBe("");
  });
});
