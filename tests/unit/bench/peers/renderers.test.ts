import { parse } from "yaml";
import { buildCreateOptions } from "../../../../bench/peers/buildCreateOptions";
import { groupReplicas, renderCompose } from "../../../../bench/peers/renderCompose";
import { renderPlaybook, renderRemoval } from "../../../../bench/peers/renderPlaybook";
import { buildTerraform } from "../../../../bench/peers/renderTerraform";
import { fullContainer, hostFolders, plan, replicas } from "../samplePlan";

// What each tool is told has to be the same: user, limits, capabilities, file systems, logs, network, health.

const prefix = "glasshouse-bench-1-x";

describe("compose.yaml", () => {
  const document = parse(renderCompose(plan, prefix, hostFolders)) as {
    services: Record<string, Record<string, unknown>>;
    networks: unknown;
    volumes: unknown;
  };

  it("says every setting of a container", () => {
    expect(document.services["prometheus"]).toStrictEqual({
      image: "example/prometheus:3.0.0",
      pull_policy: "never",
      user: "65534:65534",
      command: ["--config.file=/etc/prometheus/prometheus.yml"],
      environment: { PRICE: "$$5 $${x}" },
      labels: { "glasshouse.given": "command" },
      restart: "always",
      stop_grace_period: "10s",
      read_only: true,
      cap_add: ["NET_BIND_SERVICE"],
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
      mem_limit: "1024m",
      memswap_limit: "1024m",
      cpus: 2,
      pids_limit: 500,
      tmpfs: ["/tmp:size=64m,mode=1777"],
      logging: { driver: "json-file", options: { "max-size": "10m" } },
      networks: { default: { aliases: ["prometheus"] } },
      ports: [{ target: 9090, published: "21000", host_ip: "127.0.0.1", protocol: "tcp" }],
      extra_hosts: ["host.docker.internal:host-gateway"],
      volumes: [
        {
          type: "bind",
          source: "/bench/prometheus-config",
          target: "/etc/prometheus",
          read_only: true,
        },
        { type: "volume", source: "prometheus-data", target: "/prometheus", read_only: false },
      ],
      healthcheck: {
        test: ["CMD", "wget", "-q", "http://127.0.0.1:9090/-/ready"],
        interval: "10s",
        timeout: "5s",
        retries: 3,
        start_period: "60s",
      },
      container_name: `${prefix}-prometheus`,
      hostname: "prometheus",
    });
    expect(document.networks).toStrictEqual({ default: { name: prefix, driver: "bridge" } });
    expect(document.volumes).toStrictEqual({
      "prometheus-data": { name: `${prefix}-prometheus-data` },
    });
  });

  it("makes one service of an app's replicas, unless they publish ports of their own", () => {
    expect(document.services["log"]).toMatchObject({ deploy: { replicas: 2 } });
    expect(document.services["log"]).not.toHaveProperty("container_name");
    const [one] = replicas;
    const single = one && renderCompose({ ...plan, containers: [one] }, prefix, {});
    const { services } = parse(single ?? "") as typeof document;
    expect(Object.keys(services)).toStrictEqual(["log"]);
    expect({ ...services["log"], deploy: undefined }).toStrictEqual({
      ...document.services["log"],
      deploy: undefined,
    });
    const published = replicas.map((one) => ({ ...one, ports: fullContainer.ports }));
    expect(groupReplicas(published).map(([{ name }, count]) => [name, count])).toStrictEqual([
      ["log-1", 1],
      ["log-2", 1],
    ]);
  });
});

describe("main.tf.json", () => {
  const wait = { healthChecked: ["prometheus"], seconds: 300 };
  const document = buildTerraform(plan, prefix, hostFolders, wait) as {
    resource: Record<string, Record<string, Record<string, unknown>>>;
  };

  it("says every setting of a container but the limit of processes", () => {
    expect(document.resource["docker_container"]?.["prometheus"]).toStrictEqual({
      name: `${prefix}-prometheus`,
      image: "${docker_image.image_example_prometheus_3_0_0.image_id}",
      hostname: "prometheus",
      user: "65534:65534",
      command: ["--config.file=/etc/prometheus/prometheus.yml"],
      env: ["PRICE=$5 $${x}"],
      labels: [{ label: "glasshouse.given", value: "command" }],
      restart: "always",
      destroy_grace_seconds: 10,
      read_only: true,
      capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] },
      security_opts: ["no-new-privileges:true"],
      memory: 1024,
      memory_swap: 1024,
      cpus: "2.0",
      tmpfs: { "/tmp": "size=64m,mode=1777" },
      network_mode: "bridge",
      log_driver: "json-file",
      log_opts: { "max-size": "10m" },
      networks_advanced: { name: "${docker_network.network.name}", aliases: ["prometheus"] },
      ports: [{ internal: 9090, external: 21_000, ip: "127.0.0.1" }],
      mounts: [
        {
          type: "bind",
          source: "/bench/prometheus-config",
          target: "/etc/prometheus",
          read_only: true,
        },
        {
          type: "volume",
          source: "${docker_volume.prometheus-data.name}",
          target: "/prometheus",
          read_only: false,
        },
      ],
      host: [{ host: "host.docker.internal", ip: "host-gateway" }],
      healthcheck: {
        test: ["CMD", "wget", "-q", "http://127.0.0.1:9090/-/ready"],
        interval: "10s",
        timeout: "5s",
        retries: 3,
        start_period: "1m0s",
      },
      wait: true,
      wait_timeout: 300,
    });
  });

  it("waits only for containers that tell of their health", () => {
    expect(document.resource["docker_container"]?.["log-1"]).not.toHaveProperty("wait");
  });

  it("keeps an image's address when another one comes before it", () => {
    const reversed = { ...plan, containers: [...plan.containers].reverse() };
    const other = buildTerraform(reversed, prefix, hostFolders, wait) as typeof document;
    expect(other.resource["docker_image"]).toStrictEqual(document.resource["docker_image"]);
  });

  it("has each image once, and leaves out what there is none of", () => {
    expect(Object.keys(document.resource["docker_image"] ?? {})).toHaveLength(2);
    const bare = buildTerraform({ ...plan, volumes: [] }, prefix, {}, wait) as typeof document;
    expect(bare.resource).not.toHaveProperty("docker_volume");
  });
});

describe("the playbook", () => {
  const options = {
    prefix,
    hostFolders,
    healthy: ["prometheus"],
    waitSeconds: 300,
    gone: ["log-3"],
  };
  const [play] = parse(renderPlaybook(plan, options)) as [
    { tasks: ({ name: string } & Record<string, Record<string, unknown>>)[] },
  ];

  it("starts everything, in the order network, volumes, what goes, what comes, and then waits", () => {
    expect(play.tasks.map(({ name }) => name)).toStrictEqual([
      "network",
      "prometheus-data",
      `${prefix}-log-3 is gone`,
      "prometheus",
      "log-1",
      "log-2",
      "prometheus is healthy",
    ]);
  });

  it("says every setting of a container", () => {
    const container = play.tasks[3]?.["community.docker.docker_container"];
    expect(container).toStrictEqual({
      name: `${prefix}-prometheus`,
      state: "started",
      hostname: "prometheus",
      image: "example/prometheus:3.0.0",
      pull: "never",
      user: "65534:65534",
      command: ["--config.file=/etc/prometheus/prometheus.yml"],
      env: { PRICE: "$5 ${x}" },
      labels: { "glasshouse.given": "command" },
      restart_policy: "always",
      stop_timeout: 10,
      read_only: true,
      capabilities: ["NET_BIND_SERVICE"],
      cap_drop: ["ALL"],
      security_opts: ["no-new-privileges:true"],
      memory: "1024M",
      memory_swap: "1024M",
      cpus: 2,
      pids_limit: 500,
      tmpfs: ["/tmp:size=64m,mode=1777"],
      log_driver: "json-file",
      log_options: { "max-size": "10m" },
      networks: [{ name: prefix, aliases: ["prometheus"] }],
      published_ports: ["127.0.0.1:21000:9090"],
      etc_hosts: { "host.docker.internal": "host-gateway" },
      mounts: [
        {
          type: "bind",
          source: "/bench/prometheus-config",
          target: "/etc/prometheus",
          read_only: true,
        },
        {
          type: "volume",
          source: `${prefix}-prometheus-data`,
          target: "/prometheus",
          read_only: false,
        },
      ],
      healthcheck: {
        test: ["CMD", "wget", "-q", "http://127.0.0.1:9090/-/ready"],
        interval: "10s",
        timeout: "5s",
        retries: 3,
        start_period: "60s",
      },
    });
  });

  it("has another one that removes everything", () => {
    const [removal] = parse(renderRemoval(plan, prefix)) as [typeof play];
    expect(removal.tasks).toHaveLength(3 + 1 + 1);
    expect(removal.tasks.at(-1)?.["community.docker.docker_network"]).toStrictEqual({
      name: prefix,
      state: "absent",
    });
  });
});

it("asks the engine itself for the same", () => {
  const { HostConfig: host, ...options } = buildCreateOptions(fullContainer, prefix, hostFolders);
  expect(options).toMatchObject({ Hostname: "prometheus", User: "65534:65534", StopTimeout: 10 });
  expect(options.Healthcheck).toMatchObject({ Interval: 10e9, StartPeriod: 60e9, Retries: 3 });
  expect(host).toMatchObject({
    ReadonlyRootfs: true,
    CapAdd: ["NET_BIND_SERVICE"],
    CapDrop: ["ALL"],
    Memory: 1024 ** 3,
    MemorySwap: 1024 ** 3,
    NanoCpus: 2e9,
    PidsLimit: 500,
    NetworkMode: prefix,
    PortBindings: { "9090/tcp": [{ HostIp: "127.0.0.1", HostPort: "21000" }] },
    Mounts: [
      {
        Type: "bind",
        Source: "/bench/prometheus-config",
        Target: "/etc/prometheus",
        ReadOnly: true,
      },
      { Type: "volume", Source: `${prefix}-prometheus-data`, ReadOnly: false },
    ],
  });
});
