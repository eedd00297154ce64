import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { waitForTargets } from "../../../setup/waitForTargets";

let server: Server;
let url: string;
let answer: (asked: number) => object[];

beforeEach(async () => {
  let asked = 0;
  server = createServer((_request, response) =>
    response.end(JSON.stringify({ data: { activeTargets: answer(asked++) } })),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  jest.spyOn(console, "log").mockImplementation();
});

afterEach(async () => {
  jest.restoreAllMocks();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const target = (scrapePool: string, health = "up", lastError = "") => ({
  scrapePool,
  scrapeUrl: `http://${scrapePool}/metrics`,
  health,
  lastError,
});

describe("waitForTargets", () => {
  it("waits until every target is found and up", async () => {
    answer = (asked) => (asked === 0 ? [target("shop", "unknown")] : [target("shop"), target("x")]);
    const targets = await waitForTargets(url, { shop: 1, x: 1 }, 10);
    expect(targets.map(({ job, health }) => [job, health])).toStrictEqual([
      ["shop", "up"],
      ["x", "up"],
    ]);
  });

  it("names every target that is missing, and what Prometheus says of one that is down", async () => {
    answer = () => [target("shop"), target("docker", "down", "connection refused")];
    await expect(waitForTargets(url, { shop: 3, docker: 1 }, 0)).rejects.toThrow(
      "Not every scrape target is up:\n  shop: 1 of 3 targets found\n" +
        "  docker: http://docker/metrics is down connection refused",
    );
  });

  it("names all of them when Prometheus does not answer", async () => {
    await expect(waitForTargets("http://127.0.0.1:1", { shop: 3 }, 0)).rejects.toThrow(
      "shop: 0 of 3 targets found",
    );
  });
});
