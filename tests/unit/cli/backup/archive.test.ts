import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { gunzipSync, gzipSync } from "node:zlib";
import { extract, pack } from "tar-stream";
import { ignoreLateErrors } from "../../../../cli/backup/ignoreLateErrors";
import { type Manifest, manifestFormat, manifestName } from "../../../../cli/backup/manifest";
import { checkArchive, streamPart } from "../../../../cli/backup/readArchive";
import { writeArchive } from "../../../../cli/backup/writeArchive";

const never = new AbortController().signal;
const block = "01KB0000000000000000000000";
const content: Readonly<Record<string, string>> = {
  [`${block}/chunks/000001`]: "c".repeat(100_000),
  [`${block}/meta.json`]: "{}",
  "wal/00000001": "",
};

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "glasshouse-archive-"));
  file = join(folder, "backup.tar.gz");
});

afterEach(() => rmSync(folder, { recursive: true }));

/** As the engine streams a folder. */
function streamFolder(): Readable {
  const tar = pack();
  tar.entry({ name: ".copy/", type: "directory", mode: 0o755, uid: 65534, gid: 65534 });
  for (const [path, body] of Object.entries(content))
    tar.entry({ name: `.copy/${path}`, mode: 0o640, uid: 65534, gid: 472 }, body);
  tar.entry({ name: ".copy/link", type: "symlink", linkname: "wal", uid: 1, gid: 2 });
  tar.finalize();
  return Readable.from(tar);
}

async function writeBackup(): Promise<Manifest> {
  const archive = writeArchive(file, never);
  const files = await archive.addFolder("prometheus", streamFolder());
  const manifest: Manifest = {
    format: manifestFormat,
    project: "glasshouse",
    stack: "dev",
    createdAt: "2026-01-02T03:04:05.000Z",
    parts: { prometheus: { images: ["prom/prometheus:v3.5.3"], version: "3.5.3", files } },
  };
  await archive.finish(manifest);
  return manifest;
}

/** Writes the backup again, with one entry after the other changed; `undefined` leaves it out. */
async function rewrite(
  change: (name: string, body: string) => { name: string; body: string } | undefined,
): Promise<void> {
  const source = extract();
  source.end(gunzipSync(readFileSync(file)));
  const target = pack();
  for await (const entry of source) {
    const changed = change(entry.header.name, await text(entry));
    if (changed === undefined) continue;
    const { size: _, ...header } = entry.header;
    if (header.type === "file") target.entry({ ...header, name: changed.name }, changed.body);
    else target.entry({ ...header, name: changed.name });
  }
  target.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of target) chunks.push(chunk as Buffer);
  writeFileSync(file, gzipSync(Buffer.concat(chunks)));
}

const changeManifest = (change: (manifest: Manifest) => object) =>
  rewrite((name, body) => ({
    name,
    body: name === manifestName ? JSON.stringify(change(JSON.parse(body) as Manifest)) : body,
  }));

describe("a backup file", () => {
  it("is whole when read again, and readable by its owner alone", async () => {
    const manifest = await writeBackup();

    expect(await checkArchive(file, never)).toStrictEqual(manifest);
    expect(Object.keys(manifest.parts.prometheus!.files).sort()).toStrictEqual(
      Object.keys(content).sort(),
    );
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("gives back every file with owner and permissions, and a list that sha256sum reads", async () => {
    const { parts } = await writeBackup();
    const restored: Record<string, unknown> = {};
    const tar = extract();
    streamPart(file, "prometheus", parts.prometheus!.files).pipe(tar);
    for await (const entry of tar) {
      const { name, mode, uid, gid, type, linkname } = entry.header;
      restored[name] = { mode, uid, gid, type, linkname, body: await text(entry) };
    }

    expect(restored[`.glasshouse-restore/${block}/chunks/000001`]).toMatchObject({
      mode: 0o640,
      uid: 65534,
      gid: 472,
      body: content[`${block}/chunks/000001`],
    });
    expect(restored[".glasshouse-restore/link"]).toMatchObject({
      type: "symlink",
      linkname: "wal",
    });
    expect(Object.keys(restored)).toHaveLength(6);
    expect((restored[".glasshouse-checksums"] as { body: string }).body).toContain(
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  wal/00000001\n",
    );
  });

  it("gives a file that has two names both of them back", async () => {
    const archive = writeArchive(file, never);
    const tar = pack();
    tar.entry({ name: ".copy/", type: "directory" });
    tar.entry({ name: ".copy/a b/one" }, "content");
    tar.entry({ name: ".copy/two", type: "link", linkname: ".copy/a b/one" });
    tar.finalize();
    const files = await archive.addFolder("volume-db-data-1", Readable.from(tar));
    expect(Object.keys(files)).toStrictEqual(["a b/one", "two"]);
    const createdAt = "2026-01-02T03:04:05.000Z";
    await archive.finish({
      ...{ format: manifestFormat, project: "glasshouse", stack: "dev", createdAt },
      parts: { "volume-db-data-1": { images: [], version: null, files } },
    });
    await checkArchive(file, never);

    const links: Record<string, unknown> = {};
    const restored = extract();
    streamPart(file, "volume-db-data-1", files).pipe(restored);
    for await (const entry of restored) {
      if (entry.header.type === "link") links[entry.header.name] = entry.header.linkname;
      entry.resume();
    }
    expect(links).toStrictEqual({ ".glasshouse-restore/two": ".glasshouse-restore/a b/one" });
  });

  it("is never written over another one", async () => {
    writeFileSync(file, "precious");

    await expect(writeBackup()).rejects.toThrow("EEXIST");
    expect(readFileSync(file, "utf8")).toBe("precious");
  });
});

describe("a file that is refused", () => {
  const refusal = () => checkArchive(file, never).then(() => "accepted", String);

  it("is not there", async () => {
    expect(await refusal()).toContain(`There is no file ${file}`);
  });

  it("is something else", async () => {
    writeFileSync(file, "hello");
    expect(await refusal()).toContain("it is no tar.gz, or damaged. Nothing was touched.");
  });

  it("is another tar.gz", async () => {
    await writeBackup();
    await rewrite((name, body) => ({ name: name.replace("prometheus", "etc"), body }));
    expect(await refusal()).toContain("it is not a backup of Glasshouse: etc");
  });

  it("leads out of its folder", async () => {
    await writeBackup();
    await rewrite((name, body) => ({ name: name.replace("wal/", "../wal/"), body }));
    expect(await refusal()).toContain("prometheus/../wal/00000001 does not belong into one");
  });

  it("is cut short", async () => {
    await writeBackup();
    writeFileSync(file, readFileSync(file).subarray(0, -20));
    expect(await refusal()).toContain("it is cut short. Nothing was touched.");
  });

  it("ends before its manifest", async () => {
    await writeBackup();
    await rewrite((name, body) => (name === manifestName ? undefined : { name, body }));
    expect(await refusal()).toContain("it has no manifest, so it is not whole");
  });

  it("has a flipped bit", async () => {
    await writeBackup();
    await rewrite((name, body) => ({ name, body: body.replace("ccc", "cCc") }));
    expect(await refusal()).toContain("chunks/000001 is not what was backed up");
  });

  it("lacks a file", async () => {
    await writeBackup();
    await rewrite((name, body) => (name.endsWith("meta.json") ? undefined : { name, body }));
    expect(await refusal()).toContain(`prometheus/${block}/meta.json is missing`);
  });

  it("has a file more", async () => {
    await writeBackup();
    await changeManifest((manifest) => ({ ...manifest, parts: {} }));
    expect(await refusal()).toContain("its manifest does not know prometheus/");
  });

  it("was made by a newer Glasshouse", async () => {
    await writeBackup();
    await changeManifest((manifest) => ({ ...manifest, format: 3 }));
    expect(await refusal()).toContain(
      "a newer Glasshouse made it: its format is 3, and this one reads up to 2. Nothing was touched.",
    );
  });

  it("has a damaged manifest", async () => {
    await writeBackup();
    await changeManifest((manifest) => ({ ...manifest, stack: 7 }));
    expect(await refusal()).toContain("its manifest is damaged: stack:");
  });
});

it("ends with the disk's own words when the file cannot be written", async () => {
  file = join(folder, "missing", "backup.tar.gz");

  await expect(writeBackup()).rejects.toThrow("ENOENT");
});

it("ends when it is interrupted", async () => {
  const controller = new AbortController();
  const archive = writeArchive(file, controller.signal);
  const endless = ignoreLateErrors(pack());
  const big = endless.entry({ name: ".copy/big", size: 1_000_000 });
  big.on("error", () => undefined).write(Buffer.alloc(1000));
  const added = archive.addFolder("prometheus", Readable.from(endless));
  controller.abort(new Error("interrupted"));

  await expect(added).rejects.toThrow("interrupted");
});
