import {
  planDaemonSettings,
  readDaemonSettings,
  type DaemonSettingsNow,
} from "../../../../host/daemon/daemonSettings";
import { locateEngine } from "../../../../host/daemon/engineLocation";
import type { DaemonSettingsInputs } from "../../../../resources/daemonSettings/inputs";
import { provider } from "../../../../resources/daemonSettings/provider";

jest.mock("../../../../host/daemon/daemonSettings");
jest.mock("../../../../host/daemon/engineLocation");

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
