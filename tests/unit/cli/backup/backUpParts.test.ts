import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { backUpParts } from "../../../../cli/backup/backUpParts";
import { dataKinds } from "../../../../cli/backup/dataParts";
import { openVolumeHelper } from "../../../../cli/backup/volumeHelper";
import {
  copyFolder,
  countCopyScript,
  dropCopyScript,
  renderMeasure,
} from "../../../../cli/backup/volumeScripts";

jest.mock("../../../../cli/backup/askServer", () => ({
  readVersion: () => Promise.resolve("3.5.3"),
  readTargetCounts: () => Promise.resolve(null),
}));
jest.mock("../../../../cli/backup/volumeHelper");

const container = {
  inspect: () => Promise.resolve({ State: { Running: true, Paused: false, Restarting: false } }),
  pause: () => Promise.resolve(),
  unpause: () => Promise.resolve(),
};
const image = { inspect: () => Promise.resolve({ RepoTags: ["prom:3"], RepoDigests: null }) };
const docker = { getContainer: () => container, getImage: () => image } as unknown as Docker;
const part = {
  kind: dataKinds.find(({ name }) => name === "prometheus")!,
  volume: "data",
  container: "prometheus",
  image: "prom:3",
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "glasshouse-parts-"));
  jest.spyOn(console, "log").mockImplementation();
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  jest.restoreAllMocks();
});

/** Backs up a copy of so many files, of which the engine sends some. */
async function backUp(copied: number, sent: readonly string[]) {
  const ran: string[] = [];
  jest.mocked(openVolumeHelper).mockResolvedValue({
    run: (script) => {
      ran.push(script);
      if (script === renderMeasure("prometheus")) return Promise.resolve("1 1000");
      return Promise.resolve(script === countCopyScript ? `${copied}\n` : "");
    },
    read: () => {
      const tar = pack();
      for (const name of sent) tar.entry({ name: `${copyFolder}/${name}` }, "x");
      tar.finalize();
      return Promise.resolve(Readable.from(tar));
    },
    write: () => Promise.reject(new Error("a backup writes nothing")),
    close: () => Promise.resolve(),
  });
  const stack = { project: "glasshouse", stack: "test", parts: [part], groups: [] };
  const file = join(folder, "backup.tar.gz");
  const manifest = await backUpParts(docker, stack, file, new AbortController().signal);
  return { files: Object.keys(manifest.parts["prometheus"]?.files ?? {}), ran };
}

it("holds every file of the copy, which is gone afterwards", async () => {
  const { files, ran } = await backUp(2, ["wal/00000001", "meta.json"]);
  expect(files).toStrictEqual(["wal/00000001", "meta.json"]);
  expect(ran.at(-1)).toBe(dropCopyScript);
});

it("is refused when the engine sent less than was copied", async () => {
  await expect(backUp(3, ["wal/00000001", "meta.json"])).rejects.toThrow(
    "Of 3 files in the data of Prometheus the engine sent 2",
  );
});
