import { NodeServer } from "../../../components/nodeServer";
import type { Deployment } from "../../../components/shared/deployment";
import { listNodeWorkloads } from "../../../config/servers/servers";
import { settingsSchema } from "../../../config/settings/settings";
import { findResource, listTree, type PulumiRecorder, recordPulumi } from "../support/pulumiMocks";
import { createTestDeployment } from "../support/testDeployment";

let pulumiRecorder: PulumiRecorder;
let deployment: Deployment;

beforeAll(async () => {
  pulumiRecorder = await recordPulumi();
  deployment = createTestDeployment();
});

const settings = settingsSchema.parse({ swarm: { mode: "use" } });

async function record(name: string) {
  const wanted = listNodeWorkloads(settings).find(({ server }) => server.name === name);
  if (wanted === undefined) throw new Error(`there is no ${name}`);
  const { resources } = await pulumiRecorder.record(
    () =>
      new NodeServer(`${name}-on-nodes`, {
        deployment,
        server: wanted.server,
        own: wanted.settings,
        settings,
        host: {
          hostname: "box",
          socketPath: "/var/run/docker.sock",
          socketGroup: 7,
          dataRoot: "/var/lib/docker",
          storageDriver: "overlay2",
        },
        networkName: "glasshouse-test",
        privateNetworks: { "docker-api-nodes": "glasshouse-test-docker-api-nodes" },
      }),
  );
  return { resources, inputs: findResource(resources, `${name}-on-nodes-service`).inputs };
}

describe("a server on every node", () => {
  it("is an image and a global service, with the rights of a container of one host", async () => {
    const { resources, inputs } = await record("node-exporter");
    expect(listTree(resources)).toStrictEqual([
      "glasshouse:server:NodeServer node-exporter-on-nodes",
      "docker:index/remoteImage:RemoteImage node-exporter-on-nodes-image < node-exporter-on-nodes",
      "glasshouse:resources:SwarmService node-exporter-on-nodes-service < node-exporter-on-nodes",
    ]);
    expect(inputs).toMatchObject({
      name: "glasshouse-test-node-exporter",
      labels: { ...deployment.labels, "glasshouse.server": "node-exporter" },
      onEveryNode: true,
      onManagerOnly: false,
      user: "65530:65530",
      readOnly: true,
      capabilities: [],
      writablePaths: ["/host/run", "/run/proc"],
      hostMounts: { "/host": "/" },
      volumes: [],
      networks: [{ name: "glasshouse-test", alias: "node-exporter" }],
      ports: [],
    });
  });

  it("reaches the engine of its node, where it hands on that engine's metrics", async () => {
    expect((await record("node-exporter")).inputs["hosts"]).toStrictEqual({});
    const { inputs } = await record("engine-metrics");
    expect(inputs).toMatchObject({
      name: "glasshouse-test-engine-metrics",
      hosts: { "host.docker.internal": "host-gateway" },
      networks: [{ name: "glasshouse-test", alias: "engine-metrics" }],
      hostMounts: {},
    });
  });

  it("has its configuration as configs of the Swarm, and the proxy alone writes to the folder it shares", async () => {
    const { inputs: proxy } = await record("docker-api");
    expect(Object.keys(proxy["configs"] as object)).toContain("/usr/local/etc/haproxy/node.cfg");
    expect(proxy).toMatchObject({
      networks: [{ name: "glasshouse-test-docker-api-nodes", alias: "docker-api-nodes" }],
      volumes: [
        {
          source: "glasshouse-test-docker-api",
          target: "/run/docker-api",
          readOnly: false,
          inMemoryOf: "65532",
        },
      ],
    });
    const { inputs: cadvisor } = await record("cadvisor");
    expect(cadvisor).toMatchObject({
      networks: [{ name: "glasshouse-test", alias: "cadvisor" }],
      volumes: [{ source: "glasshouse-test-docker-api", readOnly: true }],
    });
  });
});
