import { buildCommandFileError } from "./fileProblems";
import type { CommandResult, HostFile, RunOptions } from "./hostAccess";

type Run = (command: readonly string[], options?: RunOptions) => Promise<CommandResult>;

const writeScript = `set -eu
umask 077
real=$(readlink -m -- "$1")
candidate=$(mktemp "$(dirname -- "$real")/.$(basename -- "$real").glasshouse-XXXXXX")
trap 'rm -f -- "$candidate"' EXIT
cat >"$candidate"
if [ -e "$real" ]; then
  chown --reference="$real" -- "$candidate"
  chmod --reference="$real" -- "$candidate"
else
  chmod "$2" -- "$candidate"
fi
sync -- "$candidate" 2>/dev/null || sync
mv -f -- "$candidate" "$real"`;

/**
 * The file operations for a user who may not touch a file but may become root: the same as with system calls, by the
 * commands of GNU coreutils. The text goes through standard input, because arguments show in process lists.
 */
export async function writeFileAsRoot(
  run: Run,
  path: string,
  text: string,
  newMode: number,
): Promise<void> {
  const command = ["sh", "-c", writeScript, "sh", path, newMode.toString(8)];
  await rejectFailure(await run(command, { input: text, asRoot: true }), path);
}

export async function readFileAsRoot(run: Run, path: string, realPath: string): Promise<HostFile> {
  const script = 'if [ -e "$1" ]; then stat -L -c "%a %u %g" -- "$1"; cat -- "$1"; fi';
  const result = await run(["sh", "-c", script, "sh", path], { asRoot: true });
  await rejectFailure(result, path);
  if (result.stdout === "") {
    return {
      text: undefined,
      isUtf8: true,
      mode: undefined,
      uid: undefined,
      gid: undefined,
      realPath,
    };
  }
  const firstLineEnd = result.stdout.indexOf("\n");
  const [mode = "644", uid, gid] = result.stdout.slice(0, firstLineEnd).split(" ");
  const text = result.stdout.slice(firstLineEnd + 1);
  return {
    text,
    isUtf8: !text.includes("\uFFFD"),
    mode: Number.parseInt(mode, 8),
    uid: Number(uid),
    gid: Number(gid),
    realPath,
  };
}

export async function runFileCommandAsRoot(
  run: Run,
  command: readonly string[],
  path: string,
): Promise<string> {
  const result = await run(command, { asRoot: true });
  await rejectFailure(result, path);
  return result.stdout;
}

function rejectFailure(result: CommandResult, path: string): Promise<void> {
  return result.exitCode === 0
    ? Promise.resolve()
    : Promise.reject(buildCommandFileError(result.stderr, path));
}
