import type { ContainerNow, Facts, HostNow, PrometheusNow } from "../../../../cli/doctor/facts";
import { parseStackState, type StackExport } from "../../../../cli/doctor/parseStackState";

/** Pulumi's mark of an encrypted value. */
export const encrypted = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "v1:hidden",
} as const;

const stackUrn = "urn:pulumi:test::glasshouse";

function urn(type: string, name: string): string {
  return `${stackUrn}::${type}::${name}`;
}

function container(owner: string, name: string, alias: string) {
  return {
    urn: urn("docker:index/container:Container", name),
    type: "docker:index/container:Container",
    id: `id-${name}`,
    parent: urn("glasshouse:app:App", owner),
    inputs: {
      name: `glasshouse-test-${name}`,
      image: "sha256:app",
      user: "65532:65532",
      envs: owner === "prometheus" ? encrypted : ["MODE=quiet"],
      labels: [
        { label: "glasshouse.stack", value: "test" },
        { label: "glasshouse.app", value: owner },
      ],
      memory: 192,
      memorySwap: 192,
      cpus: "1.0",
      readOnly: true,
      capabilities: { adds: ["NET_BIND_SERVICE"], drops: ["ALL"] },
      restart: "always",
      networksAdvanced: [{ name: "glasshouse-test", aliases: [alias] }],
      ports: [{ internal: 80, external: 8010, ip: "127.0.0.1", protocol: "tcp" }],
    },
  };
}

export const scrapeConfig = `
scrape_configs:
  - job_name: docker
    static_configs:
      - targets: ["host.docker.internal:9323"]
  - job_name: shop
    dns_sd_configs:
      - names: [shop]
`;

/** The state of a stack with an app of two replicas, and Prometheus. */
export const sampleExport: StackExport = {
  deployment: {
    resources: [
      {
        urn: urn("pulumi:pulumi:Stack", "glasshouse-test"),
        type: "pulumi:pulumi:Stack",
        outputs: {
          engineMetricsAddress: "0.0.0.0:9323",
          prometheusUrl: "http://127.0.0.1:9090",
        },
      },
      {
        urn: urn("glasshouse:resources:DaemonSettings", "daemon-json"),
        type: "glasshouse:resources:DaemonSettings",
        inputs: {
          dockerHost: { uri: "unix:///var/run/docker.sock" },
          daemonJson: "/etc/docker/daemon.json",
          metricsAddress: "0.0.0.0:9323",
          restart: "auto",
          restartCommand: [],
          claimant: "glasshouse/test",
        },
      },
      {
        urn: urn("glasshouse:resources:BridgeNetwork", "network-bridge"),
        type: "glasshouse:resources:BridgeNetwork",
        id: "id-network",
        inputs: { name: "glasshouse-test" },
      },
      {
        urn: urn("glasshouse:resources:Volume", "prometheus-config"),
        type: "glasshouse:resources:Volume",
        id: "glasshouse-test-prometheus-config",
        inputs: { name: "glasshouse-test-prometheus-config" },
      },
      {
        urn: urn("glasshouse:resources:VolumeFiles", "prometheus-files"),
        type: "glasshouse:resources:VolumeFiles",
        id: "glasshouse-test-prometheus-config",
        inputs: {
          volume: "glasshouse-test-prometheus-config",
          files: { "prometheus.yml": scrapeConfig, password: encrypted },
        },
      },
      container("shop", "shop-1", "shop"),
      container("shop", "shop-2", "shop"),
      container("prometheus", "prometheus-server", "prometheus"),
      {
        urn: urn("glasshouse:resources:RunningContainers", "shop-readiness"),
        type: "glasshouse:resources:RunningContainers",
        id: "ready",
        inputs: { containers: { "shop-1": "id-shop-1", "shop-2": "id-shop-2" }, pids: 200 },
      },
      {
        urn: urn("glasshouse:resources:PrometheusReload", "running-config"),
        type: "glasshouse:resources:PrometheusReload",
        id: "running",
        inputs: { container: "id-prometheus-server", config: scrapeConfig },
      },
    ],
  },
};

/** A container as it was deployed. */
export function sampleContainer(name: string, owner: string, alias: string): ContainerNow {
  return {
    Id: `id-${name}`,
    Image: "sha256:app",
    RestartCount: 0,
    State: {
      Status: "running",
      ExitCode: 0,
      Error: "",
      OOMKilled: false,
      FinishedAt: "2026-01-02T03:04:05.678Z",
      Health: { Status: "healthy", Log: [] },
    },
    Config: {
      Hostname: name,
      User: "65532:65532",
      Env: ["PATH=/bin", "MODE=quiet", ...(owner === "prometheus" ? ["TOKEN=do-not-show"] : [])],
      Labels: { "glasshouse.stack": "test", "glasshouse.app": owner, vendor: "image" },
      Cmd: ["serve"],
    },
    HostConfig: {
      Memory: 192 * 1024 * 1024,
      MemorySwap: 192 * 1024 * 1024,
      NanoCpus: 1e9,
      PidsLimit: 200,
      ReadonlyRootfs: true,
      Privileged: false,
      CapAdd: ["CAP_NET_BIND_SERVICE"],
      CapDrop: ["ALL"],
      SecurityOpt: null,
      RestartPolicy: { Name: "always" },
      LogConfig: { Type: "json-file", Config: {} },
      ExtraHosts: null,
      PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "8010" }] },
    },
    NetworkSettings: { Networks: { "glasshouse-test": { Aliases: [alias, "0123456789ab"] } } },
  };
}

export const sampleHost: HostNow = {
  kernelLimits: { any: true, swap: true, pids: true },
  containers: {
    "shop-1": sampleContainer("shop-1", "shop", "shop"),
    "shop-2": sampleContainer("shop-2", "shop", "shop"),
    "prometheus-server": sampleContainer("prometheus-server", "prometheus", "prometheus"),
  },
  images: { "sha256:app": { env: ["PATH=/bin"], labels: { vendor: "image" }, command: ["serve"] } },
  services: {},
  nodes: [],
  networks: { "glasshouse-test": "id-network" },
  networkMembers: {
    "glasshouse-test": {
      containers: ["shop-1", "shop-2", "prometheus-server"].map((name) => ({
        id: `id-${name}`,
        name: `glasshouse-test-${name}`,
        labels: {},
      })),
      orphans: [],
    },
  },
  volumes: ["glasshouse-test-prometheus-config"],
  labelledContainers: [{ id: "id-shop-1", name: "glasshouse-test-shop-1" }],
  labelledNetworks: [{ id: "id-network", name: "glasshouse-test" }],
  scrapeCandidates: [],
  staleHelpers: [],
  files: {
    "prometheus-files": { value: { "prometheus.yml": scrapeConfig, password: "do-not-show" } },
  },
};

const shopTarget = { job: "shop", health: "up", lastError: "" } as const;

export const sampleTargets = [
  { job: "docker", url: "http://host.docker.internal:9323/metrics", health: "up", lastError: "" },
  { ...shopTarget, url: "http://172.18.0.3:80/metrics" },
  { ...shopTarget, url: "http://172.18.0.4:80/metrics" },
] as const;

export const samplePrometheus: PrometheusNow = {
  difference: { value: undefined },
  targets: { value: sampleTargets },
  lastReloadSuccessful: true,
  enginesWithoutMetrics: [],
};

/** A stack on which all is well. */
export function buildFacts(changes: Partial<Facts> = {}): Facts {
  return {
    stack: "test",
    engine: {
      kind: "engine",
      version: "28.0.0",
      id: "engine-id",
      experimentalNeeded: false,
      liveRestore: false,
      inSwarm: false,
      containersRunning: 3,
      storage: undefined,
      advice: undefined,
    },
    engineProblem: undefined,
    dockerHost: { uri: "unix:///var/run/docker.sock" },
    state: { value: parseStackState(sampleExport) },
    locks: [],
    lastUpdate: { kind: "update", result: "succeeded" },
    plan: { value: { changes: [], grafana: { deploy: "never", image: "grafana" } } },
    metrics: { value: { setting: "0.0.0.0:9323", isClaimed: true, problem: undefined } },
    host: sampleHost,
    prometheus: samplePrometheus,
    alertmanager: undefined,
    ...changes,
  };
}
