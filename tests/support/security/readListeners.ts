import { readFile } from "node:fs/promises";

/** The state of a listening socket in the kernel's tables. */
const listening = "0A";

/** Where the host listens on TCP, as `address:port`, for those of the ports that someone listens on. */
export async function readListeners(ports: readonly number[]): Promise<string[]> {
  const tables = await Promise.all(
    ["/proc/net/tcp", "/proc/net/tcp6"].map((path) => readFile(path, "utf8")),
  );
  return tables
    .flatMap((table) => table.trim().split("\n").slice(1))
    .flatMap((line) => {
      const [, local = "", , state] = line.trim().split(/\s+/);
      const [address = "", port = ""] = local.split(":");
      const isWanted = state === listening && ports.includes(parseInt(port, 16));
      return isWanted ? [`${renderAddress(address)}:${parseInt(port, 16)}`] : [];
    })
    .sort();
}

/** The kernel writes an IPv4 address as one number in the processor's byte order. */
function renderAddress(hex: string): string {
  if (hex.length !== 8) return `[${hex}]`;
  const bytes = hex.match(/../g)!.map((byte) => parseInt(byte, 16));
  return bytes.reverse().join(".");
}
