import type { Deployed } from "../openDeployed";
import { openDeployed } from "../openDeployed";
import { SetupError } from "../setupError";
import type { AlertmanagerPlace } from "./askAlertmanager";

export interface OpenedAlertmanager extends Deployed {
  readonly alertmanager: AlertmanagerPlace;
}

/**
 * @param stackWanted default: the stack that is selected
 * @throws SetupError when the stack, or its Alertmanager, is not deployed
 */
export async function openAlertmanager(
  stackWanted: string | undefined,
): Promise<OpenedAlertmanager> {
  const deployed = await openDeployed(stackWanted);
  const alertmanager = locateAlertmanager(deployed);
  if (alertmanager !== undefined) return { ...deployed, alertmanager };
  throw new SetupError(
    `The stack ${deployed.stack} has no Alertmanager, so nobody is told of alerts: ` +
      "`alertmanager.receivers` in its stack file says who is; see docs/alerting.md.",
  );
}

/** Where a stack's Alertmanager is; undefined for a stack without one. */
export function locateAlertmanager({
  stack,
  dockerHost,
  outputs,
}: Deployed): AlertmanagerPlace | undefined {
  const { alertmanagerUrl: url } = outputs;
  if (url === undefined) return undefined;
  return { url, dockerHost, container: `glasshouse-${stack}-alertmanager` };
}
