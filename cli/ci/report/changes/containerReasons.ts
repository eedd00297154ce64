import { readVariables } from "../../../../host/docker/readVariables";
import { asText, asValues } from "../plan";
import { holdsSecret, type Step, type Values } from "../preview";
import { join, list, say, type Words } from "../words";
import { listPublished } from "./publishing";

const secretsLabel = "glasshouse.secrets";

/** Properties that are told in words; of all others only the name is shown. */
const phrases: Readonly<Record<string, (step: Step) => Words>> = {
  image: () => ["its image is another one"],
  envs: ({ before, after }) => describeEnvironment(before, after),
  ports: ({ before, after }) => describePorts(before, after),
  labels: ({ before, after }) => describeLabels(before, after),
  mustRun: ({ after }) =>
    // One that we start ourselves: a stack that an earlier version deployed changes to that once.
    after?.["mustRun"] === false ? ["it is looked after"] : ["it is stopped on the host"],
  start: () => ["it is started as soon as its volumes can be written to"],
  command: ({ before, after }) => describeCommand(before, after),
  healthcheck: () => ["its health check changes"],
  tmpfs: () => ["its writable folders change"],
  mounts: () => ["its volumes change"],
  networksAdvanced: () => ["its network changes"],
  capabilities: () => ["its capabilities change"],
  readOnly: () => ["its root file system becomes writable or read-only"],
};

/** Why a container is replaced or changed, without any value that could be a secret. */
export function describeReasons(step: Step, isNetworkReplaced: boolean): Words {
  if (step.reasons.length === 0) {
    return isNetworkReplaced ? ["the network is recreated"] : ["what it depends on is recreated"];
  }
  const parts = step.reasons.map((reason) => {
    if (reason === "user") {
      return say`user ${asText(step.before?.["user"])} → ${asText(step.after?.["user"])}`;
    }
    return phrases[reason]?.(step) ?? say`${reason} changes`;
  });
  return join(parts, ", ");
}

/** A command may hold secrets, but for the part that this program writes itself. */
function describeCommand(before: Values | undefined, after: Values | undefined): Words {
  const was = findRetention(before);
  const now = findRetention(after);
  if (was === undefined || now === undefined || was === now) return ["its command changes"];
  return say`series are kept ${[was]} → ${[now]}`;
}

function findRetention(values: Values | undefined): string | undefined {
  const command = values?.["command"];
  if (!Array.isArray(command)) return undefined;
  const flags = command.map(String);
  const flag = flags.find((part) => part.startsWith("--storage.tsdb.retention.time="));
  return /=(\d+d)$/.exec(flag ?? "")?.[1];
}

/** Names only: values of an environment may be secrets that are not marked as such. */
function describeEnvironment(before: Values | undefined, after: Values | undefined): Words {
  const old = before?.["envs"];
  const young = after?.["envs"];
  if (holdsSecret(old) || holdsSecret(young) || !Array.isArray(old) || !Array.isArray(young)) {
    return ["its environment changes (it holds a secret, so neither names nor values are shown)"];
  }
  const was = readVariables(old.map(String));
  const now = readVariables(young.map(String));
  const changed = [...now].filter(([name, value]) => was.has(name) && was.get(name) !== value);
  const parts = [
    { verb: "changes", names: changed.map(([name]) => name) },
    { verb: "is new", names: [...now.keys()].filter((name) => !was.has(name)) },
    { verb: "goes", names: [...was.keys()].filter((name) => !now.has(name)) },
  ].filter(({ names }) => names.length > 0);
  if (parts.length === 0) return ["the order of its environment changes"];
  return say`environment: ${join(
    parts.map(({ verb, names }) => say`${list(names)} ${[verb]}`),
    ", ",
  )}`;
}

function describePorts(before: Values | undefined, after: Values | undefined): Words {
  const was = listPublished(before);
  const now = listPublished(after);
  if (now.length === 0) return ["it is no longer published"];
  if (was.length === 0) return say`published at ${list(now)}`;
  return say`published at ${list(was)} → ${list(now)}`;
}

function describeLabels(before: Values | undefined, after: Values | undefined): Words {
  const was = readLabels(before);
  const now = readLabels(after);
  const names = [...new Set([...was.keys(), ...now.keys()])].filter(
    (name) => was.get(name) !== now.get(name),
  );
  const others = names.filter((name) => name !== secretsLabel);
  const parts: Words[] = [
    ...(names.includes(secretsLabel) ? [["its secret files change"]] : []),
    ...(others.length > 0 ? [say`labels ${list(others)} change`] : []),
  ];
  return parts.length === 0 ? ["its labels change"] : join(parts, ", ");
}

function readLabels(values: Values | undefined): Map<string, string> {
  const labels = values?.["labels"];
  if (!Array.isArray(labels)) return new Map();
  return new Map(
    labels.map((entry: unknown) => {
      const { label, value } = asValues(entry);
      return [String(label), JSON.stringify(value)];
    }),
  );
}
