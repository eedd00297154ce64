import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { writeFileByCommand } from "../../../../host/access/commandFiles";
import { runCommand } from "../../../../host/access/runCommand";
import { SshConnection } from "../../../../host/access/sshConnection";
import { SshHost } from "../../../../host/access/sshHost";
import { waitUntil } from "../../../support/waitUntil";

const savedPath = process.env["PATH"] ?? "";
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "glasshouse-ssh-"));
  process.env["PATH"] = [folder, savedPath].join(delimiter);
});
afterEach(() => {
  process.env["PATH"] = savedPath;
  rmSync(folder, { recursive: true, force: true });
});

/** Puts a program `ssh` first in PATH. */
function fakeSsh(script: string): void {
  writeFileSync(join(folder, "ssh"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, "ssh"), 0o755);
}

/** As sshd does: hands the last argument to the user's shell; notes down the others. */
const passingOn = () =>
  `printf '%s\\n' "$*" >>${folder}/calls\nfor last; do :; done\nexec sh -c "$last"`;

const countDials = async () => readFileSync(join(folder, "dials"), "utf8").length;

const connect = () =>
  new SshConnection({ kind: "ssh", user: "deploy", name: "staging", port: "2222" });

describe("a host behind ssh", () => {
  it("gets commands unharmed, whatever is in their arguments", async () => {
    fakeSsh(passingOn());
    const host = new SshHost(connect());
    const odd = ["it's", "a  b", '$HOME `id` \\ "x"', "new\nline", "", "*", "-x;|&<>(){}~#!é"];
    const { stdout } = await host.run(["printf", "[%s]", ...odd]);
    expect(stdout).toBe(odd.map((argument) => `[${argument}]`).join(""));
    expect((await host.run(["cat"], { input: "a'b\n" })).stdout).toBe("a'b\n");
    expect((await host.run(["sh", "-c", "echo no >&2; exit 3"])).exitCode).toBe(3);
    expect((await host.run(["no-such-command-at-all"])).exitCode).toBe(127);
  });

  it("is asked by the user's own ssh config, without a question, over one connection", async () => {
    fakeSsh(passingOn());
    await new SshHost(connect()).run(["true"]);
    const calls = readFileSync(join(folder, "calls"), "utf8");
    for (const part of ["-l deploy -p 2222", "BatchMode=yes", "ControlMaster=auto", "-- staging"]) {
      expect(calls).toContain(part);
    }
    expect(calls).not.toMatch(/StrictHostKeyChecking|UserKnownHostsFile|-i /);
  });

  it("has its files read and written as those of this machine", async () => {
    fakeSsh(passingOn());
    const host = new SshHost(connect());
    const path = join(folder, "with 'quotes'", "daemon.json");
    await host.makeFolder(join(folder, "with 'quotes'"), 0o700);
    await host.writeFileAtomically(path, '{"a": "✓"}', 0o640);
    expect(await host.readFile(path)).toMatchObject({ text: '{"a": "✓"}', mode: 0o640 });
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(await host.listFolder(join(folder, "with 'quotes'"))).toStrictEqual(["daemon.json"]);
    expect(await host.exists(path)).toBe(true);
    await host.removeFile(path);
    expect(await host.exists(path)).toBe(false);
    expect((await host.readFile(path)).text).toBeUndefined();
  });

  it("has its lock let go of when the connection ends", async () => {
    fakeSsh(passingOn());
    const host = new SshHost(connect());
    const path = join(folder, "lock");
    const tryLock = () => spawnSync("flock", ["-n", path, "true"]).status;
    const release = await host.holdLock(path, 5);
    expect(tryLock()).toBe(1);
    await release();
    expect(tryLock()).toBe(0);
  });

  it("keeps a file whole of which only a part arrived", async () => {
    const path = join(folder, "daemon.json");
    writeFileSync(path, "old");
    const cut = (command: readonly string[], options?: { readonly input?: string }) =>
      runCommand(command, options?.input?.slice(0, 2), 10);
    await expect(writeFileByCommand(cut, path, "new text", 0o644)).rejects.toThrow(
      "only a part of the text arrived",
    );
    expect(readFileSync(path, "utf8")).toBe("old");
  });

  it.each([
    ["Host key verification failed.", "compare the key"],
    [
      "WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!\\nHost key verification failed.",
      "ssh-keygen -R staging",
    ],
    ["deploy@staging: Permission denied (publickey).", "ssh-copy-id deploy@staging"],
    ["ssh: Could not resolve hostname staging: Name or service not known", "Correct host.uri"],
    ["ssh: connect to host staging port 2222: Connection refused", "no ssh server answers"],
    ["ssh: connect to host staging port 2222: Connection timed out", "does not answer"],
    ["kex_exchange_identification: Connection reset by peer", "Run the command again"],
    ["something new", "ssh: something new"],
  ])("that cannot be reached (%s) gets a sentence of its own", async (stderr, sentence) => {
    fakeSsh(`printf '${stderr}\\n' >&2\nexit 255`);
    const failure = new SshHost(connect()).run(["true"]);
    await expect(failure).rejects.toThrow(sentence);
    await expect(failure).rejects.toThrow("deploy@staging cannot be reached over ssh");
  });

  it("has ssh's last words read, also when its end is noticed first", async () => {
    fakeSsh("echo 'ssh: connect to host staging port 2222: Connection refused' >&2\nexit 255");
    const block = (milliseconds: number) =>
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
    // Node.js asks for the ends of all children when it learns of one, without reading first what they have said. So
    // another child ends, and before Node.js asks, ssh has come and gone.
    const other = spawn("echo", ["here"]);
    const failure = new Promise((resolve, reject) => {
      other.stdout.once("data", () => {
        new SshHost(connect()).run(["true"]).then(resolve, reject);
        block(300);
      });
    });
    block(100);
    await expect(failure).rejects.toThrow("no ssh server answers");
  });

  it("is connected to anew after a failure", async () => {
    fakeSsh("exit 255");
    const host = new SshHost(connect());
    await expect(host.run(["true"])).rejects.toThrow("ssh said nothing");
    fakeSsh(passingOn());
    expect((await host.run(["echo", "back"])).stdout).toBe("back\n");
  });

  it("answers over a connection that is kept, and over a new one once that has ended", async () => {
    const answer = "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nOK";
    // Answers twice and ends, as when the engine restarts; `true` is what opens the connection.
    const dialStdio = [
      `case "$*" in *dial-stdio*) echo >>${folder}/dials ;; *) exit 0 ;; esac`,
      // A server that is full turns the first one away; a shell's own words come before the greeting.
      `[ -e ${folder}/full ] || { touch ${folder}/full; echo 'Connection closed by 192.0.2.1 port 22' >&2; exit 255; }`,
      "printf 'Welcome!\\nglasshouse\\n'",
      ...["1", "2"].map(
        () =>
          `while read -r line; do [ "$line" = "$(printf '\\r')" ] && break; done; printf '${answer}'`,
      ),
    ];
    fakeSsh(dialStdio.join("\n"));
    const host = new SshHost(connect());
    const request = { url: "http://localhost/_ping", socketPath: "/var/run/docker.sock" };
    const ask = async () => (await host.fetchText(request)).text;
    expect([await ask(), await ask()]).toStrictEqual(["OK", "OK"]);
    await waitUntil(
      "the connection is gone",
      () => countDials(),
      (dials) => dials === 2,
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([await ask(), await ask()]).toStrictEqual(["OK", "OK"]);
    expect(await countDials()).toBe(3);
  });

  it("is called again when its server is full, and a command that ran is not", async () => {
    const turnAwayOnce = `[ -e ${folder}/full ] || { touch ${folder}/full; echo 'kex_exchange_identification: read: Connection reset by peer' >&2; exit 255; }`;
    fakeSsh(`${turnAwayOnce}\n${passingOn()}`);
    expect((await new SshHost(connect()).run(["echo", "in"])).stdout).toBe("in\n");
    fakeSsh(
      `case "$*" in *count*) echo >>${folder}/dials; echo 'Connection to staging closed by remote host.' >&2; exit 255 ;; esac`,
    );
    await expect(new SshHost(connect()).run(["count"])).rejects.toThrow("the connection broke off");
    expect(await countDials()).toBe(1);
  });

  it("needs an ssh program", async () => {
    process.env["PATH"] = folder;
    await expect(new SshHost(connect()).run(["true"])).rejects.toThrow(
      "Install the OpenSSH client",
    );
  });
});
