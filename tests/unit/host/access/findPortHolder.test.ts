import { findPortHolder } from "../../../../host/access/findPortHolder";
import type { ListedContainer } from "../../../../host/docker/listContainers";

const ownLabels = { "glasshouse.project": "glasshouse", "glasshouse.stack": "staging" };
const labelsOfDev = { "glasshouse.project": "glasshouse", "glasshouse.stack": "dev" };
const wanted = { address: "127.0.0.1", port: 9090 };

const container = (
  name: string,
  Labels: Record<string, string>,
  IP = "127.0.0.1",
): ListedContainer => ({ Names: [`/${name}`], Labels, Ports: [{ IP, PublicPort: 9090 }] });

const find = (containers: ListedContainer[], code?: string) =>
  findPortHolder({ tryListening: async () => code }, containers, wanted, ownLabels);

describe("findPortHolder", () => {
  it("finds nobody where the port is free, or held by the stack itself", async () => {
    expect(await find([])).toBeUndefined();
    expect(await find([container("glasshouse-staging-prometheus", ownLabels)])).toBeUndefined();
  });

  it.each([
    ["prometheus", {}, "`prometheus.publishPort`"],
    ["grafana", {}, "`grafana.publishPort`"],
    ["shop-2", { "glasshouse.app": "shop" }, "`publishPort` of its app shop"],
  ])("names the other stack and its setting: %s", async (part, labels, setting) => {
    const name = `glasshouse-dev-${part}`;
    expect(await find([container(name, { ...labelsOfDev, ...labels })])).toBe(
      `is taken by the stack dev (${setting}, container ${name})`,
    );
  });

  it("names a container that is of no stack, whichever address of the two is every address", async () => {
    expect(await find([container("web", {}, "0.0.0.0")])).toBe("is taken by the container web");
  });

  it("lets another address have the same port", async () => {
    expect(await find([container("web", {}, "127.0.0.2")])).toBeUndefined();
  });

  it.each([
    ["EADDRINUSE", "`ss -ltnp 'sport = :9090'`"],
    ["EADDRNOTAVAIL", "`ip address`"],
  ])("says how to find a program outside of Docker: %s", async (code, words) => {
    expect(await find([], code)).toContain(words);
  });

  it("leaves to the engine what only this user may not do", async () => {
    expect(await find([], "EACCES")).toBeUndefined();
  });
});
