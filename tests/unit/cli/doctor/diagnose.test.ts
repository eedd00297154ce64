import { buildEngineLocation, renderRestartByHand } from "../../../../host/daemon/engineLocation";
import { diagnose } from "../../../../cli/doctor/diagnose";
import type { ContainerNow, Facts, HostNow, PrometheusNow } from "../../../../cli/doctor/facts";
import { listFindings } from "../../../../cli/doctor/report";
import { parseStackState } from "../../../../cli/doctor/parseStackState";
import type { Target } from "../../../../cli/waitForTargets";
import {
  buildFacts,
  encrypted,
  sampleContainer,
  sampleExport,
  sampleHost,
  samplePrometheus,
  sampleTargets,
} from "./sampleFacts";

/** A container with some of its facts changed, group by group. */
type ContainerChanges = {
  readonly [Key in keyof ContainerNow]?: ContainerNow[Key] extends number | string
    ? ContainerNow[Key]
    : Partial<ContainerNow[Key]>;
};

const shop = sampleContainer("shop-1", "shop", "shop");

function withHost(changes: Partial<HostNow>): Facts {
  return buildFacts({ host: { ...sampleHost, ...changes } });
}

function withShop1(changes: ContainerChanges): Facts {
  const container = {
    ...shop,
    ...changes,
    State: { ...shop.State, ...changes.State },
    Config: { ...shop.Config, ...changes.Config },
    HostConfig: { ...shop.HostConfig, ...changes.HostConfig },
    NetworkSettings: { ...shop.NetworkSettings, ...changes.NetworkSettings },
  };
  return withHost({ containers: { ...sampleHost.containers, "shop-1": container } });
}

function withPrometheus(changes: Partial<PrometheusNow>): Facts {
  return buildFacts({ prometheus: { ...samplePrometheus, ...changes } });
}

function withState(changes: Partial<(typeof sampleExport)["deployment"]>): Facts {
  const deployment = { ...sampleExport.deployment, ...changes };
  return buildFacts({ state: { value: parseStackState({ deployment }) } });
}

/** Findings as text, without weights. */
function find(facts: Facts): string[] {
  return listFindings(diagnose(facts)).map(
    ({ subject, problem, fix }) => `${subject}: ${problem} => ${fix}`,
  );
}

const repair = "pulumi up --refresh --stack test";
const up = "npm run up -- --stack test";
const remake = `docker rm --force glasshouse-test-shop-1 && ${repair}`;

it("finds nothing on a stack on which all is well", () => {
  expect(find(buildFacts())).toStrictEqual([]);
});

describe("the engine", () => {
  const metrics = { setting: "0.0.0.0:9323", isClaimed: true, problem: undefined };
  it.each<[string, Facts, string]>([
    [
      "does not answer",
      buildFacts({
        engine: { ...buildFacts().engine, kind: "unreachable" },
        engineProblem: "connect ENOENT",
        host: undefined,
        prometheus: undefined,
        plan: undefined,
        metrics: undefined,
      }),
      "engine: no Docker Engine answers at unix:///var/run/docker.sock: connect ENOENT => systemctl start docker (without systemd: dockerd), then npm run doctor -- --stack test",
    ],
    [
      "does not let this user in",
      buildFacts({
        engine: { ...buildFacts().engine, kind: "unreachable" },
        engineProblem: "connect EACCES /var/run/docker.sock",
        host: undefined,
        prometheus: undefined,
        plan: undefined,
        metrics: undefined,
      }),
      "engine: no Docker Engine answers at unix:///var/run/docker.sock: connect EACCES /var/run/docker.sock => sudo usermod -aG docker $USER, then log in again",
    ],
    [
      "has another metrics address",
      buildFacts({ metrics: { value: { ...metrics, setting: "127.0.0.1:1" } } }),
      `engine: /etc/docker/daemon.json has metrics-addr "127.0.0.1:1" where "0.0.0.0:9323" was deployed => ${repair}   (restarts the engine)`,
    ],
    [
      "has no metrics address any more",
      buildFacts({ metrics: { value: { ...metrics, setting: undefined, problem: "refused" } } }),
      `engine: /etc/docker/daemon.json has no metrics-addr where "0.0.0.0:9323" was deployed => ${repair}   (restarts the engine)`,
    ],
    [
      "lost the stack's claim",
      buildFacts({ metrics: { value: { ...metrics, isClaimed: false } } }),
      `engine: the ledger no longer says that this stack set metrics-addr, so nothing would restore the old value => ${repair}`,
    ],
    [
      "does not serve what daemon.json says",
      buildFacts({ metrics: { value: { ...metrics, problem: "connection refused" } } }),
      `engine: /etc/docker/daemon.json has the metrics-addr, but the engine does not serve it: connection refused => ${renderRestartByHand(buildEngineLocation())}   (its log says why, if that does not help)`,
    ],
    [
      "has a daemon.json that cannot be read",
      buildFacts({ metrics: { problem: "it is no JSON" } }),
      "engine: its settings cannot be read: it is no JSON => fix that, then run the doctor again",
    ],
  ])("%s", (_, facts, expected) => {
    expect(find(facts)).toStrictEqual([expected]);
  });

  it("is not judged by a ledger that this user may not read", () => {
    const value = { ...metrics, isClaimed: undefined };
    expect(find(buildFacts({ metrics: { value } }))).toStrictEqual([]);
  });

  it("is not told twice when the plan notices daemon.json as well", () => {
    const type = "glasshouse:resources:DaemonSettings";
    const changes = [{ operation: "update", resource: "daemon-json", type }];
    const plan = { value: { changes, grafana: undefined } };
    const edited = { value: { ...metrics, setting: "127.0.0.1:1" } };
    expect(find(buildFacts({ plan, metrics: edited }))).toHaveLength(1);
    expect(find(buildFacts({ plan }))).toStrictEqual([
      `settings: Pulumi.test.yaml or an app's folder has changed since it was deployed: update daemon-json => ${up}   (pulumi preview --diff --stack test shows it)`,
    ]);
  });
});

describe("the stack", () => {
  const lock = { pid: 7, hostname: "here" };
  const resource = { urn: "urn:pulumi:test::glasshouse::t::shop-1", type: "t" };
  it.each<[string, Facts, string]>([
    [
      "is not there",
      buildFacts({ state: { problem: "there is no stack test yet" }, host: undefined }),
      `stack: there is no stack test yet => ${up}`,
    ],
    [
      "is locked by a run that was killed",
      buildFacts({ locks: [{ ...lock, isDead: true }] }),
      `stack: a killed run (process 7) left its lock behind => ${up}   (removes it)`,
    ],
    [
      "is being worked on",
      buildFacts({ locks: [{ ...lock, isDead: false }] }),
      "stack: another Pulumi works on it right now (process 7 on here), so the findings below may be temporary => wait until it is done, then npm run doctor -- --stack test",
    ],
    [
      "was interrupted",
      withState({ pending_operations: [{ resource, type: "creating" }] }),
      `stack: a run was interrupted while it worked on shop-1 (creating) => ${up}`,
    ],
    [
      "failed the last time",
      buildFacts({ lastUpdate: { kind: "update", result: "failed" } }),
      `stack: its last update failed => ${up}   (shows why)`,
    ],
    [
      "has settings that a preview refuses",
      buildFacts({ plan: { problem: "apps[0].replicas is wrong" } }),
      "settings: a preview of Pulumi.test.yaml fails: apps[0].replicas is wrong => correct what it names; what was deployed before keeps running",
    ],
  ])("%s", (_, facts, expected) => {
    expect(find(facts)).toStrictEqual([expected]);
  });

  it("was removed", () => {
    const facts = { ...withState({ resources: [] }), host: undefined };
    expect(find(facts)).toStrictEqual([`stack: nothing is deployed => ${up}`]);
  });

  it("names a few of many changes", () => {
    const changes = ["a", "b", "c", "d", "e"].map((name) => ({
      operation: "create",
      resource: name,
      type: "t",
    }));
    const plan = { value: { changes, grafana: undefined } };
    expect(find(buildFacts({ plan }))[0]).toContain("create a, b, c, d and 1 more");
  });
});

describe("networks and volumes", () => {
  it.each<[string, Facts, string]>([
    [
      "network gone",
      withHost({ networks: {} }),
      `glasshouse-test: the network is gone; its containers do not reach each other => ${repair}`,
    ],
    [
      "network recreated by hand",
      withHost({ networks: { "glasshouse-test": "another" } }),
      `glasshouse-test: the network was removed and recreated by someone else => ${repair}`,
    ],
    [
      "volume gone, told once although its files are gone too",
      withHost({ volumes: [], files: { "prometheus-files": { value: {} } } }),
      `glasshouse-test-prometheus-config: the volume is gone; its files can be written again => ${repair}`,
    ],
  ])("%s", (_, facts, expected) => {
    expect(find(facts)).toStrictEqual([expected]);
  });
});

describe("a container", () => {
  const logs = "docker logs --tail 20 glasshouse-test-shop-1";
  it.each<[string, Facts, string]>([
    [
      "is gone",
      withHost({ containers: { ...sampleHost.containers, "shop-1": undefined } }),
      `is gone => ${repair}`,
    ],
    [
      "was stopped",
      withShop1({ State: { Status: "exited", ExitCode: 137 } }),
      "is stopped since 2026-01-02 03:04:05 UTC, exit code 137 => docker start glasshouse-test-shop-1",
    ],
    [
      "ended with an error",
      withShop1({ State: { Status: "exited", ExitCode: 2 } }),
      `is stopped since 2026-01-02 03:04:05 UTC, exit code 2 => docker start glasshouse-test-shop-1   (${logs} shows why)`,
    ],
    [
      "was never started",
      withShop1({ State: { Status: "created", Error: "port is already allocated" } }),
      "was never started (port is already allocated) => docker start glasshouse-test-shop-1",
    ],
    [
      "is paused",
      withShop1({ State: { Status: "paused" } }),
      "is paused => docker unpause glasshouse-test-shop-1",
    ],
    [
      "needs more memory than it may have",
      withShop1({
        RestartCount: 9,
        State: { Status: "restarting", ExitCode: 137, OOMKilled: true },
      }),
      "crashes and is restarted, 9 times so far; its last exit code is 137: it needed more memory than its limit => raise its memoryMb",
    ],
    [
      "is unhealthy",
      withShop1({
        State: { Health: { Status: "unhealthy", Log: [{ ExitCode: 1, Output: "no\n route" }] } },
      }),
      `runs, but is unhealthy: its check ended with 1 (no route) => ${logs}   (shows why), then docker restart glasshouse-test-shop-1`,
    ],
    [
      "is starting",
      withShop1({ State: { Health: { Status: "starting", Log: [{ ExitCode: 1, Output: "" }] } } }),
      "is still starting => wait a minute, then npm run doctor -- --stack test",
    ],
    [
      "was restarted a lot",
      withShop1({ RestartCount: 3 }),
      `runs, but has crashed and was restarted 3 times => ${logs}   (shows why); docker restart glasshouse-test-shop-1 resets the count`,
    ],
    [
      "is not on its network",
      withShop1({ NetworkSettings: { Networks: {} } }),
      "is not connected to the network glasshouse-test: nobody reaches it => docker network connect --alias shop glasshouse-test glasshouse-test-shop-1",
    ],
    [
      "has lost its alias",
      withShop1({ NetworkSettings: { Networks: { "glasshouse-test": { Aliases: null } } } }),
      "has lost its alias shop on the network glasshouse-test: nobody finds it => docker network disconnect glasshouse-test glasshouse-test-shop-1 && docker network connect --alias shop glasshouse-test glasshouse-test-shop-1",
    ],
    [
      "is on another network as well",
      withShop1({
        NetworkSettings: {
          Networks: { ...shop.NetworkSettings.Networks, other: { Aliases: null } },
        },
      }),
      "is also connected to the network other, whose containers reach it => docker network disconnect other glasshouse-test-shop-1",
    ],
    [
      "has another memory limit",
      withShop1({ HostConfig: { Memory: 300 * 1024 * 1024 } }),
      "has a memory limit of 300 MiB instead of 192 MiB => docker update --memory 192m --memory-swap 192m glasshouse-test-shop-1",
    ],
    [
      "may swap without a limit",
      withShop1({ HostConfig: { MemorySwap: -1 } }),
      "has a limit of memory and swap of unlimited instead of 192 MiB => docker update --memory 192m --memory-swap 192m glasshouse-test-shop-1",
    ],
    [
      "has other limits of CPU and processes, and another restart policy",
      withShop1({
        HostConfig: { NanoCpus: 5e8, PidsLimit: null, RestartPolicy: { Name: "no" } },
      }),
      "has a CPU limit of 0.5 instead of 1, a process limit of none instead of 200, the restart policy no instead of always => docker update --cpus 1 --pids-limit 200 --restart always glasshouse-test-shop-1",
    ],
  ])("%s", (_, facts, expected) => {
    expect(find(facts)).toContain(`shop-1: ${expected}`);
    expect(find(facts).filter((text) => text.startsWith("shop-1"))).toHaveLength(1);
  });

  it("is not blamed for limits that the kernel does not know", () => {
    const { host } = withShop1({ HostConfig: { MemorySwap: -1, PidsLimit: null } });
    const kernelLimits = { any: true, swap: false, pids: false };
    expect(find(withHost({ ...host, kernelLimits }))).toStrictEqual([]);
  });

  it("is not blamed for limits on an engine without cgroups, which refuses to change any", () => {
    const unlimited = { Memory: 0, MemorySwap: 0, NanoCpus: 0, PidsLimit: null };
    const kernelLimits = { any: false, swap: false, pids: true };
    const { host } = withShop1({ HostConfig: unlimited });
    expect(find(withHost({ ...host, kernelLimits }))).toStrictEqual([]);
    const { host: never } = withShop1({
      HostConfig: { ...unlimited, RestartPolicy: { Name: "no" } },
    });
    expect(find(withHost({ ...never, kernelLimits }))).toStrictEqual([
      `shop-1: has the restart policy no instead of always => ${remake}`,
    ]);
  });

  it.each<[string, ContainerChanges]>([
    ["image", { Image: "sha256:other" }],
    ["user", { Config: { User: "0:0" } }],
    ["read-only root", { HostConfig: { ReadonlyRootfs: false } }],
    ["privileged", { HostConfig: { Privileged: true } }],
    ["added capabilities", { HostConfig: { CapAdd: ["NET_BIND_SERVICE", "SYS_ADMIN"] } }],
    ["dropped capabilities", { HostConfig: { CapDrop: null } }],
    ["published ports", { HostConfig: { PortBindings: null } }],
    [
      "published ports",
      { HostConfig: { PortBindings: { "80/tcp": [{ HostIp: "0.0.0.0", HostPort: "8010" }] } } },
    ],
    ["mounts", { HostConfig: { Mounts: [{ Type: "bind", Source: "/", Target: "/host" }] } }],
    ["writable folders", { HostConfig: { Tmpfs: { "/tmp": "" } } }],
    ["variable MODE is another", { Config: { Env: ["PATH=/bin", "MODE=do-not-show"] } }],
    ["variable MODE is missing", { Config: { Env: ["PATH=/bin"] } }],
    ["variable PATH is another", { Config: { Env: ["PATH=/do-not-show", "MODE=quiet"] } }],
    [
      "variable MORE was added",
      { Config: { Env: ["PATH=/bin", "MODE=quiet", "MORE=do-not-show"] } },
    ],
    [
      "label glasshouse.app is another",
      { Config: { Labels: { ...shop.Config.Labels, "glasshouse.app": "other" } } },
    ],
    [
      "label glasshouse.app is missing",
      { Config: { Labels: { "glasshouse.stack": "test", vendor: "image" } } },
    ],
    ["label note was added", { Config: { Labels: { ...shop.Config.Labels, note: "hello" } } }],
  ])("differs in what only a new one can change: %s", (difference, changes) => {
    const found = find(withShop1(changes));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(difference);
    expect(found[0]).toContain(`=> ${remake}`);
    expect(found[0]).not.toContain("do-not-show");
  });

  it("was replaced by hand", () => {
    const found = find(withShop1({ Id: "other", Config: { User: "0:0" } }));
    expect(found).toStrictEqual([
      `shop-1: was removed, and someone created another container with its name, which differs: user => ${remake}`,
    ]);
  });
});

describe("files and configuration", () => {
  const files = (found: HostNow["files"][string]) =>
    withHost({ files: { "prometheus-files": found } });
  const own = { "prometheus.yml": sampleFile(), password: "do-not-show" };
  it.each<[string, Facts, string]>([
    [
      "a file was edited",
      files({ value: { ...own, "prometheus.yml": "edited" } }),
      `glasshouse-test-prometheus-config: prometheus.yml was edited => ${repair}`,
    ],
    [
      "a secret file is gone",
      files({ value: { "prometheus.yml": own["prometheus.yml"] } }),
      `glasshouse-test-prometheus-config: password is missing => ${repair}`,
    ],
    [
      "the files cannot be read",
      files({ problem: "no such image" }),
      `glasshouse-test-prometheus-config: its files could not be confirmed: no such image => ${repair}`,
    ],
    [
      "Prometheus runs another configuration",
      withPrometheus({ difference: { value: 'global.x is "1" where "2" is wanted' } }),
      `configuration: Prometheus runs another one than was deployed: global.x is "1" where "2" is wanted => ${repair}`,
    ],
    [
      "Prometheus refused its files",
      withPrometheus({ lastReloadSuccessful: false }),
      `configuration: Prometheus refused its files when it last read them, and runs the ones before => ${repair}, then docker kill --signal HUP glasshouse-test-prometheus-server   (docker logs --tail 20 glasshouse-test-prometheus-server shows why)`,
    ],
  ])("%s", (_, facts, expected) => {
    expect(find(facts)).toStrictEqual([expected]);
  });

  it("does not compare files that are encrypted as a whole", () => {
    const resources = sampleExport.deployment.resources?.map((resource) =>
      resource.type.endsWith("VolumeFiles")
        ? { ...resource, inputs: { ...resource.inputs, files: encrypted } }
        : resource,
    );
    expect(find(withState({ resources: resources ?? [] }))).toStrictEqual([]);
  });
});

describe("targets", () => {
  const [docker, first, second] = sampleTargets;
  const targets = (...value: Target[]) => withPrometheus({ targets: { value } });
  it.each<[string, Facts, string]>([
    [
      "one too few",
      targets(docker, first),
      "target shop: 1 of 2 targets found => wait a minute for Prometheus to ask Docker's DNS again, then npm run doctor -- --stack test",
    ],
    [
      "one too many",
      targets(docker, first, second, { ...second, url: "http://172.18.0.9:80/metrics" }),
      "target shop: 3 of 2 targets found => wait a minute for Prometheus to ask Docker's DNS again; if it stays so, something else on the network answers to the same name",
    ],
    [
      "not scraped yet",
      targets(docker, first, { ...second, health: "unknown" }),
      "target shop: http://172.18.0.4:80/metrics was not scraped yet => wait for one scrape interval, then npm run doctor -- --stack test",
    ],
    [
      "refused",
      targets(docker, first, { ...second, health: "down", lastError: "connection refused" }),
      "target shop: http://172.18.0.4:80/metrics is down: nothing listens on that port (connection refused) => set the app's port to the one it listens on, or docker logs --tail 20 glasshouse-test-shop-1   (shows why)",
    ],
    [
      "no metrics there",
      targets(docker, first, {
        ...second,
        health: "down",
        lastError: "server returned HTTP status 404 Not Found",
      }),
      "target shop: http://172.18.0.4:80/metrics is down: nothing is served at that path (404) (server returned HTTP status 404 Not Found) => set the app's metricsPath to where its metrics are",
    ],
    [
      "too slow",
      targets(docker, first, { ...second, health: "down", lastError: "context deadline exceeded" }),
      "target shop: http://172.18.0.4:80/metrics is down: it did not answer in time (context deadline exceeded) => make 10s enough for its metrics; a longer scrapeIntervalSeconds allows up to 10s; or docker logs --tail 20 glasshouse-test-shop-1   (shows why)",
    ],
    [
      "too long an answer",
      targets(docker, first, { ...second, health: "down", lastError: "body size limit exceeded" }),
      "target shop: http://172.18.0.4:80/metrics is down: its answer is longer than prometheus.maxScrapeMb allows (body size limit exceeded) => look for what makes its answer so long; if that is right, raise prometheus.maxScrapeMb, and prometheus.memoryMb with it",
    ],
    [
      "too many measurements",
      targets(docker, first, { ...second, health: "down", lastError: "sample limit exceeded" }),
      "target shop: http://172.18.0.4:80/metrics is down: it answers more samples than prometheus.maxScrapeSamples allows (sample limit exceeded) => look for a label with too many values; if they are right, raise prometheus.maxScrapeSamples, and prometheus.memoryMb with it",
    ],
    [
      "the engine is behind a firewall",
      targets({ ...docker, health: "down", lastError: "context deadline exceeded" }, first, second),
      "target docker: http://host.docker.internal:9323/metrics is down: it did not answer in time (context deadline exceeded) => a firewall of the host blocks it: allow the port on Docker's interfaces (docker0, br-…)",
    ],
    [
      "Prometheus does not answer",
      withPrometheus({ targets: { problem: "ECONNREFUSED" } }),
      "targets: Prometheus does not answer at http://127.0.0.1:9090: ECONNREFUSED => docker logs --tail 20 glasshouse-test-prometheus-server   (shows why)",
    ],
  ])("%s", (_, facts, expected) => {
    expect(find(facts)).toStrictEqual([expected]);
  });

  describe("that are no containers of the stack", () => {
    const config = (job: string) => `scrape_configs: [{ job_name: nas, ${job} }]\n`;
    const withJob = (job: string, ...found: Target[]) => {
      const facts = targets(...found);
      if ("problem" in facts.state) throw new Error("no state");
      const configs = facts.state.value.configs.map((each) => ({ ...each, config: config(job) }));
      return { ...facts, state: { value: { ...facts.state.value, configs } } };
    };
    const nas: Target = {
      job: "nas",
      url: "https://nas:9100/metrics",
      health: "up",
      lastError: "",
    };
    const byFile = 'file_sd_configs: [{ files: ["/targets/nas/*.yml"] }]';

    it.each<[string, Facts]>([
      ["by address", withJob("static_configs: [{ targets: ['nas:9100'] }]", nas)],
      ["by the names of others", withJob("dns_sd_configs: [{ names: [nas] }]", nas, nas)],
      ["by files", withJob(byFile, nas, nas)],
      ["by labels of containers", withJob("docker_sd_configs: [{}]", nas, nas)],
      ["by labels that no container has", withJob("docker_sd_configs: [{}]")],
    ])("are fine as many as they are %s", (_, facts) => {
      expect(find(facts)).toStrictEqual([]);
    });

    it("are not counted where no container has labels", () => {
      const { rows } = diagnose(withJob("docker_sd_configs: [{}]"));
      expect(rows).toContainEqual({
        subject: "target nas",
        detail: "no labelled container within reach",
        findings: [],
      });
    });

    it("are missed where there should be some", () => {
      expect(find(withJob(byFile))).toStrictEqual([
        "target nas: no targets found => compare the scrape job nas of the stack file with where it listens, and look at its own log",
      ]);
    });

    it("want a log-in", () => {
      const down: Target = {
        ...nas,
        health: "down",
        lastError: "server returned HTTP status 401 Unauthorized",
      };
      expect(find(withJob("static_configs: [{ targets: ['nas:9100'] }]", down))).toStrictEqual([
        "target nas: https://nas:9100/metrics is down: it asks for a log-in (server returned HTTP status 401 Unauthorized) => set basicAuth or bearerToken of the scrape job nas of the stack file, and the secret that it names",
      ]);
    });
  });

  it("are explained by the container behind them, which comes first", () => {
    const { host } = withShop1({ State: { Status: "exited" } });
    const found = find({ ...targets(docker, second), host });
    expect(found.map((text) => text.split(":")[0])).toStrictEqual(["shop-1", "target shop"]);
    expect(found[1]).toContain("goes away with shop-1, see there");
  });
});

describe("leftovers", () => {
  it.each<[string, Facts, string]>([
    [
      "a container",
      withHost({ labelledContainers: [{ id: "x", name: "stranger" }] }),
      "stranger: a container with this stack's labels that the stack does not know => docker rm --force stranger",
    ],
    [
      "a network",
      withHost({ labelledNetworks: [{ id: "x", name: "strange-net" }] }),
      "strange-net: a network with this stack's labels that the stack does not know => docker network rm strange-net",
    ],
    [
      "a helper",
      withHost({ staleHelpers: [{ id: "x", name: "config-writer-1" }] }),
      "config-writer-1: a helper that a killed run left behind => docker rm --force config-writer-1",
    ],
  ])("%s", (_, facts, expected) => {
    expect(find(facts)).toStrictEqual([expected]);
  });
});

describe("Grafana", () => {
  const note = (grafana: { deploy: string; image: string }) =>
    diagnose(buildFacts({ plan: { value: { changes: [], grafana } } })).notes;

  it("is a note where it is left out, and no finding", () => {
    expect(note({ deploy: "never", image: "g:1" })).toStrictEqual([
      { subject: "grafana", text: "not deployed: glasshouse:grafana says deploy: never" },
    ]);
    expect(note({ deploy: "ifImagePresent", image: "g:1" })[0]?.text).toContain(
      "does not hold g:1",
    );
  });
});

describe("the network", () => {
  const withMembers = (members: Partial<HostNow["networkMembers"][string]>) =>
    withHost({
      networkMembers: { "glasshouse-test": { containers: [], orphans: [], ...members } },
    });

  it("with another's container on it is a note, with the command that disconnects it", () => {
    const facts = withMembers({
      containers: [
        { id: "id-shop-1", name: "glasshouse-test-shop-1", labels: {} },
        { id: "1", name: "unknown", labels: { "glasshouse.stack": "test" } },
        { id: "2", name: "curl", labels: {} },
      ],
    });
    expect(diagnose(facts).notes).toContainEqual({
      subject: "glasshouse-test",
      text: "curl, which is not of this stack, is on this network; before `npm run down`: docker network disconnect glasshouse-test curl",
    });
    expect(
      diagnose(facts).notes.filter(({ subject }) => subject === "glasshouse-test"),
    ).toHaveLength(1);
    expect(find(facts)).toStrictEqual([]);
  });

  it("with endpoints that the engine has lost track of is a finding", () => {
    const [finding, ...more] = find(withMembers({ orphans: ["glasshouse-test-shop-9"] }));
    expect(finding).toMatch(
      /^glasshouse-test: the engine keeps endpoints of containers that are gone \(glasshouse-test-shop-9\).*=> a restart of the engine frees it/,
    );
    expect(more).toStrictEqual([]);
  });
});

describe("an app without a health check", () => {
  const { Health: _, ...unchecked } = shop.State;
  const notesWith = (state: ContainerNow["State"]) => {
    const containers = { ...sampleHost.containers, "shop-1": { ...shop, State: state } };
    return diagnose(withHost({ containers })).notes.filter(({ subject }) => subject === "shop");
  };

  it("is a note, since it counts as well for as long as it runs", () => {
    const [note, ...more] = notesWith(unchecked);
    expect(note?.text).toMatch(/^has no health check.*HEALTHCHECK$/);
    expect(more).toStrictEqual([]);
  });

  it("is none where every container has one, and none where it does not run anyway", () => {
    expect(notesWith(shop.State)).toStrictEqual([]);
    expect(notesWith({ ...unchecked, Status: "exited" })).toStrictEqual([]);
  });
});

it("names another engine in its commands", () => {
  const facts = {
    ...withShop1({ State: { Status: "paused" } }),
    dockerHost: { uri: "unix:///other.sock" },
  };
  expect(find(facts)[0]).toContain("docker --host unix:///other.sock unpause");
});

function sampleFile(): string {
  const { files } = parseStackState(sampleExport);
  return files[0]!.files["prometheus.yml"] as string;
}
