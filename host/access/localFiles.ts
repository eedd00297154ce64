import { constants } from "node:fs";
import {
  access,
  chmod,
  chown,
  lstat,
  open,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
} from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { randomBytes } from "node:crypto";
import { describeAbsentFile } from "./absentFile";
import { readErrorCode } from "./fileProblems";
import type { HostFile } from "./hostAccess";

/** Reads a file of this machine; throws system errors other than "no such file". */
export async function readLocalFile(path: string): Promise<HostFile> {
  const realPath = await findRealPath(path);
  try {
    const [bytes, { mode, uid, gid }] = await Promise.all([readFile(realPath), stat(realPath)]);
    const text = bytes.toString("utf8");
    const isUtf8 = Buffer.from(text, "utf8").equals(bytes);
    return { text, isUtf8, mode: mode & 0o7777, uid, gid, realPath };
  } catch (thrown) {
    if (readErrorCode(thrown) !== "ENOENT") throw thrown;
    return describeAbsentFile(realPath);
  }
}

/** Follows symbolic links, also to a target that is not there yet. */
async function findRealPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (thrown) {
    if (readErrorCode(thrown) !== "ENOENT") throw thrown;
  }
  const link = await lstat(path).catch(() => undefined);
  if (link?.isSymbolicLink() === true) {
    return findRealPath(resolve(dirname(path), await readlink(path)));
  }
  const folder = dirname(path);
  return folder === path ? path : join(await findRealPath(folder), basename(path));
}

/** See `HostAccess.writeFileAtomically`; throws system errors. */
export async function writeLocalFileAtomically(
  path: string,
  text: string,
  newMode: number,
): Promise<void> {
  const realPath = await findRealPath(path);
  const old = await stat(realPath).catch(() => undefined);
  // A read-only file says that its owner wants no changes; renaming over it would go round that.
  if (old !== undefined) await access(realPath, constants.W_OK);
  const candidate = join(
    dirname(realPath),
    `.${basename(realPath)}.glasshouse-${randomBytes(6).toString("hex")}`,
  );
  try {
    const file = await open(candidate, "wx", 0o600);
    try {
      await file.writeFile(text, "utf8");
      if (old !== undefined) await chown(candidate, old.uid, old.gid);
      // After chown, which clears set-id bits; and not by open's mode, which the umask cuts.
      await chmod(candidate, old === undefined ? newMode : old.mode & 0o7777);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(candidate, realPath);
  } catch (thrown) {
    await rm(candidate, { force: true });
    throw thrown;
  }
  await syncFolder(dirname(realPath));
}

// Without this the rename itself may be lost in a power cut. Some file systems cannot; the file is whole either way.
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
