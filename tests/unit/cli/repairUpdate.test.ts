import type Docker from "dockerode";
import { removeUnknownContainers, repairInterruptedUpdate } from "../../../cli/ensureStack";
import type { PulumiSession } from "../../../cli/pulumiSession";
import { pulumi } from "../../../cli/pulumiSession";
import { run } from "../../../cli/run";
import { readStackHost } from "../../../cli/stackHost";
import { connectDocker } from "../../../host/docker/connectDocker";
import { listHelpers } from "../../../host/docker/leftovers";
import { labels } from "../../../host/labels";

jest.mock("../../../cli/pulumiSession");
jest.mock("../../../cli/run");
jest.mock("../../../cli/stackHost");
jest.mock("../../../host/docker/connectDocker");
jest.mock("../../../host/docker/leftovers", () => ({
  ...jest.requireActual<object>("../../../host/docker/leftovers"),
  listHelpers: jest.fn(),
}));

const session: PulumiSession = {
  program: "pulumi",
  env: {},
  stateFolder: undefined,
  hasGeneratedPassphrase: false,
};
const container = (name: string) => ({
  urn: `urn:pulumi:test::glasshouse::docker:index/container:Container::${name}`,
  type: "docker:index/container:Container",
  id: `id-${name}`,
  inputs: { name },
});
const network = {
  urn: "urn:pulumi:test::glasshouse::glasshouse:resources:BridgeNetwork::network",
  type: "glasshouse:resources:BridgeNetwork",
  id: "id-network",
  inputs: { name: "glasshouse-test" },
};
const volume = {
  urn: "urn:pulumi:test::glasshouse::glasshouse:resources:Volume::data",
  type: "glasshouse:resources:Volume",
  id: "glasshouse-test-prometheus-data",
  inputs: { name: "glasshouse-test-prometheus-data" },
};
const provider = {
  urn: "urn:pulumi:test::glasshouse::pulumi:providers:docker::docker",
  type: "pulumi:providers:docker",
  id: "id-provider",
  inputs: { host: "ssh://root@shelf" },
};
const known = [container("shop-1"), network, volume];

/** What the engine was asked to remove, in order. */
let removed: string[];
/** Ids of the containers that it was asked to stop. */
let stopped: string[];
/** What the engine refuses to remove. */
let stuck: ReadonlySet<string>;
let inSwarm: boolean;
let filters: unknown[];

function stateOf(deployment: object): void {
  jest.mocked(pulumi).mockResolvedValue(JSON.stringify({ version: 3, deployment }));
}

beforeEach(() => {
  removed = [];
  stopped = [];
  stuck = new Set();
  filters = [];
  inSwarm = false;
  const remove = (kind: string) => (id: string) => ({
    inspect: () => Promise.resolve({ State: { Paused: false } }),
    stop: () => {
      stopped.push(id);
      return Promise.resolve();
    },
    remove: (options?: object) => {
      removed.push([kind, id, ...(options ? [JSON.stringify(options)] : [])].join(" "));
      return stuck.has(id) ? Promise.reject(new Error("removal in progress")) : Promise.resolve();
    },
  });
  const docker = {
    listContainers: (options: { filters: unknown }) => {
      filters.push(options.filters);
      const names = ["shop-1", "till-1", "till-2"];
      const tasks = inSwarm ? ["task"] : [];
      return Promise.resolve([
        ...names.map((name) => ({ Id: `id-${name}`, Names: [`/${name}`], Labels: {} })),
        ...tasks.map((name) => ({
          Id: `id-${name}`,
          Names: [`/${name}`],
          Labels: { "com.docker.swarm.service.id": "id-shop-service" },
        })),
      ]);
    },
    listServices: (options: { filters: unknown }) => {
      filters.push(options.filters);
      return inSwarm
        ? Promise.resolve([
            { ID: "id-shop-service", Spec: { Name: "glasshouse-test-shop" } },
            { ID: "id-lost-service", Spec: { Name: "glasshouse-test-lost" } },
          ])
        : Promise.reject(Object.assign(new Error("not a swarm manager"), { statusCode: 503 }));
    },
    listNetworks: (options: { filters: unknown }) => {
      filters.push(options.filters);
      return Promise.resolve([
        { Id: "id-network", Name: "glasshouse-test" },
        { Id: "id-second", Name: "glasshouse-test" },
      ]);
    },
    getContainer: remove("container"),
    getNetwork: remove("network"),
    getService: remove("service"),
  } as unknown as Docker;
  jest.mocked(connectDocker).mockReset().mockResolvedValue(docker);
  jest.mocked(listHelpers).mockReset().mockResolvedValue([]);
  jest.mocked(readStackHost).mockReset().mockReturnValue({ uri: "ssh://root@attic" });
  jest.mocked(run).mockReset().mockResolvedValue({ exitCode: 0, stdout: "", stderr: "" });
  jest.spyOn(console, "log").mockImplementation();
});
afterEach(() => jest.restoreAllMocks());

describe("what the state does not know", () => {
  it("is removed, and what it knows is kept; volumes are not asked for", async () => {
    stateOf({ resources: known });
    await removeUnknownContainers(session, "test");
    expect(removed).toStrictEqual([
      'container id-till-1 {"force":true}',
      'container id-till-2 {"force":true}',
      "network id-second",
    ]);
    expect(stopped).toStrictEqual(["id-till-1", "id-till-2"]);
  });

  it("includes services, whose own containers are left to the Swarm", async () => {
    inSwarm = true;
    stateOf({ resources: [...known, { ...container("shop"), id: "id-shop-service" }] });
    await removeUnknownContainers(session, "test");
    expect(removed).toContain("service id-lost-service");
    expect(removed.join()).not.toMatch(/id-shop-service|id-task/);
  });

  it("is looked for by the stack's labels only", async () => {
    stateOf({ resources: known });
    await removeUnknownContainers(session, "test");
    const label = [`${labels.project}=glasshouse`, `${labels.stack}=test`];
    expect(filters).toStrictEqual([{ label }, { label }, { label }]);
  });

  it("is everything where the state is empty", async () => {
    stateOf({});
    await removeUnknownContainers(session, "test");
    expect(removed).toHaveLength(5);
  });

  it("goes on where someone else removes at the same time", async () => {
    stuck = new Set(["id-till-1", "id-second"]);
    stateOf({ resources: known });
    await removeUnknownContainers(session, "test");
    expect(removed).toHaveLength(3);
  });

  it("includes the helpers of the stack's volumes, which go before the networks", async () => {
    stateOf({ resources: known });
    jest.mocked(listHelpers).mockResolvedValue([{ Id: "id-writer" }] as never);
    await removeUnknownContainers(session, "test");
    expect(jest.mocked(listHelpers).mock.calls[0]?.[1]).toStrictEqual([volume.id]);
    expect(removed.slice(-2)).toStrictEqual([
      'container id-writer {"force":true}',
      "network id-second",
    ]);
  });

  it("is looked for on the host that the state names, and on the stack file's when it names none", async () => {
    stateOf({ resources: [...known, provider] });
    await removeUnknownContainers(session, "test");
    stateOf({ resources: [] });
    await removeUnknownContainers(session, "test");
    expect(jest.mocked(connectDocker).mock.calls).toStrictEqual([
      [{ uri: "ssh://root@shelf" }],
      [{ uri: "ssh://root@attic" }],
    ]);
  });
});

describe("an interrupted update", () => {
  const pending = [{ type: "creating", resource: container("till-1") }];

  it("is not repaired where there was none", async () => {
    stateOf({ resources: known });
    await repairInterruptedUpdate(session, "test");
    expect({ removed, runs: jest.mocked(run).mock.calls }).toStrictEqual({ removed: [], runs: [] });
  });

  it("loses what it was about to do, and nothing else of the state", async () => {
    stateOf({ resources: known, manifest: { time: "now" }, pending_operations: pending });
    await repairInterruptedUpdate(session, "test");
    const [command, options] = jest.mocked(run).mock.calls[0] ?? [];
    expect(command).toStrictEqual(["pulumi", "stack", "import", "--stack", "test"]);
    expect(JSON.parse(options?.input as string)).toStrictEqual({
      version: 3,
      deployment: { resources: known, manifest: { time: "now" } },
    });
    expect(removed).toHaveLength(3);
  });

  it("is an error when Pulumi refuses the repaired state", async () => {
    stateOf({ resources: known, pending_operations: pending });
    jest.mocked(run).mockResolvedValue({ exitCode: 255, stdout: "", stderr: "no such stack\n" });
    await expect(repairInterruptedUpdate(session, "test")).rejects.toThrow(
      "The stack's state could not be repaired: no such stack",
    );
  });
});
