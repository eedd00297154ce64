import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { extract, pack } from "tar-stream";
import { SetupError } from "../setupError";
import { ignoreLateErrors } from "./ignoreLateErrors";
import { orAbort } from "./interruption";
import { type Contents, type Manifest, manifestName } from "./manifest";

/** A backup that is being written. */
export interface ArchiveWriter {
  /**
   * Adds a folder that comes as a tar stream.
   *
   * @param folder its name in the archive, in place of the stream's own
   */
  addFolder(folder: string, tar: NodeJS.ReadableStream): Promise<Contents>;
  /** Adds the manifest, and waits until everything is on the disk. */
  finish(manifest: Manifest): Promise<void>;
}

/** Writes a tar.gz that only its owner can read: Grafana's data hold password hashes. */
export function writeArchive(file: string, signal: AbortSignal): ArchiveWriter {
  const archive = ignoreLateErrors(pack());
  const written = pipeline(
    archive,
    createGzip(),
    createWriteStream(file, { flags: "wx", mode: 0o600, flush: true }),
    { signal },
  );
  // A full disk has to end whatever waits for the archive to take more.
  const failed = new AbortController();
  written.catch((error: unknown) => failed.abort(signal.aborted ? signal.reason : error));

  const add = async (folder: string, tar: NodeJS.ReadableStream) => {
    const contents: Record<string, Contents[string]> = {};
    const source = ignoreLateErrors(extract());
    const read = pipeline(tar, source, { signal: failed.signal });
    read.catch(() => undefined);
    for await (const entry of source) {
      const { type, size } = entry.header;
      const path = stripFirst(entry.header.name).replace(/\/$/, "");
      const name = path === "" ? folder : `${folder}/${path}`;
      if (type === "file") {
        const hash = createHash("sha256");
        const sink = archive.entry({ ...entry.header, pax: null, name, size });
        await pipeline(entry, tee(hash), sink);
        contents[path] = { size, sha256: hash.digest("hex") };
      } else if (type === "link") {
        // A second name of a file that came before.
        const target = stripFirst(entry.header.linkname);
        contents[path] = contents[target] ?? reject(`${name} is a link to nothing`);
        archive.entry({ ...entry.header, pax: null, name, linkname: `${folder}/${target}` });
        entry.resume();
      } else if (type === "directory" || type === "symlink") {
        archive.entry({ ...entry.header, pax: null, name });
        entry.resume();
      } else {
        reject(`${name} is a ${type}`);
      }
    }
    await read;
    return contents;
  };

  const finish = async (manifest: Manifest) => {
    archive.entry({ name: manifestName, mode: 0o600 }, JSON.stringify(manifest, undefined, 2));
    archive.finalize();
    await written;
  };

  const orFail = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await orAbort(work, failed.signal);
    } catch (error) {
      // Why the archive ended says more than that a stream did.
      throw failed.signal.aborted ? failed.signal.reason : error;
    }
  };

  return {
    addFolder: (folder, tar) => orFail(add(folder, tar)),
    finish: (manifest) => orFail(finish(manifest)),
  };
}

/** A path without the name of the folder that the engine streams. */
function stripFirst(path: string): string {
  return path.split("/").slice(1).join("/");
}

function reject(words: string): never {
  throw new SetupError(`${words}, which a backup cannot hold.`);
}

function tee(hash: ReturnType<typeof createHash>): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
}
