import * as pulumi from "@pulumi/pulumi";
import { EngineMetrics } from "../../../components/engineMetrics";
import type { Deployment } from "../../../components/shared/deployment";
import type { EngineMetricsSettings } from "../../../config/settings/settings";
import { planDaemonSettings, planDaemonSettingsRelease } from "../../../host/daemon/daemonSettings";
import { findResource, listTree, type PulumiRecorder, recordPulumi } from "../support/pulumiMocks";
import { createTestDeployment } from "../support/testDeployment";
import { buildSettings } from "../support/testSettings";

// No test looks at this machine's own daemon.json.
jest.mock("../../../host/daemon/daemonSettings");
const plan = jest.mocked(planDaemonSettings);
const planRelease = jest.mocked(planDaemonSettingsRelease);

let pulumiRecorder: PulumiRecorder;
let deployment: Deployment;

beforeAll(async () => {
  pulumiRecorder = await recordPulumi();
  deployment = createTestDeployment();
});

afterEach(() => {
  jest.restoreAllMocks();
});

function record(given: Partial<EngineMetricsSettings>, ...uris: string[]) {
  const settings = { ...buildSettings().engineMetrics, ...given };
  const nodes = uris.map((uri) => ({ uri }));
  return pulumiRecorder.record(() => new EngineMetrics("metrics", { deployment, settings, nodes }));
}

describe("EngineMetrics", () => {
  it("keeps the engine's setting itself with `managed`", async () => {
    const { result, resources } = await record({
      address: "127.0.0.1:9999",
      daemonJson: "/etc/docker/other.json",
      restart: "command",
      restartCommand: ["service", "docker", "restart"],
    });
    expect(listTree(resources)).toStrictEqual([
      "glasshouse:engine:EngineMetrics metrics",
      "glasshouse:resources:DaemonSettings metrics-daemon-json < metrics",
    ]);
    const inputs = findResource(resources, "metrics-daemon-json").inputs;
    expect(inputs).toStrictEqual({
      dockerHost: { uri: "unix:///run/test.sock" },
      metricsAddress: "127.0.0.1:9999",
      claimant: "glasshouse/test",
      daemonJson: "/etc/docker/other.json",
      restart: "command",
      restartCommand: ["service", "docker", "restart"],
      keepContainers: true,
    });
    expect(result.outputs).toStrictEqual({ engineMetricsAddress: "127.0.0.1:9999" });
    expect(plan).not.toHaveBeenCalled();
  });

  it("keeps that of other nodes of a Swarm as well, one after the other", async () => {
    const { resources } = await record({}, "ssh://root@one", "ssh://two:2222");
    const names = ["metrics-daemon-json", "metrics-daemon-json-on-root@one"];
    const { dependsOn, inputs } = findResource(resources, "metrics-daemon-json-on-two:2222");
    expect(inputs).toMatchObject({
      dockerHost: { uri: "ssh://two:2222" },
      manager: { uri: "unix:///run/test.sock" },
      claimant: "glasshouse/test",
    });
    expect(dependsOn).toStrictEqual(names.slice(1));
    expect(findResource(resources, names[1]!).dependsOn).toStrictEqual(names.slice(0, 1));
    expect(resources).toHaveLength(4);
  });

  it("touches nothing with `external`, and passes the address on", async () => {
    const { result, resources } = await record({ mode: "external", address: "10.0.0.1:9323" });
    expect(listTree(resources)).toStrictEqual(["glasshouse:engine:EngineMetrics metrics"]);
    expect(result.outputs).toStrictEqual({ engineMetricsAddress: "10.0.0.1:9323" });
  });

  it("touches nothing with `off`, and has no address", async () => {
    const { result, resources } = await record({ mode: "off" });
    expect(listTree(resources)).toStrictEqual(["glasshouse:engine:EngineMetrics metrics"]);
    expect(result.outputs).toStrictEqual({});
  });
});

describe("EngineMetrics in a preview", () => {
  let messages: string[];
  const texts = { before: "", after: "" };

  beforeEach(() => {
    messages = [];
    jest.spyOn(pulumi.runtime, "isDryRun").mockReturnValue(true);
    jest.spyOn(pulumi.log, "info").mockImplementation(async (text) => {
      messages.push(`info: ${text}`);
    });
    jest.spyOn(pulumi.log, "warn").mockImplementation(async (text) => {
      messages.push(`warning: ${text}`);
    });
  });

  it("shows the change of daemon.json, the restart and the warnings", async () => {
    plan.mockResolvedValue({
      ...texts,
      diff: "-a\n+b\n",
      restartNeeded: true,
      containers: { kind: "keep running", running: 7, reason: "live-restore is on" },
      warnings: ["It is open."],
    });
    await record({});
    await new Promise(setImmediate);
    expect(messages).toStrictEqual([
      "info: The host's settings change:\n-a\n+b",
      "info: The Docker Engine restarts; its 7 containers keep running (live-restore is on). Published ports and Docker's DNS pause until it is back.",
      "warning: It is open.",
    ]);
    const [location, wanted] = plan.mock.lastCall!;
    expect(location).toMatchObject({ socketPath: "/run/test.sock", restartMethod: "auto" });
    expect(wanted).toStrictEqual({ metricsAddress: "0.0.0.0:9323", claimant: "glasshouse/test" });
  });

  it("names the other node whose daemon.json changes and whose engine restarts", async () => {
    plan.mockImplementation(async ({ socketPath }) => ({
      ...texts,
      diff: socketPath === "/run/test.sock" ? "" : "-a\n+b\n",
      restartNeeded: true,
      containers: {
        kind: "stop",
        running: 3,
        reason: "the engine is in a Swarm, where live-restore is unavailable",
      },
      warnings: ["It is open."],
    }));
    await record({}, "ssh://one");
    await new Promise(setImmediate);
    expect(messages.sort()).toStrictEqual([
      "info: ssh://one: The host's settings change:\n-a\n+b",
      "warning: It is open.",
      "warning: The Docker Engine of ssh://one restarts. Its node is drained first, so that the Swarm runs its replicas on other nodes, and put back afterwards. Containers that are no replicas stop with the engine; those with a restart policy come back by themselves.",
      "warning: The Docker Engine restarts, which stops its 3 containers, because the engine is in a Swarm, where live-restore is unavailable. Those with a restart policy come back by themselves.",
      "warning: ssh://one: It is open.",
    ]);
  });

  it("says nothing where nothing changes", async () => {
    plan.mockResolvedValue({
      ...texts,
      diff: "",
      restartNeeded: false,
      containers: undefined,
      warnings: [],
    });
    await record({});
    await new Promise(setImmediate);
    expect(messages).toStrictEqual([]);
  });

  it("warns when containers stop", async () => {
    plan.mockResolvedValue({
      ...texts,
      diff: "",
      restartNeeded: true,
      containers: { kind: "stop", running: 1, reason: "the engine is in a Swarm" },
      warnings: [],
    });
    await record({});
    await new Promise(setImmediate);
    expect(messages).toStrictEqual([
      "warning: The Docker Engine restarts, which stops its container, because the engine is in a Swarm. Those with a restart policy come back by themselves.",
    ]);
  });

  it.each(["off", "external"] as const)("shows with `%s` what giving up does", async (mode) => {
    planRelease.mockResolvedValue({
      ...texts,
      diff: "-b\n+a\n",
      restartNeeded: true,
      containers: { kind: "none running", running: 0, reason: "" },
      warnings: [],
    });
    await record({ mode });
    await new Promise(setImmediate);
    expect(messages).toStrictEqual([
      "info: The host's settings go back to what they were:\n-b\n+a",
      "info: The Docker Engine restarts; no containers run on it.",
    ]);
    expect(planRelease.mock.lastCall![1]).toBe("glasshouse/test");
  });

  it("says nothing with `off` where nothing was claimed", async () => {
    planRelease.mockResolvedValue(undefined);
    await record({ mode: "off" });
    await new Promise(setImmediate);
    expect(messages).toStrictEqual([]);
  });

  it("goes on when the update would fail, and says why it would", async () => {
    plan.mockRejectedValue(new Error("daemon.json is not a JSON object"));
    const { resources } = await record({});
    await new Promise(setImmediate);
    expect(messages).toStrictEqual([
      "warning: The engine's settings cannot be changed as asked: daemon.json is not a JSON object",
    ]);
    expect(resources).toHaveLength(2);
  });
});
