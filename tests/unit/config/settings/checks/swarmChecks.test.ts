import { parseSettings } from "../../../../../config/settings/parseSettings";

function findProblems(app: object, swarm: object = { mode: "use" }): string[] {
  const raw = {
    swarm,
    apps: [
      { name: "shop", image: "shop:1", ...app },
      { name: "web", image: "web:1", volumes: [{ name: "up", path: "/up", shared: true }] },
    ],
  };
  const parsed = parseSettings(raw, { fileExists: () => true, secretKeys: new Set() });
  return "problems" in parsed ? parsed.problems.map(({ path, rule }) => `${path} ${rule}`) : [];
}

describe("an app in a Swarm", () => {
  it.each([
    ["nothing else", {}],
    ["replicas", { replicas: 9 }],
    ["a port on every address", { publishPort: 8080, publishAddress: "0.0.0.0" }],
    ["a volume of one replica", { volumes: [{ name: "data", path: "/data" }] }],
    [
      "a volume that replicas share",
      { replicas: 3, volumes: [{ name: "data", path: "/data", shared: true }] },
    ],
    [
      "another app's volume",
      { replicas: 3, volumes: [{ name: "up", path: "/data", from: "web", readOnly: true }] },
    ],
    ["a file", { files: [{ path: "/etc/shop/shop.conf", text: "open" }] }],
    [
      "a placement and how it is updated",
      {
        placement: {
          constraints: ["node.role==worker"],
          spread: ["node.labels.zone"],
          maxReplicasPerNode: 1,
        },
        update: { parallelism: 2, order: "start-first", failureAction: "pause" },
      },
    ],
  ])("may have %s", (_, app) => {
    expect(findProblems(app)).toStrictEqual([]);
  });

  it.each([
    [
      { publishPort: 8080 },
      "apps[0].publishAddress must be 0.0.0.0 in a Swarm, which publishes on every address of a node",
    ],
    [
      { publish: [{ port: 81, hostPort: 8081 }] },
      "apps[0].publish[0].address must be 0.0.0.0 in a Swarm, which publishes on every address of a node",
    ],
    [
      { replicas: 2, publishPort: 8080, publishAddress: "0.0.0.0" },
      "apps[0].publishPort must be left out for 2 replicas: each would take the same port of its node",
    ],
    [
      { replicas: 2, volumes: [{ name: "data", path: "/data" }] },
      "apps[0].volumes[0].shared must be true in a Swarm for 2 replicas, whose services cannot have a volume for each",
    ],
    [
      { files: [{ path: "/etc/shop/shop.conf", text: "open", reload: "SIGHUP" }] },
      "apps[0].files[0].reload must be `replace` in a Swarm, whose files never change in a running replica",
    ],
    [
      { files: [{ path: "/etc/shop/shop.conf", text: "" }] },
      "apps[0].files[0].text must not be empty in a Swarm, which refuses that",
    ],
    [
      { sharedMemoryMb: 128 },
      "apps[0].sharedMemoryMb must be left out in a Swarm, whose services have 64 MiB",
    ],
    [
      {
        volumes: [{ name: "data", path: "/data" }],
        placement: { constraints: ["node.role==worker"] },
      },
      "apps[0].placement must have no `constraints` and no `spread`: the app's volume is on the manager that `host.uri` names, so that it runs there",
    ],
    [
      {
        volumes: [{ name: "data", path: "/data" }],
        update: { order: "start-first" },
      },
      "apps[0].update.order must be `stop-first` for an app with a volume, which two replicas cannot have at a time",
    ],
    [
      { placement: { constraints: ["worker"] } },
      "apps[0].placement.constraints[0] must compare an attribute of nodes, such as `node.labels.disk==ssd`",
    ],
  ])("may not have %j", (app, problem) => {
    expect(findProblems(app)).toStrictEqual([problem]);
  });
});

describe("an app without a Swarm", () => {
  it("has neither a placement nor a way to be updated", () => {
    expect(findProblems({ placement: {}, update: {} }, { mode: "off" })).toStrictEqual([
      "apps[0].placement is for a Swarm only",
      "apps[0].update is for a Swarm only",
    ]);
  });

  it("has neither nodes nor a registry for them", () => {
    const nodes = [{ uri: "ssh://me@node-2" }];
    expect(findProblems({}, { nodes, registry: "registry.example" })).toStrictEqual([
      "swarm.nodes is for a Swarm only",
      "swarm.registry is for a Swarm only",
    ]);
  });
});

describe("an app in a Swarm whose image is built", () => {
  const app = {
    image: undefined,
    build: { context: "." },
    placement: { constraints: ["node.role==worker"] },
  };

  it("may be placed as soon as its image reaches the nodes", () => {
    const rule =
      "apps[0].placement must have no `constraints` and no `spread`: the app's built image is on the manager that `host.uri` names, so that it runs there";
    expect(findProblems(app)).toStrictEqual([rule]);
    const nodes = [{ uri: "ssh://me@node-2" }];
    expect(findProblems(app, { mode: "use", nodes })).toStrictEqual([]);
    expect(findProblems(app, { mode: "use", registry: "registry.example/team" })).toStrictEqual([]);
  });

  it("needs engines and a registry that can be read", () => {
    const swarm = { mode: "use", nodes: [{ uri: "node-2" }], registry: "team" };
    expect(findProblems({}, swarm)).toStrictEqual([
      "swarm.nodes[0].uri must be `unix://` and the path of the engine's socket, `ssh://user@name`, or `tcp://name:2376`",
      "swarm.registry must be a registry, with a path if it has one, such as `registry.example:5000/team`",
    ]);
  });
});
