import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import {
  readFileByCommand,
  runFileCommand,
  writeFileByCommand,
  type RunFileCommand,
} from "./commandFiles";
import { EngineSettingsError, readMessage } from "../daemon/engineSettingsError";
import { buildFileError, readErrorCode } from "./fileProblems";
import { buildLockCommand, holdLockByCommand } from "./flock";
import type {
  CommandResult,
  FetchedText,
  FetchRequest,
  HostAccess,
  HostFile,
  RunOptions,
} from "./hostAccess";
import { fetchTextOverHttp } from "./httpFetch";
import { readLocalFile, writeLocalFileAtomically } from "./localFiles";
import { runCommand } from "./runCommand";

/**
 * The machine that this program runs on. What the user may not do is done by `sudo -n`, if that works without a
 * password; otherwise an error says what to do.
 */
export class LocalHost implements HostAccess {
  readonly label = "this machine";
  private sudoWorks: Promise<boolean> | undefined;

  async isRoot(): Promise<boolean> {
    return isRoot();
  }

  async readFile(path: string): Promise<HostFile> {
    return this.orAsRoot(
      path,
      () => readLocalFile(path),
      () => readFileByCommand(this.runAsRoot, path),
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
      () => writeFileByCommand(this.runAsRoot, path, text, newMode),
    );
  }

  async removeFile(path: string): Promise<void> {
    await this.orAsRoot(
      path,
      () => rm(path, { force: true }),
      async () => {
        await runFileCommand(this.runAsRoot, ["rm", "-f", "--", path], path);
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
        await runFileCommand(this.runAsRoot, command, path);
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
        (await runFileCommand(this.runAsRoot, ["ls", "-1A", "--", path], path)).split("\n"),
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
    const command = buildLockCommand(path, timeoutSeconds);
    const needsRoot = !isRoot() && (await this.canSudo());
    return holdLockByCommand(
      needsRoot ? ["sudo", "-n", ...command] : command,
      path,
      timeoutSeconds,
    );
  }

  private readonly runAsRoot: RunFileCommand = (command, options) =>
    this.run(command, { ...options, asRoot: true });

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
