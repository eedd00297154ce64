import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../config/settings/settings";
import type { SwarmSettings } from "../../config/settings/swarmSettings";
import { buildUserMistake } from "../../config/userMistake";
import type { EngineKind } from "../../host/docker/detectEngine";
import type { ListedContainer } from "../../host/docker/listContainers";
import { readSwarm, type SwarmState } from "../../host/docker/swarm/readSwarm";
import { labels } from "../../host/labels";
import { isOfThisStack } from "../shared/deployment";

/**
 * Refuses an engine that cannot be what `swarm.mode` asks for, and a stack that runs the other way: neither its network nor its
 * containers can be changed into those of a Swarm while they run.
 *
 * @param containers those on the host
 * @throws pulumi.RunError with the commands to run, before anything is touched
 */
export async function rejectUnfitSwarm(
  { host, swarm }: Pick<Settings, "host" | "swarm">,
  engineKind: EngineKind,
  containers: readonly ListedContainer[],
): Promise<void> {
  const apps = containers.filter((each) => isOfThisStack(each) && labels.app in each.Labels);
  const isService = ({ Labels }: ListedContainer) => "com.docker.swarm.service.id" in Labels;
  const wrong = apps.find((each) => isService(each) !== (swarm.mode !== "off"));
  if (wrong !== undefined) {
    const [now, wanted] = isService(wrong)
      ? ["services of a Swarm", "containers"]
      : ["containers", "services of a Swarm"];
    throw refuse(
      host.uri,
      `This stack's apps run as ${now} and would become ${wanted}, which cannot be done while they run. Remove the ` +
        `stack with the stack file as it was, and deploy it again: npm run down -- --stack ${pulumi.getStack()}. Volumes with ` +
        "data are kept and used again.",
    );
  }
  if (swarm.mode === "off") return;
  const problem = findSwarmProblem(swarm.mode, engineKind, await readSwarm(host));
  if (problem !== undefined) throw refuse(host.uri, problem);
}

function refuse(uri: string, problem: string): Error {
  return buildUserMistake(`The engine at ${uri} is refused. Nothing was changed.\n  ${problem}`);
}

/** Why an engine cannot be what is asked for and what to do, in sentences; undefined when it can. */
export function findSwarmProblem(
  mode: Exclude<SwarmSettings["mode"], "off">,
  engineKind: EngineKind,
  { state, isManager, liveRestore }: SwarmState,
): string | undefined {
  if (engineKind !== "engine" && engineKind !== "docker-desktop") {
    return 'Only a Docker Engine that runs as root has Swarm mode. Write `glasshouse:swarm: { mode: "off" }`.';
  }
  switch (state) {
    case "active":
      return isManager
        ? undefined
        : "It is a worker of a Swarm. Name a manager in host.uri (on a manager, `docker node ls` lists them), or make it " +
            "one there: docker node promote <its name>";
    case "locked":
      return "Its Swarm is locked. Unlock it: docker swarm unlock";
    case "pending":
    case "error":
      return `Its Swarm does not work (${state}): \`docker info\` says why. Leave it, or wait until it has joined.`;
    case "inactive":
  }
  if (liveRestore) {
    return (
      'Its owner keeps "live-restore" on, which an engine in a Swarm refuses to start with. Take it out of daemon.json and ' +
      "run: sudo systemctl reload docker. From then on a restart of the engine stops its containers."
    );
  }
  return mode === "init"
    ? undefined
    : "It is in no Swarm. Make one: docker swarm init --advertise-addr <its address>; or join one as a manager, by the " +
        "command that `docker swarm join-token manager` prints there; or write `glasshouse:swarm: { mode: init }` for a " +
        "Swarm of this host alone.";
}
