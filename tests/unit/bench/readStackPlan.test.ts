import { readStackPlan } from "../../../bench/readStackPlan";

const app = "urn:app";
const container = {
  urn: "urn:container",
  type: "docker:index/container:Container",
  parent: app,
  propertyDependencies: { image: ["urn:image"] },
  inputs: {
    name: "glasshouse-b-shop-1",
    hostname: "shop-1",
    user: "65532:65532",
    command: ["serve"],
    envs: ["A=1", "B=x=y"],
    labels: [
      { label: "glasshouse.project", value: "glasshouse" },
      { label: "glasshouse.stack", value: "b" },
      { label: "glasshouse.app", value: "shop" },
    ],
    restart: "always",
    destroyGraceSeconds: 10,
    readOnly: true,
    capabilities: { adds: [], drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true"],
    memory: 128,
    cpus: "0.5",
    tmpfs: { "/tmp": "size=64m" },
    logDriver: "json-file",
    logOpts: { "max-file": "3" },
    networksAdvanced: [{ name: "glasshouse-b", aliases: ["shop"] }],
    ports: [{ internal: 80, external: 8020, ip: "127.0.0.1", protocol: "tcp" }],
    mounts: [{ type: "volume", source: "glasshouse-b-shop-config", target: "/c", readOnly: true }],
    healthcheck: {
      tests: ["CMD", "true"],
      interval: "10s",
      timeout: "5s",
      retries: 3,
      startPeriod: "1m30s",
    },
  },
};
const document = {
  steps: [
    { newState: container },
    {
      newState: {
        urn: "urn:image",
        type: "docker:index/remoteImage:RemoteImage",
        inputs: { name: "example/shop:1" },
      },
    },
    {
      newState: {
        urn: "urn:readiness",
        type: "glasshouse:resources:RunningContainers",
        parent: app,
        inputs: { pids: 200 },
      },
    },
    {
      newState: {
        urn: "urn:files",
        type: "glasshouse:resources:VolumeFiles",
        inputs: { volume: "glasshouse-b-shop-config", files: { "a.yml": "a: 1\n" } },
      },
    },
    ...["shop-config", "shop-data"].map((name) => ({
      newState: {
        urn: `urn:${name}`,
        type: "glasshouse:resources:Volume",
        inputs: { name: `glasshouse-b-${name}` },
      },
    })),
    // A step that removes something has no new state.
    {},
  ],
};

it("reads what the program declares, without the stack's own names", () => {
  expect(readStackPlan(document, "glasshouse-b")).toStrictEqual({
    folders: { "shop-config": { "a.yml": "a: 1\n" } },
    volumes: ["shop-data"],
    containers: [
      {
        name: "shop-1",
        app: "shop",
        image: "example/shop:1",
        user: "65532:65532",
        command: ["serve"],
        environment: { A: "1", B: "x=y" },
        labels: { "glasshouse.app": "shop" },
        restart: "always",
        stopGraceSeconds: 10,
        readOnly: true,
        capabilities: { adds: [], drops: ["ALL"] },
        securityOptions: ["no-new-privileges:true"],
        memoryMb: 128,
        cpus: 0.5,
        pids: 200,
        tmpfs: { "/tmp": "size=64m" },
        logDriver: "json-file",
        logOptions: { "max-file": "3" },
        aliases: ["shop"],
        ports: [{ internal: 80, external: 8020, address: "127.0.0.1" }],
        mounts: [{ source: "shop-config", target: "/c", readOnly: true }],
        hosts: [],
        healthCheck: {
          command: ["true"],
          intervalSeconds: 10,
          timeoutSeconds: 5,
          retries: 3,
          startPeriodSeconds: 90,
        },
      },
    ],
  });
});

describe("a plan that does not tell everything", () => {
  const withContainer = (changes: object) => ({
    steps: [{ newState: { ...container, ...changes } }, ...document.steps.slice(1)],
  });

  it("is refused when an image's name is not in it, as before a build", () => {
    const built = withContainer({ propertyDependencies: { image: ["urn:built"] } });
    expect(() => readStackPlan(built, "glasshouse-b")).toThrow(
      "from which image urn:container is made, but only by urn:built",
    );
  });

  it("is refused without the limit of processes, which the peers have to set as well", () => {
    const steps = document.steps.filter(({ newState }) => newState?.urn !== "urn:readiness");
    expect(() => readStackPlan({ steps }, "glasshouse-b")).toThrow(
      "no limit of processes for urn:container",
    );
  });

  it("is refused when a container mounts what is not in it", () => {
    const mounts = [{ source: "glasshouse-b-other", target: "/c" }];
    const other = withContainer({ inputs: { ...container.inputs, mounts } });
    expect(() => readStackPlan(other, "glasshouse-b")).toThrow(
      "no volume other, which shop-1 mounts",
    );
  });
});

it("has the containers in one order, whichever Pulumi tells of first", () => {
  const named = (hostname: string) => ({
    newState: { ...container, inputs: { ...container.inputs, hostname } },
  });
  const steps = [...["shop-10", "shop-2", "log-1"].map(named), ...document.steps.slice(1)];
  const names = readStackPlan({ steps }, "glasshouse-b").containers.map(({ name }) => name);
  expect(names).toStrictEqual(["log-1", "shop-2", "shop-10"]);
});
