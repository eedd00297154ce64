import type { Deployment } from "../../../components/shared/deployment";
import { Network } from "../../../components/network";
import {
  findResource,
  listTree,
  type PulumiRecorder,
  recordPulumi,
  valueOf,
} from "../support/pulumiMocks";
import { createTestDeployment } from "../support/testDeployment";

let pulumiRecorder: PulumiRecorder;
let deployment: Deployment;

beforeAll(async () => {
  pulumiRecorder = await recordPulumi();
  deployment = createTestDeployment();
});

describe("Network", () => {
  it("is one bridge, named after project and stack, that makes room for itself first", async () => {
    const { result, resources } = await pulumiRecorder.record(
      () => new Network("network", { deployment, settings: {}, privateNetworks: [] }),
    );
    expect(listTree(resources)).toStrictEqual([
      "glasshouse:network:Network network",
      "glasshouse:resources:BridgeNetwork network-bridge < network",
    ]);
    const bridge = findResource(resources, "network-bridge");
    expect(bridge.inputs).toStrictEqual({
      dockerHost: deployment.dockerHost,
      name: "glasshouse-test",
      labels: deployment.labels,
    });
    expect(bridge.beforeCreate).toStrictEqual(["remove-orphan"]);
    expect(bridge.deleteBeforeReplace).toBe(true);
    expect(await valueOf(result.networkName)).toBe("glasshouse-test");
  });

  it("takes the subnet that was asked for", async () => {
    const { resources } = await pulumiRecorder.record(
      () =>
        new Network("network", {
          deployment,
          settings: { subnet: "10.7.0.0/24" },
          privateNetworks: [],
        }),
    );
    expect(findResource(resources, "network-bridge").inputs["subnet"]).toBe("10.7.0.0/24");
  });

  it("is an overlay in a Swarm, under the same name; private ones too, since ports are published past them only", async () => {
    const { result, resources } = await pulumiRecorder.record(
      () =>
        new Network("network", {
          deployment,
          settings: {},
          inSwarm: true,
          privateNetworks: ["docker-api-discovery"],
        }),
    );
    expect(listTree(resources)).toStrictEqual([
      "glasshouse:network:Network network",
      "glasshouse:resources:OverlayNetwork network-docker-api-discovery < network",
      "glasshouse:resources:OverlayNetwork network-overlay < network",
    ]);
    expect(findResource(resources, "network-docker-api-discovery").inputs).toMatchObject({
      internal: true,
    });
    expect(await valueOf(result.networkName)).toBe("glasshouse-test");
  });
});
