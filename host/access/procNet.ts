import { isIPv4 } from "node:net";

/** As the kernel notes it in `/proc/net/tcp`: a listening socket. */
const listening = "0A";

/** What Linux says about its network, for a host on which this program cannot listen itself. */
export interface ProcNet {
  /** `/proc/net/tcp` */
  readonly tcp: string;
  /** `/proc/net/tcp6` */
  readonly tcp6: string;
  /** `/proc/net/fib_trie` */
  readonly routes: string;
}

/**
 * What listening on an IPv4 address would run into: `EADDRINUSE`, `EADDRNOTAVAIL`, or nothing.
 *
 * @see https://docs.kernel.org/networking/proc_net_tcp.html
 */
export function findListenProblem(
  { tcp, tcp6, routes }: ProcNet,
  address: string,
  port: number,
): string | undefined {
  const isAny = address === "0.0.0.0";
  if (isIPv4(address) && !isAny && !isOwnAddress(routes, address)) return "EADDRNOTAVAIL";
  // A listener on all addresses of IPv6 usually takes IPv4 as well.
  const isTaken =
    listListeners(tcp).some((held) => {
      const isSame = held.address === encodeIpv4(address) || /^0+$/.test(held.address);
      return held.port === port && (isAny || isSame);
    }) || listListeners(tcp6).some((held) => held.port === port && /^0+$/.test(held.address));
  return isTaken ? "EADDRINUSE" : undefined;
}

interface Listener {
  /** In the kernel's spelling. */
  readonly address: string;
  readonly port: number;
}

function listListeners(table: string): Listener[] {
  return table
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const [, local = "", , state] = line.trim().split(/\s+/);
      const [address = "", port = ""] = local.split(":");
      return state === listening ? [{ address, port: Number.parseInt(port, 16) }] : [];
    });
}

/** The whole of 127.0.0.0/8 is a host's own; every other address stands before a line that says so. */
function isOwnAddress(routes: string, address: string): boolean {
  const entry = new RegExp(`\\|-- ${address.replaceAll(".", "\\.")}\\n[^\\n]*/32 host LOCAL`);
  return address.startsWith("127.") || entry.test(routes);
}

/** The kernel writes the four bytes as one number in the machine's own order, the last byte first on today's machines. */
function encodeIpv4(address: string): string {
  const octets = address.split(".").map((octet) => Number(octet).toString(16).padStart(2, "0"));
  return octets.reverse().join("").toUpperCase();
}
