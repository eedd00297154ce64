import { createServer, type AddressInfo, type Server } from "node:net";
import { findFreePorts } from "../../bench/findFreePorts";

export { findFreePorts };

/** The first of so many ports of 127.0.0.1 that follow each other, and that nobody listens on at the moment. */
export async function findPortRow(count: number): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const [first = 0] = await findFreePorts(1);
    const row = Array.from({ length: count }, (_, index) => first + index);
    const servers = await Promise.allSettled(row.map((port) => occupyPort(port)));
    const taken = servers.flatMap((server) => (server.status === "fulfilled" ? server.value : []));
    await Promise.all(taken.map(closeServer));
    if (taken.length === count) return first;
  }
  throw new Error(`found no ${count} free ports in a row`);
}

/**
 * Takes a port of 127.0.0.1, as any other program of the host could.
 *
 * @param port default: any that is free
 */
export async function occupyPort(port = 0): Promise<Server> {
  // Whoever connects is let go at once: a connection that stays open would keep the server from closing.
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  return server;
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
