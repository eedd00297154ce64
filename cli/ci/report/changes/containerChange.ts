import type { Change } from "../plan";
import { asValues } from "../plan";
import type { Step } from "../preview";
import { count, join, list, say, type Words } from "../words";
import { describeReasons } from "./containerReasons";
import { findWidened } from "./publishing";

/** What happens to containers that stay wanted: replaced, recreated, changed in place. */
export function describeContainers(
  subject: string,
  containers: readonly Step[],
  isNetworkReplaced: boolean,
): Change[] {
  const gone = containers.filter(({ operation, isKnown }) => operation === "create" && isKnown);
  const differing = containers.filter(({ operation }) => ["replace", "update"].includes(operation));
  return [
    ...(gone.length === 0
      ? []
      : [
          {
            subject,
            words: say`${list(gone.map(({ name }) => name))} ${[gone.length === 1 ? "is" : "are"]} gone from the host: recreated`,
          },
        ]),
    ...groupByReason(differing, isNetworkReplaced).map(({ steps, reason }) => ({
      subject,
      words: say`${describeOperation(steps)}: ${reason}`,
    })),
    ...findPublishingRisk(subject, containers),
  ];
}

/** Limits that change in running containers, without a new one. */
export function describeLimits(subject: string, readiness: readonly Step[]): Change[] {
  return readiness.flatMap(({ operation, before, after }) => {
    if (operation !== "update" || before === undefined || after === undefined) return [];
    const parts = [
      ["memoryMb", "memory", " MiB"],
      ["cpus", "CPU limit", " cores"],
      ["pids", "processes", ""],
      ["alias", "network alias", ""],
      ["timeoutSeconds", "start timeout", " s"],
    ].flatMap(([key = "", noun = "", unit = ""]) =>
      before[key] === after[key]
        ? []
        : [say`${[noun]} ${[String(before[key])]} → ${[String(after[key]) + unit]}`],
    );
    if (parts.length === 0) return [];
    return [{ subject, words: say`${join(parts, ", ")}, while its containers run on` }];
  });
}

/** What was changed by hand in running containers, as far as the refresh found it. */
export function describeDrift(subject: string, readiness: readonly Step[]): Change[] {
  return readiness.flatMap(({ found }) =>
    Object.entries(asValues(found["drift"])).map(([name, words]) => ({
      subject,
      words: say`${name} ${String(words)}: corrected`,
    })),
  );
}

function describeOperation(steps: readonly Step[]): Words {
  const verb = steps[0]?.operation === "replace" ? "replaced" : "changed in place";
  return say`${count(steps.length, "container")} ${[verb]}`;
}

/** Replicas change for the same reason as a rule: one line for all of them. */
function groupByReason(
  steps: readonly Step[],
  isNetworkReplaced: boolean,
): { steps: Step[]; reason: Words }[] {
  const groups = new Map<string, { steps: Step[]; reason: Words }>();
  for (const step of steps) {
    // Each replica has a port of its own, which is told below.
    const reason = describeReasons(step, isNetworkReplaced);
    const key = `${step.operation} ${step.reasons.join(" ")}`;
    const group = groups.get(key) ?? { steps: [], reason };
    group.steps.push(step);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function findPublishingRisk(subject: string, containers: readonly Step[]): Change[] {
  const widened = containers.flatMap(({ operation, before, after }) =>
    operation === "same" || operation === "delete" ? [] : findWidened(before, after),
  );
  if (widened.length === 0) return [];
  return [
    {
      subject,
      words: say`published beyond loopback at ${list(widened)}: other machines reach it, without encryption`,
      risk: "published beyond loopback",
    },
  ];
}
