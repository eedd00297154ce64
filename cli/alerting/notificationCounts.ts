import { type AlertmanagerPlace, askAlertmanager } from "./askAlertmanager";

/** What became of messages that a receiver was sent, by integration: `slack`, `email`. */
export interface NotificationCounts {
  readonly requests: ReadonlyMap<string, number>;
  readonly refused: ReadonlyMap<string, number>;
  /** Messages that were given up, after several requests or at once. */
  readonly failed: ReadonlyMap<string, number>;
}

/** What Alertmanager has counted for a receiver since its start. */
export async function readNotificationCounts(
  place: AlertmanagerPlace,
  receiver: string,
): Promise<NotificationCounts> {
  const metrics = await askAlertmanager(place, "/metrics");
  const own = metrics.split("\n").filter((line) => line.includes(`receiver_name="${receiver}"`));
  const count = (metric: string) => {
    const counts = new Map<string, number>();
    for (const line of own) {
      const [, labels = "", value] =
        new RegExp(`^alertmanager_${metric}\\{(.*)\\} (\\S+)$`).exec(line) ?? [];
      const integration = /(?:^|,)integration="([^"]*)"/.exec(labels)?.[1];
      // One series for each reason to give up.
      if (integration !== undefined) {
        counts.set(integration, (counts.get(integration) ?? 0) + Number(value));
      }
    }
    return counts;
  };
  return {
    requests: count("notification_requests_total"),
    refused: count("notification_requests_failed_total"),
    failed: count("notifications_failed_total"),
  };
}
