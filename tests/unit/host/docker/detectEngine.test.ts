import { buildEngineLocation } from "../../../../host/daemon/engineLocation";
import { detectEngine } from "../../../../host/docker/detectEngine";
import { FakeHost } from "../fakeHost";

describe("detectEngine", () => {
  it("tells where the engine keeps its data, from the one answer that tells the rest", async () => {
    const host = new FakeHost();
    host.info = { Name: "box", DockerRootDir: "/srv/docker", Driver: "overlay2" };
    const { kind, storage } = await detectEngine(buildEngineLocation({ host }));
    expect(kind).toBe("engine");
    expect(storage).toStrictEqual({
      hostname: "box",
      dataRoot: "/srv/docker",
      storageDriver: "overlay2",
    });
  });

  it("knows nothing of it where nothing answers", async () => {
    const host = new FakeHost();
    host.fetchText = () => Promise.reject(new Error("connection refused"));
    const { kind, storage } = await detectEngine(buildEngineLocation({ host }));
    expect([kind, storage]).toStrictEqual(["unreachable", undefined]);
  });
});
