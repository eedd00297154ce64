import { buildOwnAlert } from "../prometheus/ownAlert";
import type { RuleGroup } from "../prometheus/ruleFile";
import { selectSeries } from "../prometheus/selectSeries";
import type { Settings } from "../settings/settings";

/** Rules about a Swarm as its managers know it: everybody's services, not only those of the stack. */
export function buildSwarmRules(jobName: string, settings: Settings): RuleGroup {
  const { containerRestarts } = settings.prometheus.alerts.thresholds;
  const swarm = (metric: string) => selectSeries(`glasshouse_swarm_${metric}`, jobName);
  const managers = `count(${swarm("manager_reachable")})`;
  const reachable = `sum(${swarm("manager_reachable")})`;
  const failures = `increase(${swarm("service_failures_total")}[10m])`;
  return {
    name: "swarm",
    rules: [
      buildOwnAlert(settings, {
        alert: "SwarmNodeDown",
        expr: `${swarm("node_ready")} == 0`,
        severity: "warning",
        summary: "The node {{ $labels.node }} does not answer the Swarm's managers",
        description:
          "Its replicas were started on other nodes, where there is room. If it is gone for good: `docker node rm`.",
      }),
      buildOwnAlert(settings, {
        alert: "SwarmQuorumAtRisk",
        // Half of them, rounded down, may be away.
        expr: `${reachable} < ${managers} and ${reachable} <= floor(${managers} / 2) + 1`,
        severity: "critical",
        summary:
          "{{ $value }} managers of the Swarm are left; without one more, nothing can change",
        description:
          "Bring back the managers that are away, or replace them: `docker node demote` and `docker node rm`, then join new ones.",
      }),
      buildOwnAlert(settings, {
        alert: "SwarmQuorumLost",
        expr: `${swarm("up")} == 0`,
        severity: "critical",
        summary: "The Swarm has no leader",
        description:
          "What runs goes on, but nothing is started, moved or changed. Bring back managers; if they are lost: `docker swarm init --force-new-cluster`.",
      }),
      buildOwnAlert(settings, {
        alert: "SwarmServiceIncomplete",
        expr: `${swarm("service_tasks_running")} < ${swarm("service_tasks_desired")}`,
        severity: "warning",
        // A replica that moves to another node may have to fetch its image.
        lasts: 300,
        summary: "{{ $labels.service }}: {{ $value }} replicas run, which are too few",
        description:
          "`docker service ps --no-trunc` tells of each that does not: its error, or what it waits for.",
      }),
      buildOwnAlert(settings, {
        alert: "SwarmTasksFailing",
        expr: `${failures} > ${containerRestarts}`,
        severity: "critical",
        lasts: "event",
        summary: "Replicas of {{ $labels.service }} end again and again",
        description:
          '{{ printf "%.0f" $value }} failed within ten minutes; `docker service logs` and `docker service ps` have the reason.',
        threshold: `more than ${containerRestarts} failures in ten minutes`,
      }),
    ],
  };
}
