import type { PlannedContainer, StackPlan } from "../../../bench/stackPlan";

/** A container with every setting that a tool may have to say. */
export const fullContainer: PlannedContainer = {
  name: "prometheus",
  app: "prometheus",
  image: "example/prometheus:3.0.0",
  user: "65534:65534",
  command: ["--config.file=/etc/prometheus/prometheus.yml"],
  environment: { PRICE: "$5 ${x}" },
  labels: { "glasshouse.given": "command" },
  restart: "always",
  stopGraceSeconds: 10,
  readOnly: true,
  capabilities: { adds: ["NET_BIND_SERVICE"], drops: ["ALL"] },
  securityOptions: ["no-new-privileges:true"],
  memoryMb: 1024,
  cpus: 2,
  pids: 500,
  tmpfs: { "/tmp": "size=64m,mode=1777" },
  logDriver: "json-file",
  logOptions: { "max-size": "10m" },
  aliases: ["prometheus"],
  ports: [{ internal: 9090, external: 21_000, address: "127.0.0.1" }],
  mounts: [
    { source: "prometheus-config", target: "/etc/prometheus", readOnly: true },
    { source: "prometheus-data", target: "/prometheus", readOnly: false },
  ],
  hosts: [{ host: "host.docker.internal", ip: "host-gateway" }],
  healthCheck: {
    command: ["wget", "-q", "http://127.0.0.1:9090/-/ready"],
    intervalSeconds: 10,
    timeoutSeconds: 5,
    retries: 3,
    startPeriodSeconds: 60,
  },
};

/** Two replicas of an app without anything special. */
export const replicas: readonly PlannedContainer[] = ["log-1", "log-2"].map((name) => ({
  ...fullContainer,
  name,
  app: "log",
  image: "example/log:1.0.0",
  command: [],
  environment: {},
  capabilities: { adds: [], drops: ["ALL"] },
  tmpfs: {},
  aliases: ["log"],
  ports: [],
  mounts: [],
  hosts: [],
  healthCheck: undefined,
}));

export const plan: StackPlan = {
  containers: [fullContainer, ...replicas],
  volumes: ["prometheus-data"],
  folders: { "prometheus-config": { "prometheus.yml": "global: {}\n" } },
};

export const hostFolders = { "prometheus-config": "/bench/prometheus-config" };
