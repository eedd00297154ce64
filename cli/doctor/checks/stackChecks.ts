import { typeToken } from "../../../resources/types";
import type { Commands } from "../commands";
import type { Facts, PlanNow } from "../facts";
import { type Finding, type Note, type Row, weights } from "../report";
import { isSettingChanged } from "./engineChecks";
import { listSome } from "./listSome";

/** Whether the stack is deployed, and no run on it is unfinished. */
export function checkStack(
  { stack, state, locks, lastUpdate }: Facts,
  { up, doctor }: Commands,
): Row[] {
  const subject = "stack";
  const found = (problem: string, fix: string): Finding => ({
    subject,
    problem,
    fix,
    weight: weights.stack,
  });
  if ("problem" in state) {
    return [{ subject, detail: "", findings: [found(state.problem, up)] }];
  }
  const findings = locks.map(({ pid, hostname, isDead }) =>
    isDead
      ? found(`a killed run (process ${pid}) left its lock behind`, `${up}   (removes it)`)
      : found(
          `another Pulumi works on it right now (process ${pid} on ${hostname}), so the findings below may be temporary`,
          `wait until it is done, then ${doctor}`,
        ),
  );
  const { pendingOperations, isEmpty } = state.value;
  if (pendingOperations.length > 0) {
    findings.push(
      found(`a run was interrupted while it worked on ${listSome(pendingOperations)}`, up),
    );
  }
  if (isEmpty) {
    findings.push(found("nothing is deployed", up));
  } else if (lastUpdate?.result === "failed") {
    findings.push(found(`its last ${lastUpdate.kind} failed`, `${up}   (shows why)`));
  }
  const detail = lastUpdate
    ? `${stack}, last ${lastUpdate.kind} ${lastUpdate.result}`
    : `${stack}, no unfinished update`;
  return [{ subject, detail, findings }];
}

/** Whether what was deployed is what the stack file and the apps' folders say today. */
export function checkSettings(facts: Facts, { up }: Commands): Row[] {
  const { stack, plan } = facts;
  if (plan === undefined) return [];
  const subject = "settings";
  const file = `Pulumi.${stack}.yaml`;
  const row = (problem: string, fix: string): Row[] => [
    { subject, detail: "", findings: [{ subject, problem, fix, weight: weights.settings }] },
  ];
  if ("problem" in plan) {
    return row(
      `a preview of ${file} fails: ${plan.problem}`,
      "correct what it names; what was deployed before keeps running",
    );
  }
  const changes = plan.value.changes.filter(({ type }) => !isFoundByEngineCheck(facts, type));
  if (changes.length === 0) return [{ subject, detail: `deployed as ${file} says`, findings: [] }];
  return row(
    `${file} or an app's folder has changed since it was deployed: ${renderChanges(changes)}`,
    `${up}   (pulumi preview --diff --stack ${stack} shows it)`,
  );
}

/** The plan reads daemon.json itself: what was changed there is no change of the settings. */
function isFoundByEngineCheck({ state, metrics }: Facts, type: string): boolean {
  const setting = "value" in state ? state.value.metricsSetting : undefined;
  return (
    type === typeToken("DaemonSettings") &&
    setting !== undefined &&
    metrics !== undefined &&
    "value" in metrics &&
    (isSettingChanged(metrics.value, setting) || metrics.value.problem !== undefined)
  );
}

function renderChanges(changes: PlanNow["changes"]): string {
  const operations = [...new Set(changes.map(({ operation }) => operation))].sort();
  return operations
    .map((operation) => {
      const names = changes
        .filter((change) => change.operation === operation)
        .map(({ resource }) => resource);
      return `${operation} ${listSome(names)}`;
    })
    .join("; ");
}

/** Why there is no Grafana, which is no fault. */
export function findGrafanaNotes({ state, plan }: Facts): Note[] {
  if ("problem" in state || state.value.isEmpty || state.value.hasGrafana) return [];
  const settings = plan && "value" in plan ? plan.value.grafana : undefined;
  const reason =
    settings?.deploy === "never"
      ? "glasshouse:grafana says deploy: never"
      : settings?.deploy === "ifImagePresent"
        ? `the engine does not hold ${settings.image} (docker load -i …, then npm run up)`
        : "the last update left it out";
  return [{ subject: "grafana", text: `not deployed: ${reason}` }];
}
