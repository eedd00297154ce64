import { findConnectionProblem } from "../../../../host/access/connectionProblem";
import {
  applyDaemonSettings,
  planDaemonSettings,
  readDaemonSettings,
  releaseDaemonSettings,
  type DaemonSettingsNow,
} from "../../../../host/daemon/daemonSettings";
import { locateEngine } from "../../../../host/daemon/engineLocation";
import {
  isLeftDrained,
  putBackNode,
  restartDrained,
} from "../../../../host/docker/swarm/restartDrained";
import type { DaemonSettingsInputs } from "../../../../resources/daemonSettings/inputs";
import { provider } from "../../../../resources/daemonSettings/provider";

jest.mock("../../../../host/daemon/daemonSettings");
jest.mock("../../../../host/daemon/engineLocation");
jest.mock("../../../../host/access/connectionProblem");
jest.mock("../../../../host/docker/swarm/restartDrained");

const inputs: DaemonSettingsInputs = {
  dockerHost: { uri: "unix:///var/run/docker.sock" },
  daemonJson: "/etc/docker/daemon.json",
  metricsAddress: "0.0.0.0:9323",
  restart: "auto",
  restartCommand: [],
  keepContainers: true,
  claimant: "glasshouse/test",
};
const deployed = { ...inputs, metricsAnswer: true };
const asPlanned = {
  before: "{}",
  after: "{}",
  diff: "",
  warnings: [],
  restartNeeded: false,
  containers: undefined,
};
const settings: DaemonSettingsNow = {
  metricsAddress: "0.0.0.0:9323",
  experimental: undefined,
  metricsAnswer: true,
  isClaimed: true,
};

let isRoot: boolean;

beforeEach(() => {
  isRoot = true;
  jest.mocked(planDaemonSettings).mockReset().mockResolvedValue(asPlanned);
  jest.mocked(readDaemonSettings).mockReset().mockResolvedValue(settings);
  const host = { isRoot: () => Promise.resolve(isRoot) };
  jest
    .mocked(locateEngine)
    .mockReset()
    .mockReturnValue({ host } as never);
});

describe("diff", () => {
  const diff = (news: Partial<DaemonSettingsInputs> = {}, olds = deployed) =>
    provider.diff("id", olds, { ...inputs, ...news });

  it("finds nothing where nothing changed", async () => {
    expect(await diff()).toStrictEqual({ changes: false, replaces: [] });
  });

  it.each<[string, Partial<DaemonSettingsInputs>]>([
    ["another file", { daemonJson: "/srv/daemon.json" }],
    ["another host", { dockerHost: { uri: "ssh://root@shelf" } }],
  ])("replaces for %s", async (_, news) => {
    expect(await diff(news)).toStrictEqual({ changes: true, replaces: ["daemonJson"] });
  });

  it("does not replace where the certificates lie elsewhere", async () => {
    const uri = "tcp://shelf:2376";
    const olds = { ...deployed, dockerHost: { uri, certPath: "/old" } };
    const { replaces } = await diff({ dockerHost: { uri, certPath: "/new" } }, olds);
    expect(replaces).toStrictEqual([]);
  });

  it.each<[string, Partial<DaemonSettingsInputs>]>([
    ["another address", { metricsAddress: "127.0.0.1:9323" }],
    ["another way to restart", { restart: "direct" }],
    ["another restart command", { restartCommand: ["restart"] }],
    ["containers that may stop", { keepContainers: false }],
  ])("updates for %s", async (_, news) => {
    expect(await diff(news)).toStrictEqual({ changes: true, replaces: [] });
  });

  it("takes a state without keepContainers for its default", async () => {
    const { keepContainers: _, ...before } = deployed;
    expect(await provider.diff("id", before, inputs)).toMatchObject({ changes: false });
  });

  it.each([
    ["was edited outside Pulumi", { diff: "+ metrics-addr" }],
    ["was not restarted since", { restartNeeded: true }],
  ])("updates where the engine's file %s", async (_, found) => {
    jest.mocked(planDaemonSettings).mockResolvedValue({ ...asPlanned, ...found });
    expect(await diff()).toStrictEqual({ changes: true, replaces: [] });
  });
});

describe("read", () => {
  const read = () => provider.read("id", deployed);

  it("keeps what is as it was", async () => {
    expect(await read()).toStrictEqual({ id: "id", props: deployed });
  });

  it.each<[string, unknown, string]>([
    ["another address", "127.0.0.1:1", "127.0.0.1:1"],
    ["a value that is no text", 9323, "9323"],
    ["no address", undefined, "null"],
  ])("tells of %s", async (_, metricsAddress, shown) => {
    jest.mocked(readDaemonSettings).mockResolvedValue({ ...settings, metricsAddress });
    expect((await read()).props).toMatchObject({ metricsAddress: shown });
  });

  it("tells that the engine does not serve its metrics", async () => {
    jest.mocked(readDaemonSettings).mockResolvedValue({ ...settings, metricsAnswer: false });
    expect((await read()).props).toMatchObject({ metricsAnswer: false });
  });

  it.each([
    // By whom, whether the setting is there, whether the resource counts as gone.
    ["root, who can read the ledger", true, "0.0.0.0:9323", true],
    ["a user who sees no setting", false, undefined, true],
    ["a user who sees the setting", false, "0.0.0.0:9323", false],
  ])("takes a lost claim for a loss: %s", async (_, byRoot, metricsAddress, isGone) => {
    isRoot = byRoot;
    const found = { ...settings, metricsAddress, isClaimed: false };
    jest.mocked(readDaemonSettings).mockResolvedValue(found);
    expect((await read()).id).toBe(isGone ? "" : "id");
  });
});

describe("the engine of another node of a Swarm", () => {
  const dockerHost = { uri: "ssh://root@node" };
  const manager = { uri: "ssh://root@manager" };
  const node = { ...inputs, dockerHost, manager };
  const nodeDeployed = { ...node, metricsAnswer: true };
  const member = { node: dockerHost, manager };
  let said: string[];

  beforeEach(() => {
    said = [];
    jest.spyOn(console, "error").mockImplementation((text: string) => said.push(text));
    jest.mocked(findConnectionProblem).mockReset().mockResolvedValue(undefined);
    jest.mocked(isLeftDrained).mockReset().mockResolvedValue(false);
    jest.mocked(putBackNode).mockReset();
    jest
      .mocked(restartDrained)
      .mockReset()
      .mockImplementation((_, change) => change());
    // A change with a restart, done as the caller wants it.
    const outcome = { ...asPlanned, restarted: true };
    for (const change of [applyDaemonSettings, releaseDaemonSettings]) {
      jest
        .mocked(change as typeof applyDaemonSettings)
        .mockReset()
        .mockImplementation((_location, _wanted, _announce, around) => {
          if (around === undefined) return Promise.resolve(outcome);
          return around(() => Promise.resolve(outcome));
        });
    }
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  it("is restarted while its node is drained", async () => {
    expect(await provider.create(node)).toStrictEqual({
      id: inputs.daemonJson,
      outs: nodeDeployed,
    });
    await provider.delete("id", nodeDeployed);
    const members = jest.mocked(restartDrained).mock.calls.map(([given]) => given);
    expect(members).toStrictEqual([member, member]);
    expect(putBackNode).not.toHaveBeenCalled();
  });

  it("which the stack's own host is not", async () => {
    await provider.create(inputs);
    await provider.delete("id", deployed);
    expect(restartDrained).not.toHaveBeenCalled();
    expect(findConnectionProblem).not.toHaveBeenCalled();
  });

  it("has its node put back where an earlier run left it drained and nothing else is to do", async () => {
    jest.mocked(isLeftDrained).mockResolvedValue(true);
    expect(await provider.diff("id", nodeDeployed, node)).toMatchObject({ changes: true });
    jest.mocked(applyDaemonSettings).mockResolvedValue({ ...asPlanned, restarted: false });
    await provider.update("id", nodeDeployed, node);
    expect(jest.mocked(putBackNode).mock.lastCall).toStrictEqual([member]);
  });

  it("is drained by the manager that is named now", async () => {
    const moved = { ...node, manager: { uri: "ssh://root@other" } };
    expect(await provider.diff("id", nodeDeployed, moved)).toStrictEqual({
      changes: true,
      replaces: [],
    });
  });

  it("holds nothing up while it does not answer, and is seen to later", async () => {
    jest.mocked(findConnectionProblem).mockResolvedValue("ssh://root@node does not answer.");
    jest.mocked(planDaemonSettings).mockRejectedValue(new Error("no host"));
    expect(await provider.create(node)).toMatchObject({ outs: { metricsAnswer: false } });
    expect(await provider.diff("id", nodeDeployed, node)).toMatchObject({ changes: false });
    expect(await provider.read("id", nodeDeployed)).toStrictEqual({
      id: "id",
      props: nodeDeployed,
    });
    await provider.delete("id", nodeDeployed);
    expect(applyDaemonSettings).not.toHaveBeenCalled();
    expect(releaseDaemonSettings).not.toHaveBeenCalled();
    expect(said).toStrictEqual([
      "ssh://root@node does not answer. Its engine's settings stay as they are until an update finds it.",
      "ssh://root@node does not answer. Its /etc/docker/daemon.json keeps the metrics-addr of this stack.",
    ]);
  });
});
