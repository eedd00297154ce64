import { checkReceivers, findEndedSilences, findUnroutedAlerts } from "./checks/alertmanagerChecks";
import { checkContainers } from "./checks/containerChecks";
import { findDiscoveryNotes } from "./checks/discoveryNotes";
import { checkEngine } from "./checks/engineChecks";
import { checkFiles, checkRunningConfig } from "./checks/fileChecks";
import { findHealthCheckNotes } from "./checks/healthCheckNotes";
import { checkLeftovers } from "./checks/leftoverChecks";
import { checkNetworks, checkVolumes, findForeignMembers } from "./checks/networkAndVolumeChecks";
import { checkNodes, findEngineNotes } from "./checks/nodeChecks";
import { checkServices } from "./checks/serviceChecks";
import { checkSettings, checkStack, findGrafanaNotes } from "./checks/stackChecks";
import { checkTargets } from "./checks/targetChecks";
import { buildCommands } from "./commands";
import type { Facts } from "./facts";
import type { Report } from "./report";

/** Judges what was read: facts in, report out. */
export function diagnose(facts: Facts): Report {
  const { stack, state, host, prometheus, alertmanager } = facts;
  const commands = buildCommands(facts);
  const rows = [...checkEngine(facts, commands), ...checkStack(facts, commands)];
  if (host === undefined || "problem" in state) {
    return { stack, rows, notes: findGrafanaNotes(facts) };
  }
  const deployed = state.value;
  return {
    stack,
    rows: [
      ...rows,
      ...checkSettings(facts, commands),
      ...checkNetworks(deployed, host, commands),
      ...checkVolumes(deployed, host, commands),
      ...checkContainers(deployed, host, commands),
      ...checkNodes(host, commands),
      ...checkServices(deployed, host, commands),
      ...checkFiles(deployed, host, commands),
      ...(prometheus
        ? [
            ...checkRunningConfig(deployed, prometheus, commands),
            ...checkTargets(deployed, host, prometheus, commands),
          ]
        : []),
      ...(alertmanager ? checkReceivers(stack, alertmanager, commands) : []),
      ...checkLeftovers(deployed, host, commands),
    ],
    notes: [
      ...findGrafanaNotes(facts),
      ...findHealthCheckNotes(deployed, host),
      ...findDiscoveryNotes(deployed, host),
      ...(prometheus ? findEngineNotes(deployed, prometheus) : []),
      ...(alertmanager
        ? [...findEndedSilences(alertmanager), ...findUnroutedAlerts(alertmanager)]
        : []),
      ...findForeignMembers(deployed, host, stack, commands),
    ],
  };
}
