import { rejectUnreachedNodes } from "../../../../components/preflight/rejectUnreachedNodes";
import { FakeDocker } from "../../support/fakeDocker";
import { recordPulumi } from "../../support/pulumiMocks";
import { buildSettings } from "../../support/testSettings";

let manager: FakeDocker;
let worker: FakeDocker;

beforeAll(() => recordPulumi());

beforeEach(async () => {
  manager = await new FakeDocker().start();
  worker = await new FakeDocker().start();
  manager.info = { Swarm: { LocalNodeState: "active", NodeID: "1" } };
  worker.info = { Swarm: { LocalNodeState: "active", NodeID: "2" } };
  const node = (ID: string, Hostname: string) => ({
    ID,
    Description: { Hostname },
    Spec: { Availability: "active" },
    Status: { State: "ready" },
  });
  manager.answers["GET /nodes"] = () => ({
    status: 200,
    body: [node("1", "one"), node("2", "two"), node("3", "three")],
  });
});

afterEach(async () => {
  await manager.stop();
  await worker.stop();
});

const build = { context: "tests/support/apps/tiny" };
const volumes = [{ name: "data", path: "/data" }];
const reject = (swarm: object, app: object = { build }) =>
  rejectUnreachedNodes(
    buildSettings({
      host: { uri: manager.uri },
      swarm: { mode: "use", ...swarm },
      apps: [{ name: "shop", ...app }],
    }),
  );

it("names nodes that would be given a replica without its image, and the ways out", async () => {
  const silent = { uri: "unix:///nowhere/docker.sock" };
  const refused = reject({ nodes: [{ uri: worker.uri }, silent] });
  await expect(refused).rejects.toThrow(
    /handed the images that are built here \(shop\)\. Nothing was changed\.\n {2}three\n {2}unix:\/\/\/nowhere\/docker\.sock does not answer: .*\n.*`swarm\.nodes`.*`swarm\.registry`/,
  );
});

it.each([
  ["the images come from a registry", { nodes: [], registry: "registry.example" }, undefined],
  ["no engine is named, so that the app stays on the manager", {}, undefined],
  ["the app has to stay on the manager", {}, { build, volumes }],
  ["its image is not built", {}, { image: "shop:1" }],
])("refuses nothing where %s", async (_, swarm, app) => {
  const nodes = app === undefined ? [] : [{ uri: worker.uri }];
  await reject({ nodes, ...swarm }, app);
});
