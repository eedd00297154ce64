import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { type Extract, extract, type Header, pack } from "tar-stream";
import { readMessage } from "../../host/daemon/engineSettingsError";
import { SetupError } from "../setupError";
import { isPartName } from "./dataParts";
import { ignoreLateErrors } from "./ignoreLateErrors";
import { type Contents, type Manifest, manifestName, parseManifest } from "./manifest";
import { checksumsFile, stagingFolder } from "./volumeScripts";

type Entry = Extract extends AsyncIterable<infer Item> ? Item : never;

/**
 * Reads a whole backup and checks every byte of it.
 *
 * @throws SetupError that says in which way the file is no backup, or none that is whole
 */
export async function checkArchive(file: string, signal: AbortSignal): Promise<Manifest> {
  try {
    return await readAndCheck(file, signal);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new SetupError(`There is no file ${file}.`);
    const words = describeDamage(code) ?? readMessage(error);
    throw new SetupError(`${file} cannot be restored: ${words}. Nothing was touched.`);
  }
}

/** The files of one part, under the names that a restore unpacks them to, with a list of their checksums. */
export function streamPart(file: string, part: string, files: Contents): Readable {
  const archive = ignoreLateErrors(pack());
  const fill = async () => {
    await readEntries(file, async (entry) => {
      const [folder = "", ...path] = entry.header.name.split("/");
      if (folder !== part) return;
      const header = {
        ...entry.header,
        pax: null,
        name: [stagingFolder, ...path].join("/"),
        ...(entry.header.type === "link" && {
          linkname: [stagingFolder, ...entry.header.linkname.split("/").slice(1)].join("/"),
        }),
      };
      if (header.type === "file") await pipeline(entry, archive.entry(header));
      else archive.entry(header);
    });
    const sums = Object.entries(files).map(([path, { sha256 }]) => `${sha256}  ${path}\n`);
    archive.entry({ name: checksumsFile, mode: 0o600 }, sums.join(""));
    archive.finalize();
  };
  fill().catch((error: unknown) => archive.destroy(error as Error));
  return Readable.from(archive);
}

async function readAndCheck(file: string, signal: AbortSignal): Promise<Manifest> {
  const found: Record<string, Contents[string]> = {};
  let manifest: Manifest | undefined;
  await readEntries(
    file,
    async (entry) => {
      const { name, size } = entry.header;
      if (name === manifestName) {
        manifest = parseManifest(await text(entry));
        return;
      }
      rejectForeignEntry(entry.header);
      const hash = createHash("sha256");
      for await (const chunk of entry) hash.update(chunk as Buffer);
      if (entry.header.type === "file") found[name] = { size, sha256: hash.digest("hex") };
      const target = entry.header.type === "link" ? found[entry.header.linkname] : undefined;
      if (target !== undefined) found[name] = target;
    },
    signal,
  );
  if (manifest === undefined) throw new SetupError("it has no manifest, so it is not whole");
  rejectOtherContents(manifest, found);
  return manifest;
}

function rejectForeignEntry({ name, type, linkname }: Header): void {
  const steps = name.split("/");
  const linked = type === "link" ? linkname.split("/") : [];
  if (!isPartName(steps[0] ?? "") || [...steps, ...linked].includes("..")) {
    throw new SetupError(`it is not a backup of Glasshouse: ${name} does not belong into one`);
  }
  if (type !== "file" && type !== "directory" && type !== "symlink" && type !== "link")
    throw new SetupError(`it is not a backup of Glasshouse: ${name} is a ${type}`);
}

function rejectOtherContents({ parts }: Manifest, found: Contents): void {
  const declared = new Map<string, Contents[string]>(
    Object.entries(parts).flatMap(([part, manifest]) =>
      Object.entries(manifest.files).map(([path, content]) => [`${part}/${path}`, content]),
    ),
  );
  for (const [name, { size, sha256 }] of Object.entries(found)) {
    const content = declared.get(name);
    if (content === undefined)
      throw new SetupError(`it is damaged: its manifest does not know ${name}`);
    if (content.size !== size || content.sha256 !== sha256)
      throw new SetupError(`it is damaged: ${name} is not what was backed up`);
    declared.delete(name);
  }
  const [missing] = declared.keys();
  if (missing !== undefined) throw new SetupError(`it is damaged: ${missing} is missing`);
}

async function readEntries(
  file: string,
  visit: (entry: Entry) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const archive = ignoreLateErrors(extract());
  const options = signal === undefined ? {} : { signal };
  const read = pipeline(createReadStream(file), createGunzip(), archive, options);
  // Whatever ends the reading also ends the loop, which says so.
  read.catch(() => undefined);
  for await (const entry of archive) {
    await visit(entry);
    entry.resume();
  }
  await read;
}

function describeDamage(code: string | undefined): string | undefined {
  if (code === "Z_BUF_ERROR") return "it is cut short";
  if (code?.startsWith("Z_")) return "it is no tar.gz, or damaged";
  return undefined;
}
