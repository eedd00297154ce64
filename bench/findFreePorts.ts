import { randomInt } from "node:crypto";
import { createServer, type Server } from "node:net";

/** Below these, Linux has its well-known ports; from 32768 on it takes ports for outgoing connections at any time. */
const [lowest, highest] = [20_000, 32_767];

/** Ports of 127.0.0.1 that nobody listens on at the moment, all different, and that no connection takes during a run. */
export async function findFreePorts(count: number): Promise<number[]> {
  const servers = new Map<number, Server>();
  while (servers.size < count) {
    const port = randomInt(lowest, highest + 1);
    const server = await tryListen(port);
    if (server !== undefined) servers.set(port, server);
  }
  await Promise.all(
    [...servers.values()].map((server) => new Promise((resolve) => server.close(resolve))),
  );
  return [...servers.keys()];
}

async function tryListen(port: number): Promise<Server | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}
