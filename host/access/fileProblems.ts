import { EngineSettingsError } from "../daemon/engineSettingsError";

/** A sentence per system error code: what it means for the file and what to do about it. */
export function renderFileProblem(code: string | undefined, path: string, detail: string): string {
  switch (code) {
    case "EACCES":
      return `No permission for ${path} (EACCES). Run as root, or allow this user "sudo" without a password ("sudo -n true" must work).`;
    case "EPERM":
      return `The system does not allow a change of ${path} (EPERM): it may be immutable. Look with "lsattr ${path}", and undo with "chattr -i ${path}" as root.`;
    case "EROFS":
      return `${path} is on a read-only file system (EROFS). Change the file where that system is built (an immutable OS image, a read-only mount), or mount it read-write.`;
    case "ENOSPC":
      return `No space is left for ${path} (ENOSPC). Make room ("df -h", "docker system df") and try again; nothing was changed.`;
    case "EDQUOT":
      return `The disk quota for ${path} is used up (EDQUOT). Make room and try again; nothing was changed.`;
    case "EBUSY":
      return `${path} cannot be replaced (EBUSY): it is mounted on its own, such as a single-file volume. Mount its folder instead.`;
    case "ELOOP":
      return `${path} is a symbolic link that leads in a circle (ELOOP). Repair the link.`;
    case "EISDIR":
      return `${path} is a folder (EISDIR), but a file is expected there. Bind mounts of a missing file make such folders: remove it if it is empty.`;
    case "ENOTDIR":
      return `A part of ${path} is a file where a folder is expected (ENOTDIR). Correct the path.`;
    default:
      return `${path} cannot be read or written: ${detail}`;
  }
}

/** The code of a Node.js system error, such as `EACCES`; `undefined` for anything else. */
export function readErrorCode(thrown: unknown): string | undefined {
  const code = (thrown as { code?: unknown } | undefined)?.code;
  return typeof code === "string" ? code : undefined;
}

/** Turns a failed file operation into an error that says what to do. */
export function buildFileError(thrown: unknown, path: string): EngineSettingsError {
  if (thrown instanceof EngineSettingsError) return thrown;
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return new EngineSettingsError(renderFileProblem(readErrorCode(thrown), path, detail), {
    cause: thrown,
  });
}

// The C locale's words for what a shell command meets, for commands that run through sudo.
const codeBySystemMessage: readonly (readonly [string, string])[] = [
  ["Permission denied", "EACCES"],
  ["Operation not permitted", "EPERM"],
  ["Read-only file system", "EROFS"],
  ["No space left on device", "ENOSPC"],
  ["Disk quota exceeded", "EDQUOT"],
  ["Device or resource busy", "EBUSY"],
  ["Too many levels of symbolic links", "ELOOP"],
  ["Is a directory", "EISDIR"],
  ["Not a directory", "ENOTDIR"],
];

/** Turns a failed command's error output into the same errors as a failed system call. */
export function buildCommandFileError(stderr: string, path: string): EngineSettingsError {
  const code = codeBySystemMessage.find(([message]) => stderr.includes(message))?.[1];
  return new EngineSettingsError(renderFileProblem(code, path, stderr.trim()), { cause: { code } });
}
