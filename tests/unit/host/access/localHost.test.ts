import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { spawnSync } from "node:child_process";
import { createServer as createHttpServer } from "node:http";
import { createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderFileProblem } from "../../../../host/access/fileProblems";
import { LocalHost } from "../../../../host/access/localHost";
import { typeScriptCommand } from "../../../../cli/install/typeScriptCommand";
import { runCommand } from "../../../../host/access/runCommand";
import { readFileByCommand, writeFileByCommand } from "../../../../host/access/commandFiles";

const host = new LocalHost();
let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "glasshouse-files-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Write = (path: string, text: string) => Promise<void>;
// The same script that runs by sudo for a user who is not root.
const run = (command: readonly string[], options?: { readonly input?: string }) =>
  runCommand(command, options?.input, 10);
const ways: [string, Write][] = [
  ["by system calls", (path, text) => host.writeFileAtomically(path, text)],
  ["by commands", (path, text) => writeFileByCommand(run, path, text, 0o644)],
];

describe.each(ways)("writing a file %s", (_name, write) => {
  it("makes a new one that everyone can read, whatever the umask", async () => {
    const umask = process.umask(0o077);
    try {
      await write(join(folder, "daemon.json"), "{}\n");
    } finally {
      process.umask(umask);
    }
    expect(readFileSync(join(folder, "daemon.json"), "utf8")).toBe("{}\n");
    expect(statSync(join(folder, "daemon.json")).mode & 0o7777).toBe(0o644);
  });

  it.each([0o600, 0o640, 0o664])("keeps the permissions %o", async (mode) => {
    const path = join(folder, "daemon.json");
    writeFileSync(path, "old");
    chmodSync(path, mode);
    await write(path, "new ✓ without a final newline");
    expect(readFileSync(path, "utf8")).toBe("new ✓ without a final newline");
    expect(statSync(path).mode & 0o7777).toBe(mode);
  });

  it("leaves nothing else in the folder and makes a new file instead of filling the old", async () => {
    const path = join(folder, "daemon.json");
    writeFileSync(path, "old");
    const { ino } = statSync(path);
    await write(path, "new");
    expect(statSync(path).ino).not.toBe(ino);
    expect(readdirSync(folder)).toStrictEqual(["daemon.json"]);
  });

  it.each([
    ["absolute", (real: string) => real],
    ["relative", () => "../real/daemon.json"],
  ])("writes through a %s symbolic link, which stays", async (_kind, target) => {
    const [real, link] = [join(folder, "real", "daemon.json"), join(folder, "etc", "daemon.json")];
    mkdirSync(join(folder, "real"));
    mkdirSync(join(folder, "etc"));
    writeFileSync(real, "old", { mode: 0o640 });
    symlinkSync(target(real), link);
    await write(link, "new");
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, "utf8")).toBe("new");
    expect(readdirSync(join(folder, "real"))).toStrictEqual(["daemon.json"]);
  });

  it("writes through a symbolic link to a file that is not there yet", async () => {
    symlinkSync("real.json", join(folder, "daemon.json"));
    await write(join(folder, "daemon.json"), "new");
    expect(readFileSync(join(folder, "real.json"), "utf8")).toBe("new");
    expect(lstatSync(join(folder, "daemon.json")).isSymbolicLink()).toBe(true);
  });

  it("names the trouble when the place is a folder", async () => {
    mkdirSync(join(folder, "daemon.json"));
    await expect(write(join(folder, "daemon.json", "x", "y"), "new")).rejects.toThrow(
      "daemon.json",
    );
  });
});

describe("reading a file", () => {
  it("gives text, permissions and the place behind a link, both ways", async () => {
    writeFileSync(join(folder, "real.json"), "{\r\n}", { mode: 0o640 });
    symlinkSync("real.json", join(folder, "daemon.json"));
    const found = await host.readFile(join(folder, "daemon.json"));
    expect(found).toMatchObject({ text: "{\r\n}", mode: 0o640, isUtf8: true });
    expect(found.realPath).toBe(join(folder, "real.json"));
    const path = join(folder, "daemon.json");
    expect(await readFileByCommand(run, path)).toStrictEqual(found);
  });

  it("gives no text for a missing file, and notices bytes that are not UTF-8", async () => {
    expect((await host.readFile(join(folder, "none"))).text).toBeUndefined();
    writeFileSync(join(folder, "daemon.json"), Buffer.from([0x22, 0xff, 0x22]));
    expect((await host.readFile(join(folder, "daemon.json"))).isUtf8).toBe(false);
  });

  it("says that a folder in the file's place is one", async () => {
    await expect(host.readFile(folder)).rejects.toThrow("(EISDIR)");
  });
});

it("a file that cannot be written has a sentence of its own per cause", () => {
  const codes = ["EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT", "EBUSY", "ELOOP", "EISDIR"];
  const sentences = codes.map((code) => renderFileProblem(code, "/etc/docker/daemon.json", ""));
  expect(new Set(sentences).size).toBe(codes.length);
  for (const [index, sentence] of sentences.entries()) {
    expect(sentence).toContain(`(${codes[index] ?? ""})`);
    expect(sentence).toContain("/etc/docker/daemon.json");
  }
});

describe("commands", () => {
  it("get their input, run without a shell, and a failure is a result", async () => {
    expect(await host.run(["cat"], { input: "a\nb" })).toMatchObject({
      exitCode: 0,
      stdout: "a\nb",
    });
    expect((await host.run(["echo", "$HOME; ls"])).stdout).toBe("$HOME; ls\n");
    expect((await host.run(["sh", "-c", "echo no >&2; exit 3"])).exitCode).toBe(3);
    expect((await host.run(["no-such-command-at-all"])).exitCode).toBe(127);
  });

  it("end at their time limit together with what they have started", async () => {
    const started = Date.now();
    const result = await host.run(["sh", "-c", "sleep 30 & sleep 30"], { timeoutSeconds: 0.3 });
    expect(result.exitCode).toBe(124);
    expect(Date.now() - started).toBeLessThan(5000);
  });
});

describe("the lock", () => {
  const tryLock = (path: string) => spawnSync("flock", ["-n", path, "true"]).status;

  it("keeps others out until it is let go", async () => {
    const path = join(folder, "lock");
    const release = await host.holdLock(path, 5);
    expect(tryLock(path)).toBe(1);
    await expect(host.holdLock(path, 0)).rejects.toThrow("someone else");
    await release();
    expect(tryLock(path)).toBe(0);
  });

  it("is free once its holder was killed", async () => {
    const path = join(folder, "lock");
    const holder = `
      const { LocalHost } = require(${JSON.stringify(require.resolve("../../../../host/access/localHost"))});
      new LocalHost().holdLock(${JSON.stringify(path)}, 5).then(() => process.kill(process.pid, "SIGKILL"));
    `;
    const [, ...loader] = typeScriptCommand;
    const killed = spawnSync(process.execPath, [...loader, "-e", holder]);
    expect(killed.signal).toBe("SIGKILL");
    await (
      await host.holdLock(path, 5)
    )();
  }, 30_000);
});

describe("the network", () => {
  let server: Server;
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it("tells a taken port from a free one and from a strange address", async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    expect(await host.tryListening("127.0.0.1", port)).toBe("EADDRINUSE");
    expect(await host.tryListening("0.0.0.0", port)).toBe("EADDRINUSE");
    expect(await host.tryListening("192.0.2.1", port)).toBe("EADDRNOTAVAIL");
    expect(await host.tryListening("127.0.0.1", 0)).toBeUndefined();
  });

  it("fetches over a unix socket, and gives up on one that never answers", async () => {
    const socketPath = join(folder, "s.sock");
    server = createHttpServer((request, response) => {
      if (request.url === "/_ping") response.end("OK");
    });
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    const ping = await host.fetchText({ url: "http://localhost/_ping", socketPath });
    expect(ping).toStrictEqual({ status: 200, text: "OK" });
    const silent = { url: "http://localhost/never", socketPath, timeoutSeconds: 0.2 };
    await expect(host.fetchText(silent)).rejects.toThrow("no answer within 0.2 s");
  });
});
