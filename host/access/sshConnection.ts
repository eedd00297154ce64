import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SshDockerHost } from "./dockerHost";
import { EngineSettingsError } from "../daemon/engineSettingsError";
import type { CommandResult } from "./hostAccess";
import { runCommand } from "./runCommand";
import { explainSshFailure, isTurnedAway } from "./sshFailures";

/**
 * Options of every call of `ssh`, also of those by Pulumi's Docker provider. All of them share one connection: a server
 * takes a few new ones at a time only (sshd's MaxStartups), and each costs a handshake. No path of this machine is in
 * them, because the provider's options are part of the stack's state.
 *
 * @see https://man.openbsd.org/ssh_config
 */
export const sshOptions: readonly string[] = [
  "BatchMode=yes",
  "ConnectTimeout=30",
  "ControlMaster=auto",
  // Short, since a socket's path may have about 100 characters; %C stands for user, host, port and jump host.
  "ControlPath=~/.ssh/gh-%C",
  "ControlPersist=60",
  // A dead line is noticed after a minute, instead of never.
  "ServerAliveInterval=15",
].flatMap((option) => ["-o", option]);

/** What ssh itself ends with when it could not connect, or lost the connection. */
const connectionFailure = 255;

const openTimeoutSeconds = 60;
const lastWordsMilliseconds = 1000;

/** Waits between the attempts of a connection that the server turns away. */
const pausesMilliseconds = [250, 500, 1000, 2000, 4000];

class TurnedAwayError extends EngineSettingsError {}

/** Commands over the system's own `ssh`, so that the user's ssh config decides about keys, known hosts and jump hosts. */
export class SshConnection {
  /** Such as "deploy@staging". */
  readonly label: string;
  private opened: Promise<void> | undefined;

  constructor(private readonly destination: SshDockerHost) {
    const { user, name } = destination;
    this.label = user === undefined ? name : `${user}@${name}`;
  }

  /**
   * The local command that runs a command on the host.
   *
   * @param flags more flags of `ssh`
   */
  buildCommand(command: readonly string[], flags: readonly string[] = []): readonly string[] {
    const { user, name, port } = this.destination;
    return [
      "ssh",
      ...(user === undefined ? [] : ["-l", user]),
      ...(port === undefined ? [] : ["-p", port]),
      ...sshOptions,
      ...flags,
      "-T",
      "--",
      name,
      ...(command.length === 0 ? [] : [renderRemoteCommand(command)]),
    ];
  }

  /**
   * Makes sure of the shared connection, so that what follows does not connect many times at once.
   *
   * @throws EngineSettingsError with what to do
   */
  async open(): Promise<void> {
    this.opened ??= this.untilLetIn(() => this.connect()).catch((thrown: unknown) => {
      this.opened = undefined;
      throw thrown;
    });
    return this.opened;
  }

  /**
   * Runs a command on the host. A failing command is a result, not an error.
   *
   * @throws EngineSettingsError when the connection fails
   */
  async run(
    command: readonly string[],
    input: string | undefined,
    timeoutSeconds: number,
  ): Promise<CommandResult> {
    await this.open();
    return this.untilLetIn(async () => {
      const result = await runCommand(this.buildCommand(command), input, timeoutSeconds);
      if (result.exitCode === connectionFailure) throw this.buildError(result.stderr);
      return result;
    });
  }

  /** Calls `ssh` again as long as the server turns it away before anything has run. */
  async untilLetIn<T>(call: () => Promise<T>): Promise<T> {
    for (const pause of pausesMilliseconds) {
      try {
        return await call();
      } catch (thrown) {
        if (!(thrown instanceof TurnedAwayError)) throw thrown;
        await sleep(pause);
      }
    }
    return call();
  }

  buildError(stderr: string): EngineSettingsError {
    const sentence = explainSshFailure(stderr, this.label, this.destination.name);
    return isTurnedAway(stderr) ? new TurnedAwayError(sentence) : new EngineSettingsError(sentence);
  }

  private async connect(): Promise<void> {
    // ssh takes the home folder from the system's list of users too, whatever HOME says.
    mkdirSync(join(userInfo().homedir, ".ssh"), { recursive: true, mode: 0o700 });
    const [program = "", ...args] = this.buildCommand(["true"]);
    const child = spawn(program, args, {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, LC_ALL: "C" },
    });
    const timer = setTimeout(() => child.kill(), openTimeoutSeconds * 1000);
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const closed = new Promise((resolve) => child.once("close", resolve));
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once("error", (thrown) =>
        reject(
          new EngineSettingsError(
            `${this.label} cannot be reached: the program ssh could not be started (${thrown.message}). Install the OpenSSH client.`,
          ),
        ),
      );
      // Not "close": an older ssh that stays for the shared connection keeps the pipe open.
      child.once("exit", resolve);
    }).finally(() => clearTimeout(timer));
    // Its end can be noticed before its last words are read; what keeps the pipe open writes nothing more.
    if (exitCode !== 0) await Promise.race([closed, sleep(lastWordsMilliseconds)]);
    child.stderr.destroy();
    if (exitCode !== 0) throw this.buildError(stderr);
  }
}

const connections = new Map<string, SshConnection>();

/** The connection to a host, of which a process needs one only. */
export function connectSsh(destination: SshDockerHost): SshConnection {
  const key = JSON.stringify(destination);
  const known = connections.get(key) ?? new SshConnection(destination);
  connections.set(key, known);
  return known;
}

// The user's shell on the host reads it; programs of the system's administrator may not be in a plain user's PATH.
function renderRemoteCommand(command: readonly string[]): string {
  const script = 'PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; exec "$@"';
  return ["exec", "env", "LC_ALL=C", "sh", "-c", script, "sh", ...command].map(quote).join(" ");
}

function quote(argument: string): string {
  return /^[A-Za-z0-9_/.:=@%+,-]+$/.test(argument)
    ? argument
    : `'${argument.replaceAll("'", "'\\''")}'`;
}
