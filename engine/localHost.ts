import { spawn } from "node:child_process";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { EngineSettingsError, readMessage } from "./engineSettingsError";
import { buildFileError, readErrorCode } from "./fileProblems";
import type {
  CommandResult,
  FetchedText,
  FetchRequest,
  HostAccess,
  HostFile,
  RunOptions,
} from "./hostAccess";
import { fetchTextOverHttp } from "./httpFetch";
import { findRealPath, readLocalFile, writeLocalFileAtomically } from "./localFiles";
import { runCommand } from "./runCommand";
import { readFileAsRoot, runFileCommandAsRoot, writeFileAsRoot } from "./sudoFiles";

/**
 * The machine that this program runs on. What the user may not do is done by `sudo -n`, if that works without a
 * password; otherwise an error says what to do.
 */
export class LocalHost implements HostAccess {
  readonly label = "this machine";
  private sudoWorks: Promise<boolean> | undefined;

  async readFile(path: string): Promise<HostFile> {
    return this.orAsRoot(
      path,
      () => readLocalFile(path),
      async () => readFileAsRoot(this.runBound, path, await findRealPath(path).catch(() => path)),
    );
  }

  async exists(path: string): Promise<boolean> {
    return this.orAsRoot(
      path,
      () =>
        stat(path).then(
          () => true,
          (thrown: unknown) => {
            if (readErrorCode(thrown) === "ENOENT") return false;
            throw thrown;
          },
        ),
      async () => (await this.run(["test", "-e", path], { asRoot: true })).exitCode === 0,
    );
  }

  async writeFileAtomically(path: string, text: string, newMode = 0o644): Promise<void> {
    await this.orAsRoot(
      path,
      () => writeLocalFileAtomically(path, text, newMode),
      () => writeFileAsRoot(this.runBound, path, text, newMode),
    );
  }

  async removeFile(path: string): Promise<void> {
    await this.orAsRoot(
      path,
      () => rm(path, { force: true }),
      async () => {
        await runFileCommandAsRoot(this.runBound, ["rm", "-f", "--", path], path);
      },
    );
  }

  async makeFolder(path: string, mode: number): Promise<void> {
    await this.orAsRoot(
      path,
      async () => {
        await mkdir(path, { recursive: true, mode });
      },
      async () => {
        const command = ["mkdir", "-p", "-m", mode.toString(8), "--", path];
        await runFileCommandAsRoot(this.runBound, command, path);
      },
    );
  }

  async listFolder(path: string): Promise<readonly string[]> {
    const names = await this.orAsRoot(
      path,
      () =>
        readdir(path).catch((thrown: unknown) => {
          if (readErrorCode(thrown) === "ENOENT") return [];
          throw thrown;
        }),
      async () =>
        (await runFileCommandAsRoot(this.runBound, ["ls", "-1A", "--", path], path)).split("\n"),
    );
    return names.filter((name) => name !== "").sort();
  }

  async run(command: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
    const { input, timeoutSeconds = 60, asRoot = false } = options;
    const prefix = asRoot && !isRoot() ? ["sudo", "-n"] : [];
    return runCommand([...prefix, ...command], input, timeoutSeconds);
  }

  fetchText(request: FetchRequest): Promise<FetchedText> {
    return fetchTextOverHttp(request).catch((thrown: unknown) => {
      const place = request.socketPath ?? request.url;
      throw new EngineSettingsError(`${place} does not answer: ${readMessage(thrown)}.`, {
        cause: thrown,
      });
    });
  }

  tryListening(address: string, port: number): Promise<string | undefined> {
    return new Promise((resolve) => {
      const server = createServer();
      server.once("error", (thrown) => resolve(readErrorCode(thrown) ?? "EUNKNOWN"));
      server.listen({ host: address, port, exclusive: true }, () =>
        server.close(() => resolve(undefined)),
      );
    });
  }

  async holdLock(path: string, timeoutSeconds: number): Promise<() => Promise<void>> {
    // flock lives as long as the pipe to it: when this process dies, even by SIGKILL, the system closes the pipe,
    // cat ends and the lock is free. A lock file with a process id in it would have to be cleared by hand.
    const command = [
      "flock",
      "-w",
      String(timeoutSeconds),
      path,
      "sh",
      "-c",
      "echo held; exec cat",
    ];
    const needsRoot = !isRoot() && (await this.canSudo());
    const [program = "", ...args] = needsRoot ? ["sudo", "-n", ...command] : command;
    // In a group of its own, so that Ctrl-C does not free the lock while this process still tidies up.
    const child = spawn(program, args, { detached: true, stdio: ["pipe", "pipe", "pipe"] });
    child.stdin.on("error", () => undefined);
    let complaint = "";
    child.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
    const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
    await new Promise<void>((resolve, reject) => {
      const fail = (reason: string): void => {
        reject(new EngineSettingsError(`The lock ${path} could not be taken: ${reason}`));
      };
      child.stdout.once("data", () => resolve());
      child.once("error", (thrown) => fail(`${thrown.message}. Install util-linux (flock).`));
      child.once("close", () =>
        fail(
          complaint.trim() ||
            `someone else has changed this engine's settings for more than ${timeoutSeconds} s. Wait for them ("fuser ${path}" shows who) and try again.`,
        ),
      );
    });
    return async () => {
      child.stdin.end();
      await ended;
    };
  }

  private readonly runBound = (
    command: readonly string[],
    options?: RunOptions,
  ): Promise<CommandResult> => this.run(command, options);

  private canSudo(): Promise<boolean> {
    this.sudoWorks ??= runCommand(["sudo", "-n", "true"], undefined, 10).then(
      ({ exitCode }) => exitCode === 0,
    );
    return this.sudoWorks;
  }

  private async orAsRoot<T>(
    path: string,
    asUser: () => Promise<T>,
    asRoot: () => Promise<T>,
  ): Promise<T> {
    try {
      return await asUser();
    } catch (thrown) {
      const isDenied = ["EACCES", "EPERM"].includes(readErrorCode(thrown) ?? "");
      if (!isDenied || isRoot() || !(await this.canSudo())) throw buildFileError(thrown, path);
      return asRoot();
    }
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
