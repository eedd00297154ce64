import type { IncomingHttpHeaders } from "node:http";
import { UnfinishedCreation } from "../../../../resources/crud";
import type { SwarmServiceInputs } from "../../../../resources/swarmService/inputs";
import { provider, type SwarmServiceOutputs } from "../../../../resources/swarmService/provider";
import type { ServiceSpec } from "../../../../resources/swarmService/serviceSpec";
import { FakeDocker } from "../../support/fakeDocker";
import { useFasterClock } from "../../support/fasterClock";

useFasterClock(10);

interface Service {
  ID: string;
  Version: { Index: number };
  Spec: ServiceSpec;
  PreviousSpec?: ServiceSpec;
  UpdateStatus?: { State: string; Message: string };
}

let engine: FakeDocker;
let inputs: SwarmServiceInputs;
let service: Service | undefined;
let tasks: object[];
let secrets: { ID: string; Spec: { Name: string } }[];

const label = { "glasshouse.stack": "test" };
const runningTask = (slot: number) => ({
  ID: `task-${slot}`,
  Slot: slot,
  NodeID: "node-1",
  DesiredState: "running",
  Status: { State: "running", Timestamp: `2026-01-0${slot}T00:00:00Z` },
});

beforeEach(async () => {
  engine = await new FakeDocker().start();
  inputs = {
    dockerHost: { uri: engine.uri },
    name: "glasshouse-test-shop",
    hostname: "shop",
    labels: label,
    containerLabels: {},
    image: "registry.example/shop:1",
    imageId: "sha256:shop",
    logins: [],
    onManagerOnly: false,
    replicas: 2,
    user: "65532:65532",
    stopGraceSeconds: 10,
    environment: { MODE: "open" },
    readOnly: true,
    writablePaths: ["/tmp"],
    capabilities: ["NET_ADMIN"],
    ulimits: {},
    hosts: { host: "host-gateway" },
    memoryMb: 64,
    cpus: 0.5,
    pids: 200,
    ports: [{ port: 80, hostPort: 8080 }],
    volumes: [],
    networks: [{ name: "glasshouse-test", alias: "shop" }],
    configs: {},
    secrets: { "/run/secrets/KEY": "hush" },
    placement: { constraints: [], spread: [] },
    update: {
      parallelism: 1,
      order: "start-first",
      monitorSeconds: 5,
      failureAction: "rollback",
    },
    startTimeoutSeconds: 1,
  };
  service = undefined;
  secrets = [];
  tasks = [runningTask(1), runningTask(2)];
  engine.info = { Swarm: { LocalNodeState: "active", NodeID: "node-1" } };
  const found = () =>
    service === undefined
      ? { status: 404, body: { message: "service not found" } }
      : { status: 200, body: service };
  engine.answers["GET /services/glasshouse-test-shop"] = found;
  engine.answers["GET /services/service-1"] = found;
  engine.answers["GET /tasks"] = () => ({ status: 200, body: tasks });
  engine.answers["GET /nodes"] = () => ({
    status: 200,
    body: [{ ID: "node-1", Description: { Hostname: "box" } }],
  });
  engine.answers["GET /configs"] = () => ({ status: 200, body: [] });
  engine.answers["GET /secrets"] = () => ({ status: 200, body: secrets });
  engine.answers["POST /secrets/create"] = ({ Name }) => {
    const ID = `secret-${secrets.length + 1}`;
    secrets.push({ ID, Spec: { Name: Name as string } });
    engine.answers[`DELETE /secrets/${ID}`] = () => {
      secrets = secrets.filter((secret) => secret.ID !== ID);
      return { status: 204 };
    };
    return { status: 201, body: { ID } };
  };
  engine.answers["GET /images/sha256:shop/json"] = () => ({
    status: 200,
    body: { Id: "sha256:shop", RepoDigests: ["registry.example/shop@sha256:abc"] },
  });
  engine.answers["POST /services/create"] = (body) => {
    service = { ID: "service-1", Version: { Index: 1 }, Spec: body as unknown as ServiceSpec };
    return { status: 201, body: { ID: "service-1" } };
  };
  engine.answers["POST /services/service-1/update"] = (body) => {
    service = {
      ID: "service-1",
      Version: { Index: 2 },
      Spec: body as unknown as ServiceSpec,
      PreviousSpec: service!.Spec,
    };
    return { status: 200, body: {} };
  };
});

afterEach(() => engine.stop());

const createService = async () => (await provider.create(inputs)).outs;

describe("a service", () => {
  it("is made as a container of a host would be, with each secret under a name of its own", async () => {
    const outs = await createService();
    expect(outs).toMatchObject({ drift: "", logins: [] });
    const secretName = secrets[0]?.Spec.Name;
    expect(secretName).toMatch(/^glasshouse-test-shop-[0-9a-f]{16}$/);
    expect(service?.Spec).toStrictEqual({
      Name: "glasshouse-test-shop",
      Labels: label,
      TaskTemplate: {
        ContainerSpec: {
          Image: "registry.example/shop:1@sha256:abc",
          Labels: label,
          Hostname: "shop-{{.Task.Slot}}",
          Env: ["MODE=open"],
          User: "65532:65532",
          ReadOnly: true,
          StopGracePeriod: 10e9,
          CapabilityDrop: ["ALL"],
          CapabilityAdd: ["CAP_NET_ADMIN"],
          Privileges: { NoNewPrivileges: true },
          Mounts: [
            {
              Type: "tmpfs",
              Target: "/tmp",
              TmpfsOptions: { SizeBytes: 64 * 1024 * 1024, Mode: 0o1777 },
            },
          ],
          Secrets: [
            {
              SecretID: "secret-1",
              SecretName: secretName,
              File: { Name: "/run/secrets/KEY", UID: "65532", GID: "65532", Mode: 0o400 },
            },
          ],
          Configs: [],
          Hosts: ["host-gateway host"],
          Ulimits: [],
        },
        Resources: { Limits: { NanoCPUs: 5e8, MemoryBytes: 64 * 1024 * 1024, Pids: 200 } },
        RestartPolicy: { Condition: "any", Delay: 2e9 },
        Placement: { Constraints: [] },
        Networks: [{ Target: "glasshouse-test", Aliases: ["shop"] }],
        LogDriver: { Name: "json-file", Options: { "max-size": "10m", "max-file": "3" } },
      },
      Mode: { Replicated: { Replicas: 2 } },
      UpdateConfig: {
        Parallelism: 1,
        Monitor: 5e9,
        MaxFailureRatio: 0,
        Order: "start-first",
        FailureAction: "rollback",
      },
      RollbackConfig: {
        Parallelism: 1,
        Monitor: 5e9,
        MaxFailureRatio: 0,
        Order: "start-first",
        FailureAction: "pause",
      },
      EndpointSpec: {
        Mode: "dnsrr",
        Ports: [{ Protocol: "tcp", TargetPort: 80, PublishedPort: 8080, PublishMode: "host" }],
      },
    });
  });

  it("stays on this node when only this node has the image, and is never asked of a registry", async () => {
    engine.answers["GET /images/sha256:shop/json"] = () => ({
      status: 200,
      body: { Id: "sha256:shop", RepoDigests: [] },
    });
    await createService();
    const { ContainerSpec, Placement } = service!.Spec.TaskTemplate;
    expect(ContainerSpec["Image"]).toBe("sha256:shop");
    expect(Placement.Constraints).toStrictEqual(["node.id==node-1"]);
  });

  it.each(["redis:7", "library/redis:7", "docker.io/library/redis:7"])(
    "runs the same %s of Docker Hub on every node",
    async (image) => {
      engine.answers["GET /images/sha256:shop/json"] = () => ({
        status: 200,
        body: { Id: "sha256:shop", RepoDigests: ["redis@sha256:abc"] },
      });
      inputs = { ...inputs, image };
      await createService();
      const { ContainerSpec, Placement } = service!.Spec.TaskTemplate;
      expect(ContainerSpec["Image"]).toBe(`${image}@sha256:abc`);
      expect(Placement.Constraints).toStrictEqual([]);
    },
  );

  it("is taken over when a killed update has made it, and refused when it is another owner's", async () => {
    await createService();
    await createService();
    expect(engine.changes.filter((change) => change.includes("services"))).toStrictEqual([
      "POST /services/create",
      "POST /services/service-1/update",
    ]);
    service = { ...service!, Spec: { ...service!.Spec, Labels: {} } };
    await expect(createService()).rejects.toThrow(
      "The name glasshouse-test-shop is taken by a service that is not of this stack",
    );
  });

  it("is noted down although its replicas do not run, and the error says which, where and why", async () => {
    engine.answers["GET /tasks/task-1/logs"] = () => {
      const text = Buffer.from("no shelf\n");
      const head = Buffer.alloc(8);
      head.writeUInt8(2, 0);
      head.writeUInt32BE(text.length, 4);
      return { status: 200, stream: Buffer.concat([head, text]) };
    };
    tasks = [
      {
        ...runningTask(1),
        DesiredState: "shutdown",
        Status: {
          State: "failed",
          Timestamp: "2026-01-01T00:00:00Z",
          Err: "task: non-zero exit (3)",
          ContainerStatus: { ExitCode: 3 },
        },
      },
    ];
    const failure = await createService().catch((error: unknown) => error as UnfinishedCreation);
    expect(failure).toBeInstanceOf(UnfinishedCreation);
    expect(failure).toMatchObject({ id: "service-1", outs: { name: "glasshouse-test-shop" } });
    expect((failure as Error).message).toBe(
      "glasshouse-test-shop: 0 of 2 replicas serve, and no more did within 1 s (startTimeoutSeconds).\n" +
        "  replica 1 on box is failed: task: non-zero exit (3). Its last log lines:\n    no shelf",
    );
  });

  it("does not wait for an image that no start will find", async () => {
    inputs = { ...inputs, startTimeoutSeconds: 600 };
    tasks = [
      {
        ...runningTask(1),
        DesiredState: "shutdown",
        Status: {
          State: "rejected",
          Timestamp: "2026-01-01T00:00:00Z",
          Err: "No such image: registry.example/shop:1",
        },
      },
    ];
    await expect(createService()).rejects.toThrow(/cannot run\.\n.*No such image/);
  });

  it("is scaled as soon as the replicas that go have stopped", async () => {
    const outs = await createService();
    let asked = 0;
    engine.answers["GET /tasks"] = () => {
      asked += 1;
      const [first, second] = [runningTask(1), { ...runningTask(2), DesiredState: "remove" }];
      return { status: 200, body: asked < 8 ? [first, second] : [first] };
    };
    await provider.update("service-1", outs, { ...inputs, replicas: 1 });
    expect(asked).toBeGreaterThanOrEqual(8);
  });

  it("ends an update that the Swarm has rolled back with the reason, and the new secret goes", async () => {
    await createService();
    const before = service!.Spec;
    engine.answers["POST /services/service-1/update"] = () => {
      service = {
        ...service!,
        Spec: before,
        UpdateStatus: { State: "rollback_completed", Message: "rollback completed" },
      };
      return { status: 200, body: {} };
    };
    await expect(
      provider.update("service-1", {} as SwarmServiceOutputs, {
        ...inputs,
        secrets: { "/run/secrets/KEY": "other" },
      }),
    ).rejects.toThrow(
      "The update of glasshouse-test-shop failed, and the Swarm has brought the version before back (rollback completed).",
    );
    expect(secrets.map(({ ID }) => ID)).toStrictEqual(["secret-1"]);
  });

  it("gets a new secret before the old one goes; the same secret keeps its name", async () => {
    const outs = await createService();
    await provider.update("service-1", outs, inputs);
    expect(secrets.map(({ ID }) => ID)).toStrictEqual(["secret-1"]);
    await provider.update("service-1", outs, {
      ...inputs,
      secrets: { "/run/secrets/KEY": "other" },
    });
    expect(secrets.map(({ ID }) => ID)).toStrictEqual(["secret-2"]);
  });

  it("hands every node the log-in, an updated one as well, and notes none down", async () => {
    const logins = [{ registry: "registry.example", username: "me", password: "token" }];
    const readLogin = (headers: IncomingHttpHeaders) => {
      const text = Buffer.from(String(headers["x-registry-auth"]), "base64url").toString();
      return JSON.parse(text) as unknown;
    };
    const seen: unknown[] = [];
    for (const call of ["POST /services/create", "POST /services/service-1/update"]) {
      const answer = engine.answers[call]!;
      engine.answers[call] = (body, headers) => {
        seen.push(readLogin(headers));
        return answer(body, headers);
      };
    }
    const { outs } = await provider.create({ ...inputs, logins });
    expect(outs.logins).toStrictEqual([]);
    expect(JSON.stringify([service, outs])).not.toContain("token");
    const diff = (password: string) =>
      provider.diff("service-1", outs, { ...inputs, logins: [{ ...logins[0]!, password }] });
    expect(await diff("token")).toMatchObject({ changes: false });
    expect(await diff("louder")).toMatchObject({ changes: true, replaces: [] });
    const { outs: updated } = await provider.update("service-1", outs, { ...inputs, logins });
    expect(JSON.stringify(updated)).not.toContain("token");
    const login = { username: "me", password: "token", serveraddress: "registry.example" };
    expect(seen).toStrictEqual([login, login]);
  });

  it("is the same for other log-ins and another patience, and another one for everything else", async () => {
    const outs = await createService();
    const changes = async (news: Partial<SwarmServiceInputs>) =>
      provider.diff("service-1", outs, { ...inputs, ...news });
    expect(await changes({ startTimeoutSeconds: 9, logins: [] })).toMatchObject({
      changes: false,
    });
    expect(await changes({ replicas: 3 })).toStrictEqual({ changes: true, replaces: [] });
    expect(await changes({ name: "other" })).toStrictEqual({ changes: true, replaces: ["name"] });
  });

  it("is seen to be gone, scaled or changed by somebody else", async () => {
    const outs = await createService();
    const readDrift = async () => (await provider.read("service-1", outs)).props.drift;
    expect(await readDrift()).toBe("");
    const { Spec } = service!;
    service = { ...service!, Spec: { ...Spec, Mode: { Replicated: { Replicas: 5 } } } };
    expect(await readDrift()).toBe("was scaled to 5 replicas instead of 2");
    const drifted = (await provider.read("service-1", outs)).props;
    expect(await provider.diff("service-1", drifted, inputs)).toMatchObject({ changes: true });
    service = { ...service, Spec: { ...Spec, Labels: { other: "label" } } };
    expect(await readDrift()).toBe("was changed by someone else");
    service = undefined;
    expect((await provider.read("service-1", outs)).id).toBe("");
    engine.info = { Swarm: { LocalNodeState: "inactive" } };
    expect((await provider.read("service-1", outs)).id).toBe("");
  });

  it("goes with its secrets", async () => {
    const outs = await createService();
    engine.answers["DELETE /services/service-1"] = () => ({ status: 200 });
    await provider.delete("service-1", outs);
    expect(secrets).toStrictEqual([]);
  });
});

describe("a service whose image no registry has", () => {
  let node: FakeDocker;
  let isLoaded: boolean;
  let nodes: object[];
  const localInputs = (): SwarmServiceInputs => ({
    ...withoutImage(inputs),
    nodes: [{ uri: node.uri }],
  });

  beforeEach(async () => {
    node = await new FakeDocker().start();
    node.info = { Swarm: { LocalNodeState: "active", NodeID: "node-2" } };
    isLoaded = false;
    const image = { Id: "sha256:shop", RepoTags: ["stack/shop:1"], RepoDigests: [] };
    node.answers["GET /images/sha256:shop/json"] = () =>
      isLoaded ? { status: 200, body: image } : { status: 404, body: {} };
    node.answers["POST /images/load"] = () => {
      isLoaded = true;
      return { status: 200, body: { stream: "Loaded image: stack/shop:1" } };
    };
    node.answers["DELETE /images/sha256:shop"] = () => {
      isLoaded = false;
      return { status: 200, body: [] };
    };
    engine.answers["GET /images/sha256:shop/json"] = () => ({ status: 200, body: image });
    engine.answers["GET /images/stack/shop:1/get"] = () => ({
      status: 200,
      stream: Buffer.from("an archive"),
    });
    engine.answers["DELETE /services/service-1"] = () => ({ status: 200 });
    nodes = [buildNode(1), buildNode(2)];
    engine.answers["GET /nodes"] = () => ({ status: 200, body: nodes });
  });

  afterEach(() => node.stop());

  it("is handed to the nodes first, may run on all of them, and goes from them with the service", async () => {
    const { id, outs } = await provider.create(localInputs());
    const { ContainerSpec, Placement } = service!.Spec.TaskTemplate;
    expect(ContainerSpec["Image"]).toBe("sha256:shop");
    expect(Placement.Constraints).toStrictEqual([]);
    expect(node.changes).toStrictEqual(["POST /images/load"]);
    expect(await provider.diff(id, outs, localInputs())).toMatchObject({ changes: false });
    // A node that has it already is handed nothing.
    const { outs: again } = await provider.update(id, outs, localInputs());
    expect(node.changes).toHaveLength(1);
    await provider.delete(id, again);
    expect(isLoaded).toBe(false);
  });

  it("is seen to be missing on a node, and handed over again", async () => {
    const { id, outs } = await provider.create(localInputs());
    expect((await provider.read(id, outs)).props.drift).toBe("");
    isLoaded = false;
    const { props } = await provider.read(id, outs);
    expect(props.drift).toBe(`has no image on ${node.uri}`);
    await provider.update(id, props, localInputs());
    expect(isLoaded).toBe(true);
  });

  it("is refused for a node that cannot be handed it, before the service is touched", async () => {
    nodes.push(buildNode(3), buildNode(4, "drain"), buildNode(5, "active", "down"));
    await expect(provider.create(localInputs())).rejects.toThrow(
      "some nodes of the Swarm cannot be handed it: box-3. Name their engines by `swarm.nodes`",
    );
    expect(engine.changes).not.toContain("POST /services/create");
    expect(isLoaded).toBe(false);
  });

  it("is refused for an engine that gives it another id", async () => {
    node.answers["POST /images/load"] = () => ({ status: 200, body: {} });
    await expect(provider.create(localInputs())).rejects.toThrow(
      "knows stack/shop:1 under another id than the manager",
    );
    node.answers["POST /images/load"] = () => ({
      status: 200,
      stream: Buffer.from('{"error":"no space left"}\n'),
    });
    await expect(provider.create(localInputs())).rejects.toThrow("no space left");
  });
});

function withoutImage({ image: _, ...inputs }: SwarmServiceInputs): SwarmServiceInputs {
  return inputs;
}

function buildNode(number: number, Availability = "active", State = "ready"): object {
  return {
    ID: `node-${number}`,
    Description: { Hostname: `box-${number}` },
    Spec: { Availability },
    Status: { State },
  };
}
describe("a service of which each node runs one", () => {
  const onNode = (node: string, state = "running") => ({
    ID: `task-${node}`,
    NodeID: node,
    DesiredState: "running",
    Status: { State: state, Err: "no space left", Timestamp: "2026-01-01T00:00:00Z" },
  });

  beforeEach(() => {
    inputs = {
      ...inputs,
      onEveryNode: true,
      ports: [],
      hostMounts: { "/host": "/" },
      volumes: [{ source: "shared", target: "/run/shared", readOnly: true, inMemoryOf: "7" }],
    };
    tasks = [onNode("node-1"), onNode("node-2"), onNode("node-3")];
  });

  it("is global, named after its node, and sees the node's files read-only", async () => {
    const { outs } = await provider.create(inputs);
    const { Mode, TaskTemplate } = service!.Spec;
    expect(Mode).toStrictEqual({ Global: {} });
    expect(TaskTemplate.ContainerSpec).toMatchObject({ Hostname: "{{.Node.Hostname}}" });
    expect(TaskTemplate.ContainerSpec["Mounts"]).toStrictEqual(
      expect.arrayContaining([
        { Type: "bind", Source: "/", Target: "/host", ReadOnly: true },
        {
          Type: "volume",
          Source: "shared",
          Target: "/run/shared",
          ReadOnly: true,
          VolumeOptions: {
            NoCopy: true,
            Labels: label,
            DriverConfig: {
              Name: "local",
              Options: { type: "tmpfs", device: "tmpfs", o: "size=64k,mode=0755,uid=7" },
            },
          },
        },
      ]),
    );
    expect((await provider.read("service-1", outs)).props.drift).toBe("");
  });

  it("is there when it runs on all nodes that the Swarm has chosen; else the node is named", async () => {
    tasks = [onNode("node-1"), onNode("node-2", "rejected")];
    const failed = await provider.create(inputs).catch((error: unknown) => error as Error);
    expect((failed as Error).message).toContain("1 of 2 replicas serve");
    expect((failed as Error).message).toContain("replica on node-2 is rejected: no space left");
  });

  it("takes its folder in memory with it, and the folder of others not", async () => {
    const { outs } = await provider.create(inputs);
    const removed: string[] = [];
    engine.answers["DELETE /services/service-1"] = () => ({ status: 200, body: {} });
    for (const [name, status] of [
      ["shared", 204],
      ["used", 409],
      ["gone", 404],
    ] as const) {
      engine.answers[`DELETE /volumes/${name}`] = () => {
        removed.push(name);
        return { status, body: { message: "in use" } };
      };
    }
    const used = { source: "used", target: "/used", readOnly: true, inMemoryOf: "7" };
    const kept = { source: "data", target: "/data", readOnly: false };
    const gone = { ...used, source: "gone" };
    await provider.delete("service-1", { ...outs, volumes: [...outs.volumes, used, gone, kept] });
    expect(removed).toStrictEqual(["shared", "used", "gone"]);
  });

  it("says what keeps its folder in memory from going, where nobody uses it", async () => {
    const { outs } = await provider.create(inputs);
    engine.answers["DELETE /services/service-1"] = () => ({ status: 200, body: {} });
    engine.answers["DELETE /volumes/shared"] = () => ({
      status: 500,
      body: { message: "device is busy" },
    });
    await expect(provider.delete("service-1", outs)).rejects.toThrow("device is busy");
  });
});
