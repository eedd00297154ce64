import { listSome } from "./listSome";
import type { Commands } from "../commands";
import type { HostNow, PrometheusNow } from "../facts";
import { type Finding, type Note, type Row, weights } from "../report";
import type { StackState } from "../stackState";

type NodeNow = HostNow["nodes"][number];

/** Each node of the Swarm: whether it answers, and takes replicas. */
export function checkNodes({ nodes }: Pick<HostNow, "nodes">, commands: Commands): Row[] {
  return nodes.map((node) => {
    const subject = `node ${node.name}`;
    const found = findProblem(node, commands);
    const findings = found ? [{ subject, weight: weights.node, ...found }] : [];
    return { subject, detail: "ready, and takes replicas", findings };
  });
}

function findProblem(
  { name, isReady, availability }: NodeNow,
  { docker }: Commands,
): Pick<Finding, "problem" | "fix"> | undefined {
  if (!isReady) {
    return {
      problem: "does not answer the Swarm's managers",
      fix: `start it and its engine; if it is gone for good: ${docker} node rm --force ${name}`,
    };
  }
  if (availability === "active") return undefined;
  const isDrained = availability === "drain";
  return {
    problem: isDrained
      ? "is drained: its replicas were moved away, and it takes none"
      : "is paused: it keeps its replicas, and takes no others",
    fix: `${docker} node update --availability active ${name}`,
  };
}

/** An engine that does not publish its metrics is no fault: where Glasshouse does not manage it, that is its owner's choice. */
export function findEngineNotes(
  { metricsAddress }: Pick<StackState, "metricsAddress">,
  { enginesWithoutMetrics }: Pick<PrometheusNow, "enginesWithoutMetrics">,
): Note[] {
  if (metricsAddress === undefined || enginesWithoutMetrics.length === 0) return [];
  const text =
    "these engines do not publish their metrics. To have them measured, list these nodes in `swarm.nodes` by ssh:// " +
    "(with `engineMetrics.mode: managed`), or set " +
    `"metrics-addr": "${metricsAddress}" in their daemon.json, and restart their engines`;
  return [{ subject: listSome(enginesWithoutMetrics), text }];
}
