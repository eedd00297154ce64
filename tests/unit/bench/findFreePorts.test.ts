import { createServer } from "node:net";
import { findFreePorts } from "../../../bench/findFreePorts";

it("finds different ports, which can be listened on and are no outgoing connection's", async () => {
  const ports = await findFreePorts(4);
  expect(new Set(ports).size).toBe(4);
  for (const port of ports) {
    expect(port).toBeLessThan(32_768);
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(port, "127.0.0.1", resolve);
    });
    await new Promise((resolve) => server.close(resolve));
  }
});
