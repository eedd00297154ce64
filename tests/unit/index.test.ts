import * as pulumi from "@pulumi/pulumi";
import {
  findResource,
  listTree,
  type PulumiRecorder,
  recordPulumi,
  type Registration,
  valueOf,
} from "./support/pulumiMocks";

// Whether this machine has the ports, and an engine that fits, is no matter of this test.
jest.mock("../../components/preflight/rejectAppDataLoss");
jest.mock("../../components/shared/dataLoss");
jest.mock("../../components/preflight/rejectTakenPorts");
jest.mock("../../components/preflight/rejectUnsupportedEngine", () => ({
  rejectUnsupportedEngine: () =>
    Promise.resolve({
      kind: "engine",
      storage: { hostname: "box", dataRoot: "/var/lib/docker", storageDriver: "overlay2" },
    }),
}));
jest.mock("../../host/docker/listContainers", () => ({
  listContainers: () => Promise.resolve([]),
}));
jest.mock("../../host/docker/readSocket", () => ({
  readSocket: () => Promise.resolve({ socketPath: "/var/run/docker.sock", socketGroup: 105 }),
}));

interface Outputs {
  readonly prometheusUrl: string;
  readonly grafanaUrl?: string;
  readonly grafanaAdminPassword?: pulumi.Output<string>;
  readonly appUrls: Record<string, string[]>;
  readonly engineMetricsAddress?: string;
  readonly policyExceptions?: readonly object[];
}

let pulumiRecorder: PulumiRecorder;
let program: () => Promise<Outputs>;

beforeAll(async () => {
  pulumiRecorder = await recordPulumi();
  jest.spyOn(pulumi.log, "warn").mockResolvedValue();
  // After the mocks, as Pulumi's guide to unit tests has it.
  ({ default: program } = await import("../../index"));
});

function record(config: Record<string, unknown> = {}) {
  const entries = Object.entries(config).map(([key, value]): [string, string] => [
    `glasshouse:${key}`,
    JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig(Object.fromEntries(entries));
  return pulumiRecorder.record(program);
}

describe("the program with the sample apps", () => {
  it("deploys exactly the chapter's stack", async () => {
    const { resources } = await record();
    expect(listTree(resources)).toStrictEqual([
      "glasshouse:app:App access-log",
      "docker:index/container:Container access-log-1 < access-log",
      "docker:index/container:Container access-log-2 < access-log",
      "docker:index/container:Container access-log-3 < access-log",
      "glasshouse:resources:BuiltImage access-log-image < access-log",
      "glasshouse:resources:RunningContainers access-log-readiness < access-log",
      "glasshouse:resources:RolloutGate access-log-turn-2 < access-log",
      "glasshouse:resources:RolloutGate access-log-turn-3 < access-log",
      "glasshouse:server:Server cadvisor",
      "docker:index/remoteImage:RemoteImage cadvisor-image < cadvisor",
      "glasshouse:resources:RunningContainers cadvisor-readiness < cadvisor",
      "docker:index/container:Container cadvisor-server < cadvisor",
      "glasshouse:server:Server docker-api",
      "glasshouse:resources:Volume docker-api-config < docker-api",
      "glasshouse:resources:VolumeFiles docker-api-files < docker-api",
      "docker:index/remoteImage:RemoteImage docker-api-image < docker-api",
      "glasshouse:resources:RunningContainers docker-api-readiness < docker-api",
      "docker:index/container:Container docker-api-server < docker-api",
      "glasshouse:engine:EngineMetrics engine-metrics",
      "glasshouse:resources:DaemonSettings engine-metrics-daemon-json < engine-metrics",
      "glasshouse:grafana:Grafana grafana",
      "random:index/randomPassword:RandomPassword grafana-admin-password < grafana",
      "glasshouse:resources:Volume grafana-config < grafana",
      "glasshouse:resources:Volume grafana-data < grafana",
      "glasshouse:resources:VolumeFiles grafana-files < grafana",
      "docker:index/remoteImage:RemoteImage grafana-image < grafana",
      "glasshouse:resources:RunningContainers grafana-readiness < grafana",
      "glasshouse:resources:GrafanaReload grafana-running-files < grafana",
      "glasshouse:resources:VolumeFiles grafana-secret-files < grafana",
      "glasshouse:resources:Volume grafana-secrets < grafana",
      "docker:index/container:Container grafana-server < grafana",
      "glasshouse:host:Host host",
      "pulumi:providers:docker host-engine < host",
      "glasshouse:app:App image-gallery",
      "docker:index/container:Container image-gallery-1 < image-gallery",
      "glasshouse:resources:BuiltImage image-gallery-image < image-gallery",
      "glasshouse:resources:RunningContainers image-gallery-readiness < image-gallery",
      "glasshouse:app:App iotd",
      "docker:index/container:Container iotd-1 < iotd",
      "glasshouse:resources:BuiltImage iotd-image < iotd",
      "glasshouse:resources:RunningContainers iotd-readiness < iotd",
      "glasshouse:network:Network network",
      "glasshouse:resources:BridgeNetwork network-bridge < network",
      "glasshouse:resources:BridgeNetwork network-docker-api-cadvisor < network",
      "glasshouse:resources:BridgeNetwork network-docker-api-discovery < network",
      "glasshouse:server:Server node-exporter",
      "docker:index/remoteImage:RemoteImage node-exporter-image < node-exporter",
      "glasshouse:resources:RunningContainers node-exporter-readiness < node-exporter",
      "docker:index/container:Container node-exporter-server < node-exporter",
      "glasshouse:prometheus:Prometheus prometheus",
      "glasshouse:resources:Volume prometheus-config < prometheus",
      "glasshouse:resources:Volume prometheus-data < prometheus",
      "glasshouse:resources:VolumeFiles prometheus-files < prometheus",
      "glasshouse:image:PulledImage prometheus-image",
      "docker:index/remoteImage:RemoteImage prometheus-image-pull < prometheus-image",
      "glasshouse:resources:RunningContainers prometheus-readiness < prometheus",
      "glasshouse:resources:PrometheusReload prometheus-running-config < prometheus",
      "docker:index/container:Container prometheus-server < prometheus",
    ]);
  });

  it("says where everything is", async () => {
    const { result } = await record();
    const { grafanaAdminPassword, ...others } = result;
    expect(others).toStrictEqual({
      prometheusUrl: "http://127.0.0.1:9090",
      grafanaUrl: "http://127.0.0.1:3000",
      appUrls: {
        "image-gallery": ["http://127.0.0.1:8010"],
        iotd: ["http://127.0.0.1:8011"],
        "access-log": [],
      },
      engineMetricsAddress: "0.0.0.0:9323",
      scrapeTargets: {
        "access-log": 3,
        cadvisor: 1,
        containers: 1,
        docker: 1,
        "image-gallery": 1,
        "iotd-api": 1,
        node: 1,
        prometheus: 1,
      },
    });
    expect(await pulumi.isSecret(grafanaAdminPassword!)).toBe(true);
    expect(await valueOf(pulumi.unsecret(grafanaAdminPassword!))).toBe("generated");
  });

  it("hands the exceptions to the policy pack as an output", async () => {
    const exception = { rule: "non-root", resource: "iotd", reason: "it is a test" };
    const { result } = await record({ policy: { allow: [exception] } });
    expect(result.policyExceptions).toStrictEqual([exception]);
  });

  it("gives every resource of a component that component as its parent", async () => {
    const { resources } = await record();
    const components = resources.filter(isComponent).map(({ name }) => name);
    const strays = resources.filter(
      (resource) => !isComponent(resource) && !components.includes(resource.parent ?? ""),
    );
    expect(strays).toStrictEqual([]);
  });

  it("asks the engine of `host` for every resource of Docker's provider", async () => {
    const { resources } = await record();
    const others = resources.filter(
      ({ type, provider }) => type.startsWith("docker:") && provider !== "host-engine",
    );
    expect(others).toStrictEqual([]);
  });

  it("changes nothing on the host before the engine has its setting", async () => {
    const { resources } = await record();
    // A child is registered after its parent, and that after what it depends on.
    const early = resources.filter(
      ({ type, name, parent, dependsOn }) =>
        parent === undefined &&
        type !== "glasshouse:host:Host" &&
        name !== "engine-metrics" &&
        !dependsOn.includes("engine-metrics-daemon-json"),
    );
    expect(early.map(({ name }) => name)).toStrictEqual([]);
  });

  it("puts all containers on the one network, and gives Prometheus the files that name them", async () => {
    const { resources } = await record();
    const networks = resources
      // The proxy of the engine's API is on networks of its own.
      .filter(({ type, name }) => type.endsWith(":Container") && name !== "docker-api-server")
      .map(({ inputs }) => (inputs["networksAdvanced"] as { name: string }[])[0]?.name);
    expect(networks).toStrictEqual(Array.from({ length: 9 }, () => "glasshouse-test"));
    const files = findResource(resources, "prometheus-files").inputs["files"];
    expect((files as Record<string, string>)["prometheus.yml"]).toContain("job_name: iotd-api");
  });
});

describe("the program with other settings", () => {
  it("deploys Prometheus alone when nothing else is wanted, and has no output for what is not there", async () => {
    const { result, resources } = await record({
      apps: [],
      engineMetrics: { mode: "off" },
      grafana: { deploy: "never" },
      exporters: { node: { deploy: false }, cadvisor: { deploy: false } },
      discovery: { enabled: false },
    });
    expect(resources.filter(({ parent }) => parent === undefined).map(({ name }) => name)).toEqual([
      "engine-metrics",
      "host",
      "network",
      "prometheus",
      "prometheus-image",
    ]);
    expect(result).toStrictEqual({
      prometheusUrl: "http://127.0.0.1:9090",
      scrapeTargets: { prometheus: 1 },
      appUrls: {},
    });
  });

  it("registers nothing when a setting is wrong", async () => {
    const { result, resources } = await pulumiRecorder.record(async () => {
      pulumi.runtime.setAllConfig({ "glasshouse:apps": '[{"name":"shop"}]' });
      return program().catch((error: unknown) => error);
    });
    expect(pulumi.RunError.isInstance(result)).toBe(true);
    expect((result as Error).message).toContain("apps[0]");
    expect(resources).toStrictEqual([]);
  });
});

function isComponent({ type }: Registration): boolean {
  return type.startsWith("glasshouse:");
}
