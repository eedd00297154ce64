import { connectDocker } from "../../../../host/docker/connectDocker";
import {
  removeLeftoverContainer,
  removeLeftoverNetwork,
  stopAndRemove,
} from "../../../../host/docker/leftovers";
import { FakeDocker } from "../../support/fakeDocker";

const labels = { "glasshouse.project": "glasshouse", "glasshouse.stack": "test" };
let engine: FakeDocker;

beforeEach(async () => {
  engine = await new FakeDocker().start();
});

afterEach(() => engine.stop());

const container = (name: string, Labels: object, Running = true) => ({
  Name: `/${name}`,
  Config: { Labels },
  State: { Running, Paused: false },
});

describe("removeLeftoverContainer", () => {
  const remove = () => removeLeftoverContainer({ uri: engine.uri }, "shop-1", labels);

  it("has nothing to do where the name is free, or is the beginning of another one's id", async () => {
    await remove();
    engine.inspect = () => container("other", {});
    await remove();
    expect(engine.changes).toStrictEqual([]);
  });

  it("stops and removes one of the stack's own", async () => {
    engine.inspect = () => container("shop-1", { ...labels, other: "too" });
    await remove();
    expect(engine.changes).toStrictEqual([
      "POST /containers/shop-1/stop",
      "DELETE /containers/shop-1",
    ]);
  });

  it.each([{}, { ...labels, "glasshouse.stack": "prod" }])(
    "leaves someone else's (%j), and says what to do",
    async (others) => {
      engine.inspect = () => container("shop-1", others);
      await expect(remove()).rejects.toThrow(
        "The name shop-1 is taken by a container that is not of this stack. Rename it",
      );
      expect(engine.changes).toStrictEqual([]);
    },
  );
});

describe("stopAndRemove", () => {
  const remove = async () =>
    stopAndRemove((await connectDocker({ uri: engine.uri })).getContainer("c1"));

  it("stops one that may still be starting, which waits for its start", async () => {
    engine.inspect = () => container("c1", labels, false);
    engine.answers["POST /containers/c1/stop"] = () => ({ status: 304 });
    await remove();
    expect(engine.changes).toStrictEqual(["POST /containers/c1/stop", "DELETE /containers/c1"]);
  });

  it("does not stop a paused one, which would not answer", async () => {
    engine.inspect = () => ({ ...container("c1", labels), State: { Running: true, Paused: true } });
    await remove();
    expect(engine.changes).toStrictEqual(["DELETE /containers/c1"]);
  });
});

describe("removeLeftoverNetwork", () => {
  const remove = (adopt = true) => removeLeftoverNetwork({ uri: engine.uri }, "net", labels, adopt);

  it("removes one that nothing is on, as a killed first update leaves it", async () => {
    engine.networks["net"] = { Name: "net", Labels: labels, Containers: {} };
    expect(await remove(false)).toBe(true);
    expect(engine.changes).toStrictEqual(["DELETE /networks/net"]);
  });

  it("leaves a stack that runs, unless it is to be taken over", async () => {
    engine.networks["net"] = { Name: "net", Labels: labels, Containers: { a: { Name: "shop-1" } } };
    engine.inspect = () => container("shop-1", labels);
    await expect(remove(false)).rejects.toThrow(
      "net runs on this engine already (shop-1), and this stack's state knows nothing of it.",
    );
    expect(engine.changes).toStrictEqual([]);
  });

  it("takes over the stack's own, with the stack's containers on it", async () => {
    engine.networks["net"] = { Name: "net", Labels: labels, Containers: { a: { Name: "shop-1" } } };
    engine.inspect = () => container("shop-1", labels, false);
    await remove();
    expect(engine.changes).toStrictEqual([
      "POST /containers/shop-1/stop",
      "DELETE /containers/shop-1",
      "DELETE /networks/net",
    ]);
  });

  it("leaves a Swarm's, on which services run, to be used again", async () => {
    const Containers = { a: { Name: "net-shop.1.abc" }, "lb-net": { Name: "net-endpoint" } };
    engine.networks["net"] = { Name: "net", Driver: "overlay", Labels: labels, Containers };
    await expect(remove(false)).rejects.toThrow("net runs on this engine already");
    expect(await remove()).toBe(false);
    expect(engine.changes).toStrictEqual([]);
  });

  it("leaves someone else's network", async () => {
    engine.networks["net"] = { Name: "net", Labels: {} };
    await expect(remove()).rejects.toThrow("taken by a network that is not of this stack");
    expect(engine.changes).toStrictEqual([]);
  });

  it("does not take someone else's container off the network", async () => {
    engine.networks["net"] = { Name: "net", Labels: labels, Containers: { a: { Name: "mine" } } };
    engine.inspect = () => container("mine", {});
    await expect(remove()).rejects.toThrow("`docker network disconnect net mine` frees it");
    expect(engine.changes).toStrictEqual([]);
  });

  it("has nothing to do where there is none", async () => {
    await remove();
    expect(engine.changes).toStrictEqual([]);
  });
});
