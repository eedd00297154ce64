import { PulledImage } from "../../../components/pulledImage";
import type { Deployment } from "../../../components/shared/deployment";
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

describe("PulledImage", () => {
  it("is an image that stays on the host when the stack goes", async () => {
    const { result, resources } = await pulumiRecorder.record(
      () => new PulledImage("tool", { deployment, reference: "example/tool:1" }),
    );
    expect(listTree(resources)).toStrictEqual([
      "glasshouse:image:PulledImage tool",
      "docker:index/remoteImage:RemoteImage tool-pull < tool",
    ]);
    const pull = findResource(resources, "tool-pull");
    expect(pull.inputs).toStrictEqual({ name: "example/tool:1", keepLocally: true });
    expect(pull.provider).toBe("engine");
    expect(await valueOf(result.imageId)).toBe("sha256:tool-pull");
  });
});
