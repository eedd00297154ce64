import { rejectForeignMembers } from "../../../cli/rejectForeignMembers";
import { FakeDocker } from "../support/fakeDocker";

let engine: FakeDocker;

beforeEach(async () => {
  engine = await new FakeDocker().start();
});

afterEach(() => engine.stop());

function exportState() {
  const parent = "urn:pulumi:test::glasshouse::glasshouse:app:App::shop";
  const base = "urn:pulumi:test::glasshouse::";
  return {
    deployment: {
      resources: [
        {
          urn: `${base}pulumi:providers:docker::host-engine`,
          type: "pulumi:providers:docker",
          inputs: { host: engine.uri },
        },
        {
          urn: `${base}glasshouse:resources:BridgeNetwork::network-bridge`,
          type: "glasshouse:resources:BridgeNetwork",
          id: "abc",
          inputs: { dockerHost: { uri: engine.uri }, name: "glasshouse-test" },
        },
        {
          urn: `${base}docker:index/container:Container::shop-1`,
          type: "docker:index/container:Container",
          id: "c1",
          parent,
          inputs: { name: "glasshouse-test-shop-1", image: "x" },
        },
      ],
    },
  };
}

const list = (...entries: [string, Record<string, string>][]) => ({
  status: 200,
  body: entries.map(([Id, Labels]) => ({ Id, Names: [`/${Id}`], Labels })),
});

it("names others' containers on the stack's network before anything is removed", async () => {
  const own = { "glasshouse.project": "glasshouse", "glasshouse.stack": "test" };
  const Containers = { c1: { Name: "shop-1" }, c2: { Name: "left" }, c3: { Name: "curl" } };
  engine.networks["abc"] = { Name: "glasshouse-test", Containers };
  engine.answers["GET /containers/json"] = () => list(["c1", own], ["c2", own], ["c3", {}]);
  await expect(rejectForeignMembers(exportState(), "test")).rejects.toThrow(
    new RegExp(
      `Nothing was changed[^]*:\n  docker --host ${engine.uri} network disconnect glasshouse-test curl$`,
    ),
  );
  expect(engine.changes).toStrictEqual([]);
});

it("has nothing to say of a network that is gone, or that only the stack's own are on", async () => {
  await rejectForeignMembers(exportState(), "test");
  engine.networks["abc"] = { Name: "glasshouse-test", Containers: { c1: { Name: "shop-1" } } };
  engine.answers["GET /containers/json"] = () => list(["c1", {}]);
  await rejectForeignMembers(exportState(), "test");
});
