import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { App } from "../../../components/app";
import type { Deployment } from "../../../components/shared/deployment";
import type { AppSettingsInput } from "../../../config/settings/appSettings";
import {
  findResource,
  listTree,
  markSecret,
  type PulumiRecorder,
  recordPulumi,
} from "../support/pulumiMocks";
import { createTestDeployment, deploymentLabels } from "../support/testDeployment";
import { buildApp } from "../support/testSettings";

let pulumiRecorder: PulumiRecorder;
let deployment: Deployment;

beforeAll(async () => {
  pulumiRecorder = await recordPulumi();
  deployment = createTestDeployment();
});

function record(app: AppSettingsInput, host: Partial<Deployment> = {}) {
  return pulumiRecorder.record(
    () =>
      new App(app.name, {
        deployment: { ...deployment, ...host },
        app: buildApp(app),
        baseImage: "example/base:1",
        toolImageId: "sha256:tool",
        networkName: "glasshouse-test",
        secretOf: (key) => pulumi.secret(`value of ${key}`),
        lentBy: (owner, name) => ({
          ...{ volume: pulumi.output(`${owner}'s ${name}`), image: "sha256:owner", user: "1:1" },
        }),
      }),
  );
}

describe("App", () => {
  it("is an image, a container and the wait for it", async () => {
    const { resources } = await record({ name: "shop", image: "example/shop:1" });
    expect(listTree(resources)).toStrictEqual([
      "glasshouse:app:App shop",
      "docker:index/container:Container shop-1 < shop",
      "docker:index/remoteImage:RemoteImage shop-image < shop",
      "glasshouse:resources:RunningContainers shop-readiness < shop",
    ]);
    expect(findResource(resources, "shop-image").inputs).toStrictEqual({
      name: "example/shop:1",
      keepLocally: true,
    });
  });

  it("hardens its containers", async () => {
    const { resources } = await record({ name: "shop", image: "example/shop:1" });
    const container = findResource(resources, "shop-1");
    expect(container.inputs).toStrictEqual({
      name: "glasshouse-test-shop-1",
      hostname: "shop-1",
      image: "sha256:shop-image",
      user: "65532:65532",
      restart: "always",
      destroyGraceSeconds: 10,
      removeVolumes: false,
      readOnly: true,
      capabilities: { adds: [], drops: ["ALL"] },
      securityOpts: ["no-new-privileges:true"],
      memory: 256,
      memorySwap: 256,
      cpus: "1.0",
      tmpfs: { "/tmp": "size=64m,mode=1777,uid=65532,gid=65532" },
      envs: [],
      networkMode: "bridge",
      logDriver: "json-file",
      logOpts: { "max-size": "10m", "max-file": "3" },
      networksAdvanced: [{ name: "glasshouse-test", aliases: ["shop"] }],
      ports: [],
      mounts: [],
      labels: [...deploymentLabels, { label: "glasshouse.app", value: "shop" }],
    });
    expect(container.provider).toBe("engine");
    expect(container.deleteBeforeReplace).toBe(true);
    // Changes of these would not reach a container that is updated in place.
    expect(container.replaceOnChanges).toStrictEqual(["healthcheck", "tmpfs", "init", "mounts"]);
    // The engine changes these while a container runs, and Readiness makes it.
    expect(container.ignoreChanges).toStrictEqual(["memory", "memorySwap", "cpus"]);
    expect(container.beforeCreate).toStrictEqual(["remove-orphan"]);
  });

  it("takes every setting of a container", async () => {
    const { resources } = await record({
      name: "shop",
      image: "example/shop:1",
      alias: "store",
      jobName: "shop-api",
      environment: { COLOUR: "green", EMPTY: "" },
      command: ["serve", "--fast"],
      user: "1000",
      readOnly: false,
      writablePaths: ["/cache", "/tmp"],
      capabilities: ["NET_BIND_SERVICE"],
      memoryMb: 64,
      cpus: 0.25,
      healthCheck: { command: ["check", "me"], startPeriodSeconds: 90 },
    });
    expect(findResource(resources, "shop-1").inputs).toMatchObject({
      networksAdvanced: [{ aliases: ["store"] }],
      envs: ["COLOUR=green", "EMPTY="],
      command: ["serve", "--fast"],
      user: "1000",
      readOnly: false,
      tmpfs: { "/cache": "size=64m,mode=1777", "/tmp": "size=64m,mode=1777" },
      capabilities: { adds: ["NET_BIND_SERVICE"], drops: ["ALL"] },
      memory: 64,
      memorySwap: 64,
      cpus: "0.25",
      healthcheck: {
        tests: ["CMD", "check", "me"],
        interval: "10s",
        timeout: "5s",
        retries: 3,
        startPeriod: "1m30s",
      },
    });
  });

  it("gives each of three replicas a name and a published port of its own", async () => {
    const { result, resources } = await record({
      name: "shop",
      image: "example/shop:1",
      replicas: 3,
      port: 8080,
      publishPort: 7000,
    });
    expect(listTree(resources)).toStrictEqual([
      "glasshouse:app:App shop",
      "docker:index/container:Container shop-1 < shop",
      "docker:index/container:Container shop-2 < shop",
      "docker:index/container:Container shop-3 < shop",
      "docker:index/remoteImage:RemoteImage shop-image < shop",
      "glasshouse:resources:RunningContainers shop-readiness < shop",
      "glasshouse:resources:RolloutGate shop-turn-2 < shop",
      "glasshouse:resources:RolloutGate shop-turn-3 < shop",
    ]);
    const replicas = ["shop-1", "shop-2", "shop-3"].map((name) => findResource(resources, name));
    expect(replicas.map(({ inputs }) => [inputs["name"], inputs["ports"]])).toStrictEqual(
      [7000, 7001, 7002].map((external, index) => [
        `glasshouse-test-shop-${index + 1}`,
        [{ internal: 8080, external, ip: "127.0.0.1", protocol: "tcp" }],
      ]),
    );
    expect(result.urls).toStrictEqual([
      "http://127.0.0.1:7000",
      "http://127.0.0.1:7001",
      "http://127.0.0.1:7002",
    ]);
  });

  it("leaves a replica as it is when others come or go", async () => {
    const scaled = async (replicas: number) => {
      const { resources } = await record({ name: "shop", image: "example/shop:1", replicas });
      return findResource(resources, "shop-2");
    };
    expect(await scaled(5)).toStrictEqual(await scaled(2));
  });

  it("mounts another app's volume, and creates none for it", async () => {
    const { resources } = await record({
      ...{ name: "mirror", image: "example/mirror:1", replicas: 2 },
      volumes: [{ name: "uploads", path: "/srv", from: "web", readOnly: true }],
    });
    expect(resources.filter(({ type }) => type.endsWith(":Volume"))).toStrictEqual([]);
    for (const name of ["mirror-1", "mirror-2"]) {
      expect(findResource(resources, name).inputs["mounts"]).toMatchObject([
        { source: "web's uploads", target: "/srv", readOnly: true },
      ]);
    }
  });

  it("waits for every replica, within the settings' time and limit of processes", async () => {
    const { resources } = await record({
      name: "shop",
      image: "example/shop:1",
      replicas: 2,
      startTimeoutSeconds: 33,
      pids: 44,
    });
    const inputs = findResource(resources, "shop-readiness").inputs;
    expect(inputs).toStrictEqual({
      dockerHost: { uri: "unix:///run/test.sock" },
      containers: { "shop-1": "id of shop-1", "shop-2": "id of shop-2" },
      timeoutSeconds: 33,
      port: { number: 80, isUsed: true },
      memoryMb: 256,
      cpus: 1,
      pids: 44,
      network: "glasshouse-test",
      alias: "shop",
    });
  });

  it("lets a quarter of its replicas be replaced at a time, each quarter after the one before", async () => {
    const names = Array.from({ length: 10 }, (_, index) => `glasshouse-test-shop-${index + 1}`);
    const { resources } = await record(
      { name: "shop", image: "example/shop:1", replicas: 10 },
      { presentContainers: new Map(names.map((name) => [name, []])) },
    );
    const turns = resources.filter(({ type }) => type.endsWith(":RolloutGate"));
    expect(
      turns.map(({ name, inputs }) => [name, Object.keys(inputs["before"] as object)]),
    ).toStrictEqual([
      ["shop-turn-3", ["shop-1", "shop-2"]],
      ["shop-turn-5", ["shop-3", "shop-4"]],
      ["shop-turn-7", ["shop-5", "shop-6"]],
      ["shop-turn-9", ["shop-7", "shop-8"]],
    ]);
    const waitsFor = (replica: string) =>
      findResource(resources, replica).dependsOn.filter((name) => name.includes("turn"));
    expect(waitsFor("shop-2")).toStrictEqual([]);
    expect(waitsFor("shop-3")).toStrictEqual(["shop-turn-3"]);
    expect(waitsFor("shop-10")).toStrictEqual(["shop-turn-9"]);
  });

  it("lets a replica that is not there yet wait for no other", async () => {
    const { resources } = await record(
      { name: "shop", image: "example/shop:1", replicas: 3 },
      {
        presentContainers: new Map([
          ["glasshouse-test-shop-1", []],
          ["glasshouse-test-shop-3", []],
        ]),
      },
    );
    const waitsFor = (replica: string) =>
      findResource(resources, replica).dependsOn.filter((name) => name.includes("turn"));
    expect(waitsFor("shop-2")).toStrictEqual([]);
    expect(waitsFor("shop-3")).toStrictEqual(["shop-turn-3"]);
  });

  it("has no container and no address with no replicas", async () => {
    const { result, resources } = await record({
      name: "shop",
      image: "example/shop:1",
      replicas: 0,
      publishPort: 7000,
    });
    expect(listTree(resources)).toStrictEqual([
      "glasshouse:app:App shop",
      "docker:index/remoteImage:RemoteImage shop-image < shop",
      "glasshouse:resources:RunningContainers shop-readiness < shop",
    ]);
    expect(findResource(resources, "shop-readiness").inputs["containers"]).toStrictEqual({});
    expect(result.urls).toStrictEqual([]);
  });
});

describe("App with a build folder", () => {
  let context: string;

  beforeAll(() => {
    context = mkdtempSync(join(tmpdir(), "glasshouse-build-"));
    writeFileSync(join(context, "Containerfile"), "ARG BASE_IMAGE\nFROM $BASE_IMAGE\n");
  });

  afterAll(() => {
    rmSync(context, { recursive: true });
  });

  const recordBuild = async (args: Record<string, string>) => {
    const build = { context, dockerfile: "Containerfile", args };
    const { resources } = await record({ name: "shop", build });
    return findResource(resources, "shop-image");
  };

  it("builds the image under a name that changes with the content", async () => {
    const image = await recordBuild({ COLOUR: "green" });
    expect(image.type).toBe("glasshouse:resources:BuiltImage");
    expect(image.parent).toBe("shop");
    const inputs = image.inputs;
    expect(inputs).toStrictEqual({
      dockerHost: { uri: "unix:///run/test.sock" },
      repository: "glasshouse-test/shop",
      hash: expect.stringMatching(/^[0-9a-f]{12}$/) as unknown,
      context,
      dockerfile: "Containerfile",
      buildArgs: { BASE_IMAGE: "example/base:1", COLOUR: "green" },
      logins: [],
    });
    const other = await recordBuild({ COLOUR: "blue" });
    expect(other.inputs["hash"]).not.toBe(inputs["hash"]);
  });

  it("lets the app's own build arguments win", async () => {
    const image = await recordBuild({ BASE_IMAGE: "example/own:1" });
    expect(image.inputs["buildArgs"]).toStrictEqual({ BASE_IMAGE: "example/own:1" });
  });
});

describe("App with secrets", () => {
  it("puts them into files of a volume, where `docker inspect` does not show them", async () => {
    const { resources } = await record({
      name: "shop",
      image: "example/shop:1",
      replicas: 2,
      secrets: { API_KEY: { config: "shopApiKey" } },
    });
    expect(listTree(resources)).toStrictEqual([
      "glasshouse:app:App shop",
      "docker:index/container:Container shop-1 < shop",
      "docker:index/container:Container shop-2 < shop",
      "docker:index/remoteImage:RemoteImage shop-image < shop",
      "glasshouse:resources:RunningContainers shop-readiness < shop",
      "glasshouse:resources:VolumeFiles shop-secrets-files < shop",
      "glasshouse:resources:Volume shop-secrets-volume < shop",
      "glasshouse:resources:RolloutGate shop-turn-2 < shop",
    ]);
    const files = findResource(resources, "shop-secrets-files").inputs;
    expect(files).toStrictEqual({
      dockerHost: { uri: "unix:///run/test.sock" },
      volume: "glasshouse-test-shop-secrets",
      image: "sha256:tool",
      files: { API_KEY: markSecret("value of shopApiKey") },
      uid: 0,
      gid: 0,
      mode: 0o444,
    });
    expect(findResource(resources, "shop-secrets-volume")).toMatchObject({
      inputs: { name: "glasshouse-test-shop-secrets", dockerHost: deployment.dockerHost },
    });
    const { inputs, dependsOn } = findResource(resources, "shop-2");
    expect(inputs["envs"]).toStrictEqual(["API_KEY_FILE=/run/secrets/API_KEY"]);
    expect(inputs["mounts"]).toStrictEqual([
      {
        type: "volume",
        source: "glasshouse-test-shop-secrets",
        target: "/run/secrets",
        readOnly: true,
      },
    ]);
    expect(JSON.stringify(inputs)).not.toContain("value of shopApiKey");
    // The files are written before a replica reads them, and a rotated secret replaces the replica.
    expect(dependsOn).toContain("shop-secrets-files");
    expect(inputs["labels"]).toContainEqual({
      label: "glasshouse.secrets",
      value: "revision of shop-secrets-files",
    });
  });

  it("passes one as an environment variable where the app asks for that, encrypted in the state", async () => {
    const { resources } = await record({
      name: "shop",
      image: "example/shop:1",
      environment: { COLOUR: "green" },
      secrets: { API_KEY: { config: "shopApiKey", as: "environment" } },
    });
    expect(listTree(resources)).toStrictEqual([
      "glasshouse:app:App shop",
      "docker:index/container:Container shop-1 < shop",
      "docker:index/remoteImage:RemoteImage shop-image < shop",
      "glasshouse:resources:RunningContainers shop-readiness < shop",
    ]);
    const { inputs } = findResource(resources, "shop-1");
    expect(inputs["envs"]).toStrictEqual([
      "COLOUR=green",
      markSecret("API_KEY=value of shopApiKey"),
    ]);
    expect(inputs["mounts"]).toStrictEqual([]);
  });
});

it("an app whose image would lose data gets no container", async () => {
  const asked: unknown[] = [];
  const outcome = new Promise<unknown>((resolve) => {
    const rejectDataLoss: Deployment["rejectDataLoss"] = (owners) => {
      asked.push(...owners);
      return new Promise(() => resolve(owners));
    };
    void record(
      { name: "shop", image: "example/shop:1", writablePaths: ["/cache"] },
      { rejectDataLoss },
    );
  });
  await outcome;
  expect(asked).toStrictEqual([
    {
      owner: "glasshouse-test-shop-1",
      image: "sha256:shop-image",
      mounted: ["/cache"],
      containers: ["glasshouse-test-shop-1"],
    },
  ]);
});
