import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import type Docker from "dockerode";
import { execToEnd } from "./execToEnd";

/** How a port inside a container answers its network; `unknown` where that cannot be told. */
export type PortAnswer = "answers" | "silent" | "unknown";

/** Where a connection is refused, the next try costs nothing. */
const retryMilliseconds = 25;
const connectTimeoutMilliseconds = 1000;

/**
 * Asks whether something in a container accepts connections on a port from its network. On the engine's own machine it is connected
 * to; elsewhere, and where the engine has networks of its own, the container's list of sockets is read, which needs `cat` in its
 * image.
 *
 * @param milliseconds how long it may take until it answers
 */
export async function askPort(
  container: Docker.Container,
  info: Docker.ContainerInspectInfo,
  port: number,
  milliseconds: number,
): Promise<PortAnswer> {
  const address = findLocalAddress(info);
  if (address !== undefined) {
    const answer = await connectWithin(address, port, milliseconds);
    if (answer !== "unknown") return answer;
  }
  const sockets = await readListeners(container);
  if (sockets === undefined) return "unknown";
  return sockets.some((socket) => socket.port === port && !socket.isLoopback)
    ? "answers"
    : "silent";
}

/** A socket that waits for connections. */
export interface Listener {
  readonly port: number;
  /** Whether it takes connections from inside the container only. */
  readonly isLoopback: boolean;
}

/** @returns undefined where the container's image has no `cat` */
export async function readListeners(container: Docker.Container): Promise<Listener[] | undefined> {
  // Without IPv6 the second one is missing.
  const command = ["cat", "/proc/net/tcp", "/proc/net/tcp6"];
  const { output } = await execToEnd(container, command);
  return output.includes("local_address") ? parseListeners(output) : undefined;
}

/** @see https://docs.kernel.org/networking/proc_net_tcp.html */
const listenState = "0A";

function parseListeners(table: string): Listener[] {
  return table.split("\n").flatMap((line) => {
    const [, address, port, state] =
      /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) \S+ ([0-9A-F]{2}) /.exec(line) ?? [];
    if (address === undefined || port === undefined || state !== listenState) return [];
    // Each group of four bytes is in the host's order.
    const isLoopback = /^(?:[0-9A-F]{6}7F|0{24}01000000|0{16}FFFF0000[0-9A-F]{6}7F)$/.test(address);
    return [{ port: parseInt(port, 16), isLoopback }];
  });
}

/**
 * An address of a container that this machine reaches: one on a bridge of this machine. An engine elsewhere may give out the same
 * addresses, but its bridges bear its networks' ids.
 */
function findLocalAddress({ NetworkSettings }: Docker.ContainerInspectInfo): string | undefined {
  const interfaces = networkInterfaces();
  const { Networks = {} } = NetworkSettings as Reached;
  const near = Object.values(Networks).find(
    ({ IPAddress = "", NetworkID = "" }) =>
      IPAddress !== "" && interfaces[`br-${NetworkID.slice(0, 12)}`] !== undefined,
  );
  return near?.IPAddress;
}

/** What Podman and a container that is not on its network yet leave out. */
interface Reached {
  readonly Networks?: Readonly<Record<string, { IPAddress?: string; NetworkID?: string }>>;
}

async function connectWithin(
  address: string,
  port: number,
  milliseconds: number,
): Promise<PortAnswer> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const answer = await connectOnce(address, port);
    if (answer !== "silent" || Date.now() >= deadline) return answer;
    await new Promise((resolve) => setTimeout(resolve, retryMilliseconds));
  }
}

function connectOnce(address: string, port: number): Promise<PortAnswer> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: connectTimeoutMilliseconds });
    const end = (answer: PortAnswer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on("connect", () => end("answers"));
    socket.on("timeout", () => end("unknown"));
    socket.on("error", ({ code }: NodeJS.ErrnoException) =>
      end(code === "ECONNREFUSED" ? "silent" : "unknown"),
    );
  });
}
