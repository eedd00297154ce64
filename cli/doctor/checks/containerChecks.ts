import type { Commands } from "../commands";
import type { ContainerNow, HostNow } from "../facts";
import { type Finding, type Row, weights } from "../report";
import type { DeployedContainer, StackState } from "../stackState";
import { checkFixedSettings, checkLimits, findDifferences } from "./containerSettings";
import { listSome } from "./listSome";

/** As many as `providers/readiness.ts` tolerates while a container starts. */
const manyRestarts = 3;
const outputLength = 160;

/** Each container of the stack: whether it is there, runs, is healthy and is what was deployed. */
export function checkContainers(
  { containers }: Pick<StackState, "containers">,
  host: Pick<HostNow, "containers" | "images" | "kernelLimits">,
  commands: Commands,
): Row[] {
  const owners = [...new Set(containers.map(({ owner }) => owner))].sort();
  return owners.map((owner) => {
    const own = containers.filter((container) => container.owner === owner);
    return {
      subject: owner,
      detail:
        own.length === 1 ? "1 container, as deployed" : `${own.length} containers, as deployed`,
      findings: own
        .flatMap((deployed) => checkContainer(deployed, host, commands))
        .sort((a, b) => a.subject.localeCompare(b.subject, "en", { numeric: true })),
    };
  });
}

function checkContainer(
  deployed: DeployedContainer,
  { containers, images, kernelLimits }: Pick<HostNow, "containers" | "images" | "kernelLimits">,
  commands: Commands,
): Finding[] {
  const now = containers[deployed.resource];
  if (now === undefined) {
    return [finding(deployed, weights.container, "is gone", commands.repair)];
  }
  if (now.Id !== deployed.id) {
    const differences = findDifferences(deployed.inputs, now, images[now.Image]);
    const how = differences.length > 0 ? `, which differs: ${listSome(differences)}` : "";
    return [
      finding(
        deployed,
        weights.container,
        `was removed, and someone created another container with its name${how}`,
        `${commands.docker} rm --force ${deployed.inputs.name} && ${commands.repair}`,
      ),
    ];
  }
  return [
    ...checkRun(deployed, now, commands),
    ...checkMembership(deployed, now, commands),
    ...checkLimits(deployed, now, kernelLimits, commands),
    ...checkFixedSettings(deployed, now, images[now.Image], commands),
  ];
}

/** Whether a container can do its work: it is ours, runs, and is connected to its networks under its aliases. */
export function isServing(deployed: DeployedContainer, now: ContainerNow | undefined): boolean {
  return (
    now !== undefined &&
    now.Id === deployed.id &&
    now.State.Status === "running" &&
    listMissingMemberships(deployed, now).length === 0
  );
}

function checkRun(
  deployed: DeployedContainer,
  { State: state, RestartCount: restarts }: ContainerNow,
  { docker, doctor }: Commands,
): Finding[] {
  const { name } = deployed.inputs;
  const found = (problem: string, fix: string) => [
    finding(deployed, weights.container, problem, fix),
  ];
  const logs = `${docker} logs --tail 20 ${name}`;
  const memory = state.OOMKilled ? ": it needed more memory than its limit" : "";
  const why = state.Error === "" ? memory : ` (${state.Error})`;
  switch (state.Status) {
    case "running":
      break;
    case "paused":
      return found("is paused", `${docker} unpause ${name}`);
    case "restarting":
      return found(
        `crashes and is restarted, ${restarts} times so far; its last exit code is ${state.ExitCode}${why}`,
        state.OOMKilled ? "raise its memoryMb" : `${logs}   (shows why)`,
      );
    default:
      return found(
        state.Status === "created"
          ? `was never started${why}`
          : `is stopped since ${renderTime(state.FinishedAt)}, exit code ${state.ExitCode}${why}`,
        `${docker} start ${name}` + (isByHand(state.ExitCode) ? "" : `   (${logs} shows why)`),
      );
  }
  const health = state.Health?.Status;
  if (health === "unhealthy") {
    const last = state.Health?.Log?.at(-1);
    const said = last?.Output.trim().replace(/\s+/g, " ").slice(0, outputLength);
    return found(
      `runs, but is unhealthy${last ? `: its check ended with ${last.ExitCode}` : ""}${said ? ` (${said})` : ""}`,
      `${logs}   (shows why), then ${docker} restart ${name}`,
    );
  }
  // Before Docker's first check, one interval after the start, nothing is known against it.
  if (health === "starting" && state.Health?.Log?.length) {
    return found("is still starting", `wait a minute, then ${doctor}`);
  }
  if (restarts < manyRestarts) return [];
  return [
    finding(
      deployed,
      weights.leftover,
      `runs, but has crashed and was restarted ${restarts} times`,
      `${logs}   (shows why); ${docker} restart ${name} resets the count`,
    ),
  ];
}

function checkMembership(
  deployed: DeployedContainer,
  now: ContainerNow,
  { docker }: Commands,
): Finding[] {
  const { inputs } = deployed;
  const missing = listMissingMemberships(deployed, now).map(({ name, aliases, isConnected }) => {
    const names = aliases.map((alias) => `--alias ${alias} `).join("");
    const connect = `${docker} network connect ${names}${name} ${inputs.name}`;
    return finding(
      deployed,
      weights.membership,
      isConnected
        ? `has lost its alias ${aliases.join(", ")} on the network ${name}: nobody finds it`
        : `is not connected to the network ${name}: nobody reaches it`,
      isConnected ? `${docker} network disconnect ${name} ${inputs.name} && ${connect}` : connect,
    );
  });
  const wanted = new Set(inputs.networksAdvanced?.map(({ name }) => name));
  const extra = Object.keys(now.NetworkSettings.Networks)
    .filter((name) => !wanted.has(name))
    .map((name) =>
      finding(
        deployed,
        weights.drift,
        `is also connected to the network ${name}, whose containers reach it`,
        `${docker} network disconnect ${name} ${inputs.name}`,
      ),
    );
  return [...missing, ...extra];
}

function listMissingMemberships({ inputs }: DeployedContainer, now: ContainerNow) {
  return (inputs.networksAdvanced ?? []).flatMap(({ name, aliases = [] }) => {
    const network = now.NetworkSettings.Networks[name];
    const isComplete = network && aliases.every((alias) => network.Aliases?.includes(alias));
    return isComplete ? [] : [{ name, aliases, isConnected: network !== undefined }];
  });
}

/** Ended well, or by the signals that `docker stop` and `docker kill` send. */
function isByHand(exitCode: number): boolean {
  return [0, 137, 143].includes(exitCode);
}

/** Docker's own spelling, without the fraction of a second: `2026-11-22 16:29:44 UTC`. */
function renderTime(time: string): string {
  return time.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC");
}

function finding(
  { resource }: DeployedContainer,
  weight: number,
  problem: string,
  fix: string,
): Finding {
  return { subject: resource, problem, fix, weight };
}
