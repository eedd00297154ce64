import type { ReceiverSettings } from "../settings/alertmanagerSettings";
import { renderDuration } from "../prometheus/renderDuration";

/** Labels of an alert that is sent to find out whether a receiver is told. */
export const testLabels = { receiver: "glasshouse_test_receiver", id: "glasshouse_test" } as const;

/** Alertmanager tries for as long as this to send a test, and tells that it is over this much later. */
export const testIntervalSeconds = 15;

/** Routes by which a test reaches one receiver at once, and nobody else. */
export function buildTestRoutes(receivers: readonly Pick<ReceiverSettings, "name">[]) {
  return receivers.map(({ name }) => ({
    receiver: name,
    matchers: [`${testLabels.receiver}="${name}"`],
    // Each test is a group of its own, so that none waits for the interval of the one before.
    group_by: ["..."],
    group_wait: "0s",
    group_interval: renderDuration(testIntervalSeconds),
  }));
}
