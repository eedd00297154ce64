import * as pulumi from "@pulumi/pulumi";
import { App } from "../../../components/app";
import type { Deployment } from "../../../components/shared/deployment";
import type { AppSettingsInput } from "../../../config/settings/appSettings";
import { swarmSettings } from "../../../config/settings/swarmSettings";
import {
  findResource,
  listTree,
  markSecret,
  type PulumiRecorder,
  recordPulumi,
} from "../support/pulumiMocks";
import { createTestDeployment } from "../support/testDeployment";
import { buildApp } from "../support/testSettings";

let pulumiRecorder: PulumiRecorder;
let deployment: Deployment;

beforeAll(async () => {
  pulumiRecorder = await recordPulumi();
  deployment = createTestDeployment();
});

async function record(
  app: Partial<AppSettingsInput>,
  host: Partial<Deployment> = {},
  swarm: object = {},
) {
  const { result, resources } = await pulumiRecorder.record(
    () =>
      new App("shop", {
        deployment: { ...deployment, ...host },
        app: buildApp({ name: "shop", ...app }),
        baseImage: "example/base:1",
        toolImageId: "sha256:tool",
        networkName: "glasshouse-test",
        swarm: swarmSettings.parse({ mode: "use", ...swarm }),
        secretOf: (key) => pulumi.secret(`value of ${key}`),
        lentBy: (owner, name) => ({
          ...{ volume: pulumi.output(`${owner}'s ${name}`), image: "sha256:owner", user: "1:1" },
        }),
      }),
  );
  return { resources, urls: result.urls, inputs: findResource(resources, "shop-service").inputs };
}

const image = "registry.example/shop:1";
const tiny = { context: "tests/support/apps/tiny" };

describe("an app in a Swarm", () => {
  it("is an image and a service, which is told what containers are told", async () => {
    const { resources, inputs } = await record({ image, replicas: 3, labels: { team: "a" } });
    expect(listTree(resources)).toStrictEqual([
      "glasshouse:app:App shop",
      "docker:index/remoteImage:RemoteImage shop-image < shop",
      "glasshouse:resources:SwarmService shop-service < shop",
    ]);
    expect(inputs).toStrictEqual({
      dockerHost: deployment.dockerHost,
      name: "glasshouse-test-shop",
      hostname: "shop",
      labels: { ...deployment.labels, "glasshouse.app": "shop" },
      containerLabels: { team: "a" },
      image,
      imageId: "sha256:shop-image",
      logins: [],
      onManagerOnly: false,
      replicas: 3,
      user: "65532:65532",
      stopGraceSeconds: 10,
      environment: {},
      readOnly: true,
      writablePaths: ["/tmp"],
      capabilities: [],
      ulimits: {},
      hosts: {},
      memoryMb: 256,
      cpus: 1,
      pids: 200,
      ports: [],
      volumes: [],
      networks: [{ name: "glasshouse-test", alias: "shop" }],
      configs: {},
      secrets: {},
      placement: { constraints: [], spread: [] },
      update: {
        parallelism: 1,
        order: "start-first",
        monitorSeconds: 5,
        failureAction: "rollback",
      },
      startTimeoutSeconds: 120,
    });
  });

  it("reads its secrets and files where its containers would, and they stay encrypted", async () => {
    const { inputs } = await record({
      image,
      secrets: { KEY: { config: "shopKey" }, PLAIN: { config: "plainKey", as: "environment" } },
      files: [
        { path: "/etc/shop/shop.conf", text: "open" },
        { path: "/etc/shop/door.key", secret: "doorKey" },
      ],
    });
    expect(inputs["secrets"]).toStrictEqual({
      "/run/secrets/KEY": markSecret("value of shopKey"),
      "/etc/shop/door.key": markSecret("value of doorKey"),
    });
    expect(inputs["configs"]).toStrictEqual({ "/etc/shop/shop.conf": "open" });
    expect(inputs["environment"]).toStrictEqual({
      KEY_FILE: "/run/secrets/KEY",
      PLAIN: markSecret("value of plainKey"),
    });
  });

  it.each([
    ["its image is built there", { build: tiny }],
    ["its port is published there", { image, publishPort: 8080, publishAddress: "0.0.0.0" }],
    ["its volume is there", { image, volumes: [{ name: "data", path: "/data" }] }],
  ])("stays on the manager when %s", async (_, app) => {
    expect((await record(app)).inputs["onManagerOnly"]).toBe(true);
  });

  it("runs on every node whose engine is named, since that is handed the image", async () => {
    const nodes = [{ uri: "ssh://me@node-2" }];
    const { inputs } = await record({ build: tiny }, {}, { nodes });
    expect(inputs).toMatchObject({ onManagerOnly: false, nodes });
    expect(inputs).not.toHaveProperty("image");
    const bound = await record(
      { build: tiny, volumes: [{ name: "data", path: "/d" }] },
      {},
      { nodes },
    );
    expect(bound.inputs).toMatchObject({ onManagerOnly: true });
    expect(bound.inputs).not.toHaveProperty("nodes");
  });

  it("is pushed to the registry of the Swarm, for all nodes to pull it with the log-in", async () => {
    const login = {
      registry: "registry.example",
      username: "me",
      password: "hush",
      configKey: "key",
    };
    const registries = { logins: [], secretLogins: pulumi.secret([login]) };
    const swarm = { registry: "registry.example/team" };
    const { resources, inputs } = await record({ build: tiny }, { registries }, swarm);
    const built = findResource(resources, "shop-image").inputs;
    const repository = "registry.example/team/glasshouse-test/shop";
    expect(built).toMatchObject({ repository, isPushed: true });
    expect(inputs).toMatchObject({
      onManagerOnly: false,
      image: `${repository}:${String(built["hash"])}`,
      logins: markSecret([login]),
    });
    const bound = { build: tiny, volumes: [{ name: "data", path: "/d" }] };
    const stays = await record(bound, { registries }, swarm);
    expect(findResource(stays.resources, "shop-image").inputs).toMatchObject({
      repository: "glasshouse-test/shop",
    });
    expect(findResource(stays.resources, "shop-image").inputs).not.toHaveProperty("isPushed");
  });

  it("is told where it may run and how it is updated, and has no address of the manager then", async () => {
    const { inputs, urls } = await record({
      image,
      publishPort: 8080,
      publishAddress: "0.0.0.0",
      placement: { constraints: ["node.role==worker"], maxReplicasPerNode: 2 },
      update: { monitorSeconds: 30 },
    });
    expect(inputs).toMatchObject({
      onManagerOnly: false,
      placement: { constraints: ["node.role==worker"], spread: [], maxReplicasPerNode: 2 },
      update: { order: "stop-first", monitorSeconds: 30 },
    });
    expect(urls).toStrictEqual([]);
  });

  it("mounts a volume under the name that it has without a Swarm, and stops before it starts", async () => {
    const { inputs } = await record({ image, volumes: [{ name: "data", path: "/data" }] });
    expect(inputs["volumes"]).toStrictEqual([
      { source: "glasshouse-test-shop-data-1", target: "/data", readOnly: false },
    ]);
    expect(inputs["update"]).toMatchObject({ order: "stop-first" });
  });

  it("mounts another app's volume, which is on the manager", async () => {
    const volumes = [{ name: "up", path: "/srv", from: "web", readOnly: true }];
    const { inputs } = await record({ image, replicas: 2, volumes });
    expect(inputs["volumes"]).toStrictEqual([
      { source: "web's up", target: "/srv", readOnly: true },
    ]);
    expect(inputs["onManagerOnly"]).toBe(true);
  });

  it("hands nodes the log-in of its own registry only", async () => {
    const login = { username: "me", password: "hush", configKey: "key" };
    const logins = [
      { registry: "registry.example", ...login },
      { registry: "other.example", ...login },
    ];
    const registries = { logins: [], secretLogins: pulumi.secret(logins) };
    const { inputs } = await record({ image }, { registries });
    expect(inputs["logins"]).toStrictEqual(markSecret([logins[0]]));
  });
});
