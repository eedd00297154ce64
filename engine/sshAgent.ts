import { spawn } from "node:child_process";
import { Agent } from "node:http";
import type { Duplex } from "node:stream";
import { CommandSocket } from "./commandSocket";
import { explainDockerFailure } from "./sshFailures";
import { EngineSettingsError } from "./engineSettingsError";
import type { SshConnection } from "./sshConnection";

/** A server allows 10 sessions over one connection (sshd's MaxSessions): some stay free for commands and the provider. */
const limits = { maxSockets: 5, maxFreeSockets: 3 };

type Opened = (error: Error | null, socket: Duplex) => void;

/** Speaks HTTP over the input and output of a command that `ssh` runs. */
class CommandAgent extends Agent {
  constructor(
    private readonly connection: SshConnection,
    private readonly command: readonly string[],
    private readonly explain: (stderr: string) => Error,
  ) {
    super({ keepAlive: true, ...limits });
  }

  // Node.js always brings the callback, and takes an error without a socket; the types know neither.
  override createConnection(_options: unknown, opened?: Opened): undefined {
    this.open().then(
      (socket) => opened?.(null, socket),
      (thrown: unknown) => (opened as ((error: unknown) => void) | undefined)?.(thrown),
    );
  }

  private async open(): Promise<CommandSocket> {
    await this.connection.open();
    const [program = "", ...args] = this.command;
    const env = { ...process.env, LC_ALL: "C" };
    return new CommandSocket(spawn(program, args, { stdio: "pipe", env }), this.explain);
  }
}

const engineAgents = new WeakMap<SshConnection, Agent>();

/** The API of the engine behind a connection, the way Docker's own command line reaches it. */
export function findEngineAgent(connection: SshConnection): Agent {
  const known = engineAgents.get(connection);
  if (known !== undefined) return known;
  const command = connection.buildCommand(["docker", "system", "dial-stdio"]);
  const agent = new CommandAgent(connection, command, (stderr) => {
    const { label } = connection;
    const sentence = explainDockerFailure(stderr, label);
    if (sentence !== undefined) return new EngineSettingsError(sentence);
    return /daemon|docker\.sock/.test(stderr)
      ? new EngineSettingsError(`the engine of ${label} does not answer: ${stderr.trim()}`)
      : connection.buildError(stderr);
  });
  engineAgents.set(connection, agent);
  return agent;
}

/**
 * A TCP address as the host itself sees it, forwarded by ssh, or by a shell on the host where the server forbids that.
 *
 * @param byShell a host that forbids forwarding
 */
export function buildForwardAgent(
  connection: SshConnection,
  address: string,
  byShell: boolean,
): Agent {
  const { hostname, port } = new URL(`http://${address}`);
  const script = 'exec 3<>"/dev/tcp/$1/$2"; cat <&3 & exec cat >&3';
  const command = byShell
    ? connection.buildCommand([
        "bash",
        "-c",
        script,
        "bash",
        hostname.replace(/^\[|\]$/g, ""),
        port,
      ])
    : connection.buildCommand([], ["-W", address]);
  return new CommandAgent(connection, command, (stderr) => new EngineSettingsError(stderr.trim()));
}
