import type Docker from "dockerode";
import {
  findMissingSeries,
  readTargetCounts,
  waitForServer,
} from "../../../../cli/backup/askServer";
import { dataKinds, type DataPart } from "../../../../cli/backup/dataParts";
import { manifestFormat, type Manifest } from "../../../../cli/backup/manifest";
import { restoreParts } from "../../../../cli/backup/restoreParts";
import { openVolumeHelper } from "../../../../cli/backup/volumeHelper";
import {
  checkStagingScript,
  dropBeforeScript,
  dropStagingScript,
  measureFreeScript,
  putBackScript,
  swapScript,
  tidyScript,
} from "../../../../cli/backup/volumeScripts";

jest.mock("../../../../cli/backup/askServer");
jest.mock("../../../../cli/backup/readArchive", () => ({ streamPart: () => undefined }));
jest.mock("../../../../cli/backup/volumeHelper");

const words = new Map([
  [checkStagingScript, "check"],
  [dropBeforeScript, "drop the old"],
  [dropStagingScript, "drop the new"],
  [putBackScript, "put back"],
  [swapScript, "swap"],
]);

/** What was done to which server, in order. */
let acts: string[];
let running: Record<string, boolean>;
/** What `tidyScript` prints. */
let leftBehind: string;
/** Acts that fail. */
let broken: ReadonlySet<string>;

async function act(what: string): Promise<void> {
  acts.push(what);
  if (broken.has(what)) throw new Error(`${what} failed`);
}

const docker = {
  getContainer: (name: string) => ({
    inspect: () => Promise.resolve({ State: { Running: running[name], Restarting: false } }),
    stop: async () => {
      await act(`${name}: stop`);
      running[name] = false;
    },
    start: async () => {
      await act(`${name}: start`);
      running[name] = true;
    },
  }),
} as unknown as Docker;

const partOf = (name: string): DataPart => ({
  kind: dataKinds.find((kind) => kind.name === name)!,
  volume: name,
  container: name,
  image: name,
});
const parts = [partOf("prometheus"), partOf("grafana")];
const manifestPart = { images: [], version: null, files: {} };
const manifest: Manifest = {
  format: manifestFormat,
  project: "glasshouse",
  stack: "test",
  createdAt: "2026-01-02T03:04:05Z",
  parts: {
    prometheus: { ...manifestPart, targets: { time: 1, byJob: { shop: 1 } } },
    grafana: manifestPart,
  },
};

const restore = () =>
  restoreParts(
    docker,
    { parts, groups: [] },
    "backup.tar.gz",
    manifest,
    new AbortController().signal,
  );

beforeEach(() => {
  acts = [];
  running = { prometheus: true, grafana: true };
  leftBehind = "";
  broken = new Set();
  jest.spyOn(console, "log").mockImplementation();
  jest.mocked(readTargetCounts).mockResolvedValue({ time: 1, byJob: {} });
  jest.mocked(findMissingSeries).mockReturnValue(undefined);
  jest.mocked(waitForServer).mockImplementation(async (_docker, { container }) => {
    await act(`${container}: answers`);
  });
  jest.mocked(openVolumeHelper).mockImplementation(async (_docker, { volume }) => ({
    run: async (script) => {
      if (script === tidyScript) return leftBehind;
      if (script === measureFreeScript) return "1000";
      await act(`${volume}: ${words.get(script) ?? script}`);
      return "";
    },
    read: () => Promise.reject(new Error("a restore reads nothing")),
    write: () => act(`${volume}: unpack`),
    close: () => Promise.resolve(),
  }));
});
afterEach(() => jest.restoreAllMocks());

const unpacked = ["unpack", "check"].map((what) => `prometheus: ${what}`);
const allUnpacked = [...unpacked, "grafana: unpack", "grafana: check"];
const ofServer = (name: string, ...what: string[]) => what.map((each) => `${name}: ${each}`);

it("stops a server, swaps its data and starts it, one after the other, and drops the old data last", async () => {
  await restore();
  expect(acts).toStrictEqual([
    ...allUnpacked,
    ...ofServer("prometheus", "stop", "swap", "start", "answers"),
    ...ofServer("grafana", "stop", "swap", "start", "answers"),
    "prometheus: drop the old",
    "grafana: drop the old",
  ]);
});

it("touches no data in use when something cannot be unpacked", async () => {
  broken = new Set(["grafana: unpack"]);
  await expect(restore()).rejects.toThrow("Those in use were not touched.");
  expect(acts).toStrictEqual([...unpacked, "grafana: unpack", "grafana: drop the new"]);
});

it("puts all old data back when one swap fails", async () => {
  broken = new Set(["grafana: swap"]);
  await expect(restore()).rejects.toThrow("The previous data is back in use.");
  expect(acts).toStrictEqual([
    ...allUnpacked,
    ...ofServer("prometheus", "stop", "swap", "start", "answers"),
    ...ofServer("grafana", "stop", "swap"),
    ...ofServer("prometheus", "stop", "put back", "start", "answers"),
    ...ofServer("grafana", "put back", "start", "answers"),
  ]);
});

it("keeps the old data in the volume when they cannot be put back, and says so", async () => {
  broken = new Set(["prometheus: start"]);
  await expect(restore()).rejects.toThrow("it is still in the volume");
  expect(acts).toStrictEqual([
    ...allUnpacked,
    ...ofServer("prometheus", "stop", "swap", "start", "put back", "start"),
  ]);
});

it("puts the old data back when the series of the backup are missing", async () => {
  jest.mocked(findMissingSeries).mockReturnValue("shop");
  await expect(restore()).rejects.toThrow("The previous data is back in use.");
  expect(acts).toStrictEqual([
    ...allUnpacked,
    ...ofServer("prometheus", "stop", "swap", "start", "answers"),
    ...ofServer("prometheus", "stop", "put back", "start", "answers"),
  ]);
});

it("first puts back what a killed restore left, with the server stopped", async () => {
  leftBehind = "interrupted";
  await restore();
  expect(acts.slice(0, 5)).toStrictEqual(
    ofServer("prometheus", "stop", "put back", "start", "unpack", "check"),
  );
});
