import { Host } from "../../../components/host";
import { findResource, listTree, type PulumiRecorder, recordPulumi } from "../support/pulumiMocks";

let pulumiRecorder: PulumiRecorder;

beforeAll(async () => {
  pulumiRecorder = await recordPulumi();
});

describe("Host", () => {
  it("is the provider of one engine, and says how things on it are named", async () => {
    const { result, resources } = await pulumiRecorder.record(
      () => new Host("host", { settings: { uri: "unix:///run/other.sock" }, engineKind: "engine" }),
    );
    expect(listTree(resources)).toStrictEqual([
      "glasshouse:host:Host host",
      "pulumi:providers:docker host-engine < host",
    ]);
    expect(findResource(resources, "host-engine").inputs).toStrictEqual({
      host: "unix:///run/other.sock",
    });
    const { dockerProvider: _, takeOver: _takeOver, ...plain } = result.deployment;
    expect(plain).toStrictEqual({
      dockerHost: "unix:///run/other.sock",
      engineKind: "engine",
      prefix: "glasshouse-test",
      labels: { "glasshouse.project": "glasshouse", "glasshouse.stack": "test" },
    });
  });
});
