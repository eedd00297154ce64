/** What is known of a container that did not start as it should, and how it is limited. */
export interface FailedStart {
  /** Its last log lines. */
  readonly log: string;
  /** Undefined while it runs. */
  readonly exitCode: number | undefined;
  readonly oomKilled: boolean;
  /** `user` or `user:group` that it runs as. */
  readonly user: string;
  readonly readOnly: boolean;
  readonly memoryMb: number;
}

type Rule = (start: FailedStart) => string | undefined;

/** A path in a log line, before or after the words of the error. */
const path = /(\/[\w@%+=.~-]+(?:\/[\w@%+=.~-]+)*)/;

const rules: readonly Rule[] = [
  ({ exitCode, oomKilled, memoryMb }) =>
    oomKilled || (exitCode === 137 && memoryMb > 0)
      ? `${oomKilled ? "It needed more memory than its limit" : "It was killed, as it is for more memory than its limit"} of ${memoryMb} MiB: set \`memoryMb: ${2 * memoryMb}\``
      : undefined,
  ({ exitCode }) =>
    exitCode === 127
      ? "Its command does not exist in the image: check `command` and `entrypoint`"
      : exitCode === 126
        ? "Its command cannot be run by this user: check `command`, `entrypoint` and `user`"
        : undefined,
  ({ exitCode }) =>
    exitCode === 0
      ? "It ended by itself and without an error, as a one-off task does: an app has to run on. Let it wait until there is more to do, " +
        "or run it once by `docker run`"
      : undefined,
  ({ log, readOnly }) => {
    const line = readOnly ? findLine(log, /read-only file ?system|EROFS/i) : undefined;
    if (line === undefined) return undefined;
    const folder = findFolder(line);
    return (
      `Its root file system is read-only: set \`writablePaths: ["/tmp"${folder === undefined ? ', "<folder>"' : `, "${folder}"`}]\` ` +
      "for what may go, a volume (`volumes`) for what is to stay, or `readOnly: false`"
    );
  },
  ({ log }) =>
    findLine(log, /no space left on device|ENOSPC/i) === undefined
      ? undefined
      : "There is no space left for what it writes: each folder of `writablePaths` holds 64 MiB, so that more needs a volume " +
        "(`volumes`); for a volume, free some space on its disk (`docker system df`, `df -h`)",
  ({ log, user }) => {
    const line = findLine(log, /permission denied|EACCES/i);
    if (line === undefined) return undefined;
    if (/\bbind|listen|:\d{1,3}\b.*denied/i.test(line)) {
      return 'It may not open a port below 1024: set `capabilities: ["NET_BIND_SERVICE"]`, or let it listen on a higher one';
    }
    return (
      `It runs as the user ${user}, who may not do this: set \`user\` to the one that the image is made for ` +
      "(`docker image inspect --format '{{.Config.User}}' IMAGE`), or put what it writes into `writablePaths` or `volumes`"
    );
  },
  ({ log, user }) =>
    findLine(
      log,
      /unable to find user|no matching entries in passwd|uid not found|getpwuid|unknown user|cannot find name for user/i,
    ) === undefined
      ? undefined
      : `Its image does not know the user ${user}: set \`user\` to one that it has, such as the image's own`,
  ({ log }) => {
    const line = findLine(log, /operation not permitted|EPERM/i);
    if (line === undefined) return undefined;
    const wanted = findCapabilities(line);
    return (
      `All capabilities are taken from it: set \`capabilities: [${wanted.map((name) => `"${name}"`).join(", ")}]\`, or ` +
      "`user` to the one that it changes to, so that it need not"
    );
  },
];

/** What to change in the stack file, as far as that can be told; sentences without their full stop. */
export function findStartHints(start: FailedStart): string[] {
  return rules.flatMap((rule) => rule(start) ?? []);
}

function findLine(log: string, words: RegExp): string | undefined {
  return log
    .split("\n")
    .reverse()
    .find((line) => words.test(line));
}

/** The folder of the file that a line names last. */
function findFolder(line: string): string | undefined {
  const found = line.match(new RegExp(path, "g")) ?? [];
  const last = found.at(-1);
  if (last === undefined) return undefined;
  const folder = /mkdir|create directory|creat\w* dir/i.test(line)
    ? last
    : last.slice(0, Math.max(last.lastIndexOf("/"), 0));
  return folder === "" ? undefined : folder;
}

function findCapabilities(line: string): string[] {
  if (/chown/i.test(line)) return ["CHOWN"];
  if (/setuid|setgid|setgroups|setresuid|setresgid|switching user|su-exec|gosu/i.test(line)) {
    return ["SETGID", "SETUID"];
  }
  if (/\bexec\b|bind|listen/i.test(line)) return ["NET_BIND_SERVICE"];
  if (/chmod/i.test(line)) return ["FOWNER"];
  return ["<name>"];
}
