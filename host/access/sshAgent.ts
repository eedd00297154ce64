import { spawn } from "node:child_process";
import { Agent } from "node:http";
import type { Duplex } from "node:stream";
import { CommandSocket } from "./commandSocket";
import { explainDockerFailure } from "./sshFailures";
import { EngineSettingsError } from "../daemon/engineSettingsError";
import type { SshConnection } from "./sshConnection";
import { waitForGreeting } from "./waitForGreeting";

/** A server allows 10 sessions over one connection (sshd's MaxSessions): some stay free for commands and the provider. */
const limits = { maxSockets: 5, maxFreeSockets: 3 };

type Opened = (error: Error | null, socket: Duplex) => void;

/** Speaks HTTP over the input and output of a command that `ssh` runs. */
class CommandAgent extends Agent {
  constructor(
    private readonly connection: SshConnection,
    private readonly command: readonly string[],
    private readonly explain: (stderr: string) => Error,
    /** What the command says as soon as it runs. @default it waits for the other side to speak */
    private readonly greeting?: string,
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
    return this.connection.untilLetIn(async () => {
      const [program = "", ...args] = this.command;
      const child = spawn(program, args, { stdio: "pipe", env: { ...process.env, LC_ALL: "C" } });
      if (this.greeting !== undefined) await waitForGreeting(child, this.greeting, this.explain);
      return new CommandSocket(child, this.explain);
    });
  }
}

const engineAgents = new WeakMap<SshConnection, Agent>();

/** The API of the engine behind a connection, the way Docker's own command line reaches it. */
export function findEngineAgent(connection: SshConnection): Agent {
  const known = engineAgents.get(connection);
  if (known !== undefined) return known;
  const greeting = "glasshouse\n";
  const script = `echo ${greeting.trim()}; exec docker system dial-stdio`;
  const command = connection.buildCommand(["sh", "-c", script]);
  const explain = (stderr: string): Error => {
    const { label } = connection;
    const sentence = explainDockerFailure(stderr, label);
    if (sentence !== undefined) return new EngineSettingsError(sentence);
    return /daemon|docker\.sock/.test(stderr)
      ? new EngineSettingsError(`the engine of ${label} does not answer: ${stderr.trim()}`)
      : connection.buildError(stderr);
  };
  const agent = new CommandAgent(connection, command, explain, greeting);
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
