import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { joinFrames } from "../readLogTail";
import { findStartHints } from "../startHints";
import { listNodes } from "./swarmNodes";

/** A service as the engine describes it, as far as it is asked for here. */
export interface ServiceNow<Spec = unknown> {
  readonly ID: string;
  readonly Version: { readonly Index: number };
  readonly Spec: Spec;
  readonly PreviousSpec?: Spec;
  /** Missing until the Swarm has something to replace. */
  readonly UpdateStatus?: { readonly State?: string; readonly Message?: string };
}

/** A replica of a service, or what was one. */
export interface TaskNow {
  readonly ID: string;
  readonly Slot?: number;
  readonly NodeID?: string;
  readonly DesiredState: string;
  readonly Status: {
    readonly Timestamp: string;
    readonly State: string;
    readonly Message?: string;
    readonly Err?: string;
    readonly ContainerStatus?: { readonly ExitCode?: number };
  };
}

export interface WaitedService {
  readonly id: string;
  readonly name: string;
  /** Undefined for a service of which each node that can runs one. */
  readonly replicas: number | undefined;
  /** Ids of its tasks before it was changed: their failures are of no account. Undefined for a new service. */
  readonly before: ReadonlySet<string> | undefined;
  /** Seconds without a new replica that serves until it is given up. */
  readonly timeoutSeconds: number;
  /** Seconds that the Swarm looks at what it has replaced before an update is complete. */
  readonly monitorSeconds: number;
  /** Seconds that a replica has to stop. */
  readonly stopGraceSeconds: number;
  /** For hints on what keeps a replica from starting. */
  readonly limits: {
    readonly user: string;
    readonly readOnly: boolean;
    readonly memoryMb: number;
  };
}

const pollMilliseconds = 500;
/** How long all replicas have to run on before they count as up. */
const steadyMilliseconds = 2000;
/** How long a node may take to tell of a replica that has stopped. */
const nodeSeconds = 10;
const logLines = 20;
const logSeconds = 5;
/** No later start finds what these miss. */
const hopeless = /no such image|executable file not found|non-zero exit \(12[67]\)/i;
const ended: readonly string[] = ["failed", "rejected"];

/**
 * Waits until a service has converged: all replicas run, are healthy where there is a health check, and the Swarm has nothing left
 * to replace.
 *
 * @throws Error that says why it does not, and of each replica that failed on which node, with its error and its last log lines
 */
export async function waitForService(docker: Docker, service: WaitedService): Promise<void> {
  let seen = "";
  let seenAt = Date.now();
  for (;;) {
    const now = await readService(docker, service.id);
    const tasks = await listTasks(docker, service.id);
    const { State: state, Message: said = "" } = now.UpdateStatus ?? {};
    const running = tasks.filter(
      ({ DesiredState, Status }) => DesiredState === "running" && Status.State === "running",
    );
    const stopping = tasks.filter(
      ({ DesiredState, Status }) => DesiredState !== "running" && Status.State === "running",
    );
    const fail = async (problem: string) => {
      throw new Error(`${problem}${await describeFailures(docker, service, tasks)}`);
    };
    if (state === "rollback_completed") {
      await fail(
        `The update of ${service.name} failed, and the Swarm has brought the version before back (${said}).`,
      );
    }
    if (state === "paused" || state === "rollback_paused") {
      await fail(`The update of ${service.name} failed, and the Swarm has paused it (${said}).`);
    }

    const progress = `${state} ${running.map(({ ID }) => ID).join(" ")}`;
    if (progress !== seen) {
      seen = progress;
      seenAt = Date.now();
    }
    const { replicas = countNodes(tasks) } = service;
    const isComplete =
      running.length === replicas && (state === undefined || state === "completed");
    // On a node that is gone a replica counts as running for good.
    const stopMilliseconds = (service.stopGraceSeconds + nodeSeconds) * 1000;
    const enough = stopping.length === 0 ? steadyMilliseconds : stopMilliseconds;
    if (isComplete && Date.now() - seenAt >= enough) return;
    const patience =
      state === undefined
        ? service.timeoutSeconds
        : service.timeoutSeconds + service.monitorSeconds;
    if (!isComplete && Date.now() - seenAt > patience * 1000) {
      await fail(
        `${service.name}: ${running.length} of ${replicas} replicas serve, and no more did within ` +
          `${service.timeoutSeconds} s (startTimeoutSeconds).`,
      );
    }
    // The Swarm itself ends an update that fails.
    const isHopeless =
      service.before === undefined &&
      tasks.some(({ Status }) => ended.includes(Status.State) && hopeless.test(Status.Err ?? ""));
    if (isHopeless) await fail(`${service.name} cannot run.`);
    await sleep(pollMilliseconds);
  }
}

/** Nodes that the Swarm has chosen; at least one, which it may not have done yet. */
function countNodes(tasks: readonly TaskNow[]): number {
  const wanted = tasks.filter(({ DesiredState }) => ["ready", "running"].includes(DesiredState));
  return Math.max(1, new Set(wanted.map(({ NodeID }) => NodeID)).size);
}

export async function readService<Spec>(docker: Docker, id: string): Promise<ServiceNow<Spec>> {
  return (await docker.getService(id).inspect()) as ServiceNow<Spec>;
}

export async function listTasks(docker: Docker, service: string): Promise<TaskNow[]> {
  const filters = JSON.stringify({ service: [service] });
  return (await docker.listTasks({ filters })) as TaskNow[];
}

/** Of each replica that does not run, the last failure; without any, what it waits for. */
async function describeFailures(
  docker: Docker,
  service: WaitedService,
  tasks: readonly TaskNow[],
): Promise<string> {
  const newest = [...tasks]
    .filter(({ ID }) => service.before?.has(ID) !== true)
    .sort((a, b) => (a.Status.Timestamp < b.Status.Timestamp ? 1 : -1));
  const failed = newest.filter(({ Status }) => ended.includes(Status.State));
  const waiting = newest.filter(
    ({ DesiredState, Status }) => DesiredState === "running" && Status.State !== "running",
  );
  const nodes = await readNodeNames(docker);
  const slots = [...new Set([...failed, ...waiting].map(slotOf))].sort(
    (a, b) => Number(a) - Number(b),
  );
  const lines = await Promise.all(
    slots.map(async (slot) => {
      const task =
        failed.find((each) => slotOf(each) === slot) ??
        waiting.find((each) => slotOf(each) === slot);
      return task === undefined ? "" : describeTask(docker, service, task, nodes);
    }),
  );
  return lines.map((line) => `\n${line}`).join("");
}

/** Where each node runs one, replicas have no number. */
function slotOf({ Slot, NodeID }: TaskNow): number | string | undefined {
  return Slot ?? NodeID;
}

async function describeTask(
  docker: Docker,
  { limits }: WaitedService,
  { ID, Slot, NodeID, Status }: TaskNow,
  nodes: ReadonlyMap<string, string>,
): Promise<string> {
  const where = NodeID ? ` on ${nodes.get(NodeID) ?? NodeID}` : "";
  const what = Status.Err || Status.Message || "";
  const log = (await readTaskLog(docker, ID)).trim();
  // A rejected one has not even started.
  const exitCode = Status.State === "rejected" ? undefined : Status.ContainerStatus?.ExitCode;
  const hints = ended.includes(Status.State)
    ? findStartHints({ ...limits, log, exitCode, oomKilled: false })
    : [];
  return [
    `  replica${Slot === undefined ? "" : ` ${Slot}`}${where} is ${Status.State}: ${what}` +
      (log === "" ? "" : `. Its last log lines:\n${log.replace(/^/gm, "    ")}`),
    ...hints.map((hint) => `  ${hint}.`),
  ].join("\n");
}

/** A node that is gone would be asked for good. */
async function readTaskLog(docker: Docker, id: string): Promise<string> {
  const options = { stdout: true, stderr: true, tail: logLines };
  const abortSignal = AbortSignal.timeout(logSeconds * 1000);
  try {
    const task = docker.getTask(id) as unknown as {
      logs(options: object): Promise<Buffer>;
    };
    return joinFrames(await task.logs({ ...options, abortSignal }));
  } catch {
    // The error of the task is told all the same.
    return "";
  }
}

async function readNodeNames(docker: Docker): Promise<ReadonlyMap<string, string>> {
  return new Map((await listNodes(docker)).map(({ id, name }) => [id, name]));
}
