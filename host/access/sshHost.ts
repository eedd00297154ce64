import {
  readFileByCommand,
  runFileCommand,
  writeFileByCommand,
  type RunFileCommand,
} from "./commandFiles";
import { EngineSettingsError, readMessage } from "../daemon/engineSettingsError";
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
import { findListenProblem } from "./procNet";
import { buildForwardAgent, findEngineAgent } from "./sshAgent";
import type { SshConnection } from "./sshConnection";

/**
 * A host behind ssh, used by its own commands (GNU coreutils, flock). What the user may not do there is done by
 * `sudo -n`, if that works without a password; otherwise an error says what to do.
 */
export class SshHost implements HostAccess {
  readonly label: string;
  private root: Promise<boolean> | undefined;
  private sudoWorks: Promise<boolean> | undefined;
  private forbidsForwarding = false;

  constructor(private readonly connection: SshConnection) {
    this.label = connection.label;
  }

  async isRoot(): Promise<boolean> {
    this.root ??= this.run(["id", "-u"]).then(({ stdout }) => stdout.trim() === "0");
    return this.root;
  }

  async readFile(path: string): Promise<HostFile> {
    return this.orAsRoot((run) => readFileByCommand(run, path));
  }

  async exists(path: string): Promise<boolean> {
    return (await this.readWithRights(["test", "-e", path])).exitCode === 0;
  }

  async writeFileAtomically(path: string, text: string, newMode = 0o644): Promise<void> {
    await this.orAsRoot((run) => writeFileByCommand(run, path, text, newMode));
  }

  async removeFile(path: string): Promise<void> {
    await this.orAsRoot((run) => runFileCommand(run, ["rm", "-f", "--", path], path));
  }

  async makeFolder(path: string, mode: number): Promise<void> {
    const command = ["mkdir", "-p", "-m", mode.toString(8), "--", path];
    await this.orAsRoot((run) => runFileCommand(run, command, path));
  }

  async listFolder(path: string): Promise<readonly string[]> {
    const script = 'if [ -d "$1" ]; then ls -1A -- "$1"; fi';
    const { stdout } = await this.readWithRights(["sh", "-c", script, "sh", path]);
    return stdout
      .split("\n")
      .filter((name) => name !== "")
      .sort();
  }

  async run(command: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
    const { input, timeoutSeconds = 60, asRoot = false } = options;
    const prefix = asRoot && !(await this.isRoot()) ? ["sudo", "-n"] : [];
    return this.connection.run([...prefix, ...command], input, timeoutSeconds);
  }

  async fetchText(request: FetchRequest): Promise<FetchedText> {
    const { socketPath, ...withoutSocket } = request;
    try {
      if (socketPath === undefined) return await this.fetchForwarded(request);
      const agent = findEngineAgent(this.connection);
      return await fetchTextOverHttp(withoutSocket, { agent });
    } catch (thrown) {
      throw new EngineSettingsError(
        `${socketPath ?? request.url} does not answer on ${this.label}: ${readMessage(thrown)}.`,
        { cause: thrown },
      );
    }
  }

  async tryListening(address: string, port: number): Promise<string | undefined> {
    const files = ["tcp", "tcp6", "fib_trie"].map((name) => this.readFile(`/proc/net/${name}`));
    const [tcp = "", tcp6 = "", routes = ""] = (await Promise.all(files)).map(({ text }) => text);
    return findListenProblem({ tcp, tcp6, routes }, address, port);
  }

  async holdLock(path: string, timeoutSeconds: number): Promise<() => Promise<void>> {
    const needsRoot = !(await this.isRoot()) && (await this.canSudo());
    const command = buildLockCommand(path, timeoutSeconds);
    const onHost = needsRoot ? ["sudo", "-n", ...command] : command;
    return holdLockByCommand(this.connection.buildCommand(onHost), path, timeoutSeconds);
  }

  private canSudo(): Promise<boolean> {
    this.sudoWorks ??= this.run(["sudo", "-n", "true"]).then(({ exitCode }) => exitCode === 0);
    return this.sudoWorks;
  }

  /** A folder that is for root alone looks empty to other users. */
  private async readWithRights(command: readonly string[]): Promise<CommandResult> {
    const asRoot = !(await this.isRoot()) && (await this.canSudo());
    return this.run(command, { asRoot });
  }

  private async orAsRoot<T>(operate: (run: RunFileCommand) => Promise<T>): Promise<T> {
    try {
      return await operate((command, options) => this.run(command, options));
    } catch (thrown) {
      const code = (thrown as { cause?: { code?: string } }).cause?.code ?? "";
      const isDenied = ["EACCES", "EPERM"].includes(code);
      if (!isDenied || (await this.isRoot()) || !(await this.canSudo())) throw this.named(thrown);
      return operate((command, options) => this.run(command, { ...options, asRoot: true }));
    }
  }

  private named(thrown: unknown): EngineSettingsError {
    const { message } = thrown as Error;
    const isNamed = message.includes(this.label);
    return new EngineSettingsError(isNamed ? message : `${this.label}: ${message}`, {
      cause: thrown,
    });
  }

  private async fetchForwarded(request: FetchRequest): Promise<FetchedText> {
    const address = new URL(request.url).host;
    const ask = async (byShell: boolean): Promise<FetchedText> => {
      const agent = buildForwardAgent(this.connection, address, byShell);
      try {
        return await fetchTextOverHttp(request, { agent });
      } finally {
        agent.destroy();
      }
    };
    if (this.forbidsForwarding) return ask(true);
    try {
      return await ask(false);
    } catch (thrown) {
      // Over a shared connection ssh does not tell a server that forbids this from a port where nothing answers.
      if (!/refused|prohibited/.test(readMessage(thrown))) throw thrown;
      const answer = await ask(true);
      this.forbidsForwarding = true;
      return answer;
    }
  }
}
