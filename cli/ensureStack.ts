import { hostname } from "node:os";
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseDocument } from "yaml";
import { connectDocker } from "../host/docker/connectDocker";
import { listHelpers, stopAndRemove } from "../host/docker/leftovers";
import { parseStackState, type StackExport } from "./doctor/parseStackState";
import { isAlive } from "./isAlive";
import { pulumi, tryPulumi, type PulumiSession } from "./pulumiSession";
import { run } from "./run";
import { SetupError } from "./setupError";
import { readStackHost } from "./stackHost";
import { listStackParts } from "./stackParts";
import { findStackFile, rejectMissingStackFile } from "./stackFiles";
import { projectFolder, projectName } from "./versions";

/**
 * Selects a stack, and creates it first where it is new.
 *
 * @returns whether it is new
 */
export async function ensureStack(session: PulumiSession, stack: string): Promise<boolean> {
  rejectMissingStackFile(stack);
  const selected = await tryPulumi(session, "stack", "select", stack, "--non-interactive");
  if (selected.exitCode === 0) return false;
  if (!/no stack named|not found/i.test(selected.stderr))
    throw new SetupError(selected.stderr.trim());
  dropForeignSalt(session, stack);
  await pulumi(session, "stack", "init", stack, "--non-interactive");
  return true;
}

/**
 * Pulumi writes into the stack file what belongs to a passphrase, and `git commit` may carry that to a checkout with
 * another one. Without secrets in the file it is of no use there, and goes.
 *
 * @throws SetupError when the file has secrets, which only the other passphrase can read
 */
function dropForeignSalt(session: PulumiSession, stack: string): void {
  if (!session.hasGeneratedPassphrase) return;
  const file = findStackFile(stack);
  const name = basename(file);
  const text = readFileSync(file, "utf8");
  const document = parseDocument(text);
  if (!document.has("encryptionsalt")) return;
  if (/^\s*(- )?secure:/m.test(text)) {
    throw new SetupError(
      `${name} has secrets that were encrypted with another passphrase. Copy .glasshouse/passphrase from the checkout ` +
        "that made them (or set PULUMI_CONFIG_PASSPHRASE), or remove them and the line `encryptionsalt` and set them again " +
        "by `pulumi config set --secret`. Then run the command again.",
    );
  }
  document.delete("encryptionsalt");
  writeFileSync(file, document.toString({ lineWidth: 0 }));
  console.log(`  ${name} carried the encryptionsalt of another passphrase: the line is removed.`);
}

/** Who works on a stack, or did when he was killed. */
export interface Lock {
  readonly pid: number;
  readonly hostname: string;
}

/** The locks on a stack, as far as its state is kept in the checkout. */
export function readLocks({ stateFolder }: PulumiSession, stack: string): Lock[] {
  if (stateFolder === undefined) return [];
  const folder = join(stateFolder, ".pulumi", "locks", "organization", projectName, stack);
  if (!existsSync(folder)) return [];
  // Beside each lock lies a file of its attributes, `.json.attrs`.
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return names.map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Lock);
}

/** Whether the process that took a lock is gone from this host; of another host nothing is known. */
export function isDeadLock(lock: Lock): boolean {
  return lock.hostname === hostname() && !isAlive(lock.pid);
}

/** Removes the lock that a killed Pulumi left behind; a lock whose process runs on this host stays. */
export async function removeDeadLock(session: PulumiSession, stack: string): Promise<void> {
  const locks = readLocks(session, stack);
  if (locks.length === 0) return;
  const running = locks.find((lock) => !isDeadLock(lock));
  if (running) {
    throw new SetupError(
      `Another Pulumi works on the stack ${stack} (process ${running.pid} on ${running.hostname}). ` +
        "Wait until it is done, or end it, and run the command again.",
    );
  }
  console.log(`  An earlier run on the stack ${stack} was killed: its lock is removed.`);
  removeCutAttributes(session, stack);
  await pulumi(session, "cancel", "--yes", "--stack", stack);
}

/**
 * Beside each file of the state lies one of its attributes, which Pulumi writes in place and not by renaming: a kill can
 * leave it empty, and then Pulumi reads nothing of the stack any more ("failed to load checkpoint: EOF"). It can do
 * without the attributes.
 */
function removeCutAttributes({ stateFolder }: PulumiSession, stack: string): void {
  if (stateFolder === undefined) return;
  for (const path of readdirSync(stateFolder, { recursive: true, encoding: "utf8" })) {
    const isOfStack = path.includes(`/${stack}/`) || path.includes(`/${stack}.json`);
    const file = join(stateFolder, path);
    if (isOfStack && path.endsWith(".attrs") && statSync(file).size === 0) rmSync(file);
  }
}

/** Repairs what a kill in the middle of an `up` leaves: operations whose outcome Pulumi does not know. */
export async function repairInterruptedUpdate(
  session: PulumiSession,
  stack: string,
): Promise<void> {
  const state = await exportState(session, stack);
  const pending = state.deployment.pending_operations?.length ?? 0;
  if (pending === 0) return;
  console.log(`  An earlier run was interrupted in ${pending} operation(s): repairing the state.`);
  await removeUnknown(state, stack);
  const { pending_operations: _pending, ...settled } = state.deployment;
  const { exitCode, stderr } = await run([session.program, "stack", "import", "--stack", stack], {
    cwd: projectFolder,
    env: session.env,
    input: JSON.stringify({ ...state, deployment: settled }),
  });
  if (exitCode !== 0)
    throw new SetupError(`The stack's state could not be repaired: ${stderr.trim()}`);
}

/**
 * Removes containers, services and networks that carry a stack's labels and that its state does not know: a killed run made them
 * and did not record them, or someone recreated them by hand. They hold no data, and neither do a killed run's helpers.
 */
export async function removeUnknownContainers(
  session: PulumiSession,
  stack: string,
): Promise<void> {
  await removeUnknown(await exportState(session, stack), stack);
}

export async function exportState(session: PulumiSession, stack: string): Promise<StackExport> {
  return JSON.parse(await pulumi(session, "stack", "export", "--stack", stack)) as StackExport;
}

async function removeUnknown(state: StackExport, stack: string): Promise<void> {
  const resources = state.deployment.resources ?? [];
  const known = new Set(resources.map(({ id }) => id));
  // A run that was killed early has not noted down where it deploys to.
  const isNoted = resources.some(({ type }) => type === "pulumi:providers:docker");
  const { dockerHost, volumes } = parseStackState(state);
  const docker = await connectDocker(isNoted ? dockerHost : readStackHost(stack));
  const { containers, services, networks } = await listStackParts(docker, stack);
  // What another process removes meanwhile is gone all the same; what stays is found again by the update.
  const unknown = containers.filter(({ id }) => !known.has(id));
  await Promise.all(unknown.map(({ id }) => stopAndRemove(docker.getContainer(id)).catch(ignore)));
  for (const { id } of services) {
    if (!known.has(id)) await docker.getService(id).remove().catch(ignore);
  }
  for (const { Id: id } of await listHelpers(docker, volumes)) {
    await docker.getContainer(id).remove({ force: true }).catch(ignore);
  }
  for (const { id } of networks) {
    if (!known.has(id)) await docker.getNetwork(id).remove().catch(ignore);
  }
}

function ignore(): void {
  return undefined;
}
