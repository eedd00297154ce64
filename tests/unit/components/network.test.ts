import type { Deployment } from "../../../components/shared/deployment";
import { Network } from "../../../components/network";
import {
  findResource,
  listTree,
  type PulumiRecorder,
  recordPulumi,
  valueOf,
} from "../support/pulumiMocks";
import { createTestDeployment, deploymentLabels } from "../support/testDeployment";

let pulumiRecorder: PulumiRecorder;
let deployment: Deployment;

beforeAll(async () => {
  pulumiRecorder = await recordPulumi();
  deployment = createTestDeployment();
});

describe("Network", () => {
  it("is one bridge, named after project and stack", async () => {
    const { result, resources } = await pulumiRecorder.record(
      () => new Network("network", { deployment, settings: {} }),
    );
    expect(listTree(resources)).toStrictEqual([
      "glasshouse:network:Network network",
      "docker:index/network:Network network-bridge < network",
    ]);
    const bridge = findResource(resources, "network-bridge");
    expect(bridge.inputs).toStrictEqual({
      name: "glasshouse-test",
      driver: "bridge",
      labels: deploymentLabels,
    });
    expect(bridge.provider).toBe("engine");
    expect(bridge.beforeCreate).toStrictEqual(["take-over"]);
    expect(await valueOf(result.networkName)).toBe("glasshouse-test");
  });

  it("takes the subnet that was asked for, and makes room for it first", async () => {
    const { resources } = await pulumiRecorder.record(
      () => new Network("network", { deployment, settings: { subnet: "10.7.0.0/24" } }),
    );
    const bridge = findResource(resources, "network-bridge");
    expect(bridge.inputs["ipamConfigs"]).toStrictEqual([
      // Otherwise every update after a restart of the engine would make a new network.
      { subnet: "10.7.0.0/24", gateway: "10.7.0.1" },
    ]);
    expect(bridge.deleteBeforeReplace).toBe(true);
    expect(bridge.ignoreChanges).toStrictEqual(["ipamOptions"]);
  });
});
