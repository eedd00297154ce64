import { describeAbsentFile } from "./absentFile";
import { buildCommandFileError } from "./fileProblems";
import type { CommandResult, HostFile, RunOptions } from "./hostAccess";

/** Runs a command on the host, with whatever rights the file operation is to have. */
export type RunFileCommand = (
  command: readonly string[],
  options?: Pick<RunOptions, "input">,
) => Promise<CommandResult>;

// A connection that breaks while the text comes in looks like the text's end: hence its length.
const writeScript = `set -eu
umask 077
real=$(readlink -m -- "$1")
candidate=$(mktemp "$(dirname -- "$real")/.$(basename -- "$real").glasshouse-XXXXXX")
trap 'rm -f -- "$candidate"' EXIT
cat >"$candidate"
if [ "$(wc -c <"$candidate")" -ne "$3" ]; then
  echo "only a part of the text arrived" >&2
  exit 1
fi
if [ -e "$real" ]; then
  chown --reference="$real" -- "$candidate"
  chmod --reference="$real" -- "$candidate"
else
  chmod "$2" -- "$candidate"
fi
sync -- "$candidate" 2>/dev/null || sync
mv -f -- "$candidate" "$real"`;

const readScript = `set -eu
readlink -m -- "$1"
stat -L -c "%a %u %g" -- "$1"
cat -- "$1"`;

/**
 * The file operations by the commands of GNU coreutils: the same as with system calls, for a host behind ssh, and for a
 * user who may not touch a file but may become root. The text goes through standard input, because arguments show in
 * process lists.
 */
export async function writeFileByCommand(
  run: RunFileCommand,
  path: string,
  text: string,
  newMode: number,
): Promise<void> {
  const length = String(Buffer.byteLength(text));
  const command = ["sh", "-c", writeScript, "sh", path, newMode.toString(8), length];
  rejectFailure(await run(command, { input: text }), path);
}

export async function readFileByCommand(run: RunFileCommand, path: string): Promise<HostFile> {
  const result = await run(["sh", "-c", readScript, "sh", path]);
  const [realPath = path, ...rest] = result.stdout.split("\n");
  if (result.stderr.includes("No such file or directory")) {
    return describeAbsentFile(realPath);
  }
  rejectFailure(result, path);
  const [found = "", ...lines] = rest;
  const [mode = "644", uid, gid] = found.split(" ");
  const text = lines.join("\n");
  return {
    text,
    isUtf8: !text.includes("\uFFFD"),
    mode: Number.parseInt(mode, 8),
    uid: Number(uid),
    gid: Number(gid),
    realPath,
  };
}

export async function runFileCommand(
  run: RunFileCommand,
  command: readonly string[],
  path: string,
): Promise<string> {
  const result = await run(command);
  rejectFailure(result, path);
  return result.stdout;
}

function rejectFailure(result: CommandResult, path: string): void {
  if (result.exitCode !== 0) throw buildCommandFileError(result.stderr, path);
}
