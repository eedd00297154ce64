import type { SafeContainerArgs } from "../../../../components/shared/safeContainer";
import { createSafeContainer } from "../../../../components/shared/safeContainer";
import type { EngineKind } from "../../../../host/docker/detectEngine";
import { findResource, type PulumiRecorder, recordPulumi } from "../../support/pulumiMocks";
import { createTestDeployment } from "../../support/testDeployment";

let pulumiRecorder: PulumiRecorder;

beforeAll(async () => {
  pulumiRecorder = await recordPulumi();
});

async function record(engineKind: EngineKind, args: Partial<SafeContainerArgs> = {}) {
  const deployment = createTestDeployment(undefined, engineKind);
  const { resources } = await pulumiRecorder.record(() =>
    createSafeContainer(
      "shop-1",
      {
        ...{ deployment, containerName: "shop-1", imageId: "sha256:shop", networkName: "net" },
        ...{ alias: "shop", memoryMb: 64, cpus: 1 },
        ...args,
      },
      {},
    ),
  );
  const { inputs, ignoreChanges } = findResource(resources, "shop-1");
  const labels = inputs["labels"] as { label: string; value: string }[];
  return { ignoreChanges, asked: labels.find(({ label }) => label === "glasshouse.asked")?.value };
}

describe("a container on Podman", () => {
  it("is not compared with what Podman spells in its own way", async () => {
    expect((await record("podman")).ignoreChanges).toEqual(
      expect.arrayContaining(["capabilities", "mounts", "securityOpts", "tmpfs"]),
    );
  });

  it("is recreated when one of these settings changes, and only then", async () => {
    const { asked } = await record("podman");
    expect(asked).toMatch(/^[0-9a-f]{16}$/);
    expect((await record("podman")).asked).toBe(asked);
    expect((await record("podman", { capabilities: ["CHOWN"] })).asked).not.toBe(asked);
    expect((await record("podman", { memoryMb: 128 })).asked).toBe(asked);
  });

  it("differs from one on Docker, which tells these settings as they were asked for", async () => {
    const { ignoreChanges, asked } = await record("engine");
    expect(ignoreChanges).toStrictEqual(["memory", "memorySwap", "cpus"]);
    expect(asked).toBeUndefined();
  });
});
