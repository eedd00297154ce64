import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { waitForTargets, type WaitForTargetsArgs } from "../../../cli/waitForTargets";

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

const wait = (expected: Readonly<Record<string, number>>, args: Partial<WaitForTargetsArgs> = {}) =>
  waitForTargets({ prometheus: { url }, expected, timeoutSeconds: 0, ...args });

describe("waitForTargets", () => {
  it("waits until every target is found and up", async () => {
    answer = (asked) => (asked === 0 ? [target("shop", "unknown")] : [target("shop"), target("x")]);
    const targets = await wait({ shop: 1, x: 1 }, { timeoutSeconds: 10 });
    expect(targets.map(({ job, health }) => [job, health])).toStrictEqual([
      ["shop", "up"],
      ["x", "up"],
    ]);
  });

  it("names every target that is missing, and what Prometheus says of one that is down", async () => {
    answer = () => [target("shop"), target("docker", "down", "connection refused")];
    await expect(wait({ shop: 3, docker: 1 })).rejects.toThrow(
      "Not every scrape target is up:\n  shop: 1 of 3 targets found\n" +
        "  docker: http://docker/metrics is down: nothing listens on that port (connection refused)\n" +
        "Everything is deployed. `npm run doctor` says what is wrong with these, and how to fix it.",
    );
  });

  it("takes a target on each further node of a Swarm as it comes, and of no other job one too many", async () => {
    answer = () => [target("node"), target("node"), target("shop"), target("shop")];
    await expect(wait({ node: 1, shop: 1 }, { jobsOnNodes: ["node"] })).rejects.toThrow(
      "Not every scrape target is up:\n  shop: 2 of 1 targets found\nEverything",
    );
    await expect(wait({ node: 3, shop: 2 }, { jobsOnNodes: ["node"] })).rejects.toThrow(
      "node: 2 of 3 targets found",
    );
  });

  it("does not wait for a target of somebody else's", async () => {
    answer = () => [target("shop"), target("nas", "down", "connection refused")];
    await expect(wait({ shop: 1 })).resolves.toHaveLength(2);
  });

  it.each([
    ["body size limit exceeded", "its answer is longer than prometheus.maxScrapeMb allows"],
    ["sample limit exceeded", "it answers more samples than prometheus.maxScrapeSamples allows"],
    ['expected a valid start token, got "<" ("INVALID")', "its answer is not in a metrics format"],
    [
      `Get "http://cache:6379/metrics": net/http: HTTP/1.x transport connection broken: malformed HTTP response "-ERR"`,
      "its port speaks no HTTP",
    ],
    [
      'Get "http://db:5432/metrics": EOF',
      "it closed the connection without an answer, as a port does that speaks no HTTP",
    ],
    ['Get "http://x:80/metrics": context deadline exceeded', "it did not answer in time"],
  ])("says in plain words what `%s` means", async (lastError, meaning) => {
    answer = () => [target("shop", "down", lastError)];
    await expect(wait({ shop: 1 })).rejects.toThrow(
      `shop: http://shop/metrics is down: ${meaning} (${lastError})`,
    );
  });

  it("names a target that Prometheus has only just found", async () => {
    answer = () => [target("shop", "unknown")];
    await expect(wait({ shop: 1 })).rejects.toThrow(
      "shop: http://shop/metrics was not scraped yet",
    );
  });

  it("waits no longer once it is interrupted", async () => {
    answer = () => [];
    const signal = AbortSignal.abort(new Error("Interrupted by SIGINT."));
    await expect(wait({ shop: 1 }, { timeoutSeconds: 10, signal })).rejects.toThrow(
      "Interrupted by SIGINT.",
    );
  });

  it("names all of them when Prometheus does not answer", async () => {
    await expect(wait({ shop: 3 }, { prometheus: { url: "http://127.0.0.1:1" } })).rejects.toThrow(
      "shop: 0 of 3 targets found",
    );
  });
});
