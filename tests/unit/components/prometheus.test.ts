import { Prometheus, type PrometheusArgs } from "../../../components/prometheus";
import type { Deployment } from "../../../components/shared/deployment";
import { findResource, listTree, type PulumiRecorder, recordPulumi } from "../support/pulumiMocks";
import { createTestDeployment, deploymentLabels } from "../support/testDeployment";
import { buildSettings } from "../support/testSettings";

const files = { "prometheus.yml": "scrape_configs: []\n", "rules.yml": "groups: []\n" };
let pulumiRecorder: PulumiRecorder;
let deployment: Deployment;

beforeAll(async () => {
  pulumiRecorder = await recordPulumi();
  deployment = createTestDeployment();
});

function record(changes: Partial<PrometheusArgs> = {}) {
  const { prometheus } = buildSettings({
    prometheus: { retentionDays: 3, memoryMb: 300, cpus: 1.5, publishPort: 9191 },
  });
  return pulumiRecorder.record(
    () =>
      new Prometheus("prometheus", {
        deployment,
        settings: prometheus,
        imageId: "sha256:prometheus",
        networkName: "glasshouse-test",
        privateNetworks: {},
        joinedNetworks: [],
        files,
        lookBackSeconds: 120,
        jobFiles: {},
        targetFolders: {},
        ...changes,
      }),
  );
}

describe("Prometheus", () => {
  it("is a container with two volumes, its files, and the waits until it runs them", async () => {
    const { result, resources } = await record();
    expect(listTree(resources)).toStrictEqual([
      "glasshouse:prometheus:Prometheus prometheus",
      "glasshouse:resources:Volume prometheus-config < prometheus",
      "glasshouse:resources:Volume prometheus-data < prometheus",
      "glasshouse:resources:VolumeFiles prometheus-files < prometheus",
      "glasshouse:resources:RunningContainers prometheus-readiness < prometheus",
      "glasshouse:resources:PrometheusReload prometheus-running-config < prometheus",
      "docker:index/container:Container prometheus-server < prometheus",
    ]);
    expect(result.url).toBe("http://127.0.0.1:9191");
    expect(findResource(resources, "prometheus-data").inputs).toMatchObject({
      name: "glasshouse-test-prometheus-data",
      dockerHost: deployment.dockerHost,
    });
  });

  it("checks its files with promtool before they reach the volume", async () => {
    const { resources } = await record();
    const inputs = findResource(resources, "prometheus-files").inputs;
    expect(inputs).toStrictEqual({
      dockerHost: { uri: "unix:///run/test.sock" },
      volume: "glasshouse-test-prometheus-config",
      image: "sha256:prometheus",
      files,
      check: ["promtool", "check", "config", "prometheus.yml"],
      uid: 0,
      gid: 0,
      mode: 0o444,
    });
  });

  it("keeps log-ins of scrape jobs beside the configuration, and shows it the folders that list targets", async () => {
    const { resources } = await record({
      jobFiles: { "secrets/nas.password": "hunter2" },
      targetFolders: { "/targets/nas": "/srv/targets" },
    });
    expect(findResource(resources, "prometheus-files").inputs["files"]).toStrictEqual({
      ...files,
      "secrets/nas.password": "hunter2",
    });
    expect(findResource(resources, "prometheus-server").inputs["mounts"]).toContainEqual({
      type: "bind",
      source: "/srv/targets",
      target: "/targets/nas",
      readOnly: true,
    });
  });

  it("removes the oldest series from a size on, where the settings name one", async () => {
    const settings = buildSettings({ prometheus: { retentionMb: 2048 } }).prometheus;
    const { resources } = await record({ settings });
    expect(findResource(resources, "prometheus-server").inputs["command"]).toContain(
      "--storage.tsdb.retention.size=2048MB",
    );
  });

  it("hardens its container, and starts it after its files are there", async () => {
    const { resources } = await record();
    const { inputs, dependsOn, provider } = findResource(resources, "prometheus-server");
    expect(inputs).toStrictEqual({
      name: "glasshouse-test-prometheus",
      hostname: "prometheus",
      image: "sha256:prometheus",
      user: "65534:65534",
      restart: "always",
      destroyGraceSeconds: 10,
      removeVolumes: false,
      readOnly: true,
      capabilities: { adds: [], drops: ["ALL"] },
      securityOpts: ["no-new-privileges:true"],
      memory: 300,
      memorySwap: 300,
      cpus: "1.5",
      tmpfs: {},
      envs: [],
      networkMode: "bridge",
      logDriver: "json-file",
      logOpts: { "max-size": "10m", "max-file": "3" },
      networksAdvanced: [{ name: "glasshouse-test", aliases: ["prometheus"] }],
      ports: [{ internal: 9090, external: 9191, ip: "127.0.0.1", protocol: "tcp" }],
      labels: deploymentLabels,
      command: [
        "--config.file=/etc/prometheus/prometheus.yml",
        "--storage.tsdb.path=/prometheus",
        "--storage.tsdb.retention.time=3d",
        "--query.lookback-delta=120s",
      ],
      healthcheck: {
        tests: ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:9090/-/ready"],
        interval: "5s",
        timeout: "5s",
        retries: 6,
        startPeriod: "1m0s",
      },
      mounts: [
        {
          type: "volume",
          source: "glasshouse-test-prometheus-config",
          target: "/etc/prometheus",
          readOnly: true,
        },
        { type: "volume", source: "glasshouse-test-prometheus-data", target: "/prometheus" },
      ],
      hosts: [{ host: "host.docker.internal", ip: "host-gateway" }],
    });
    expect(provider).toBe("engine");
    expect(dependsOn).toContain("prometheus-files");
  });

  it("keeps its container when a file changes, and reloads", async () => {
    const { resources } = await record();
    const reload = findResource(resources, "prometheus-running-config");
    const inputs = reload.inputs;
    expect(inputs).toStrictEqual({
      dockerHost: { uri: "unix:///run/test.sock" },
      container: "id of prometheus-server",
      config: files["prometheus.yml"],
      rules: files["rules.yml"],
      revision: "revision of prometheus-files",
    });
    expect(reload.dependsOn).toContain("prometheus-readiness");
    expect(JSON.stringify(findResource(resources, "prometheus-server").inputs)).not.toContain(
      "revision of",
    );
  });
});
