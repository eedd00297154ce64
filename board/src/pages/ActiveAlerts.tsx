import { findSuppression, type SuppressedAlert } from "../prometheus/alertmanager";
import type { Alert } from "../prometheus/answers";
import { renderAge } from "./renderAge";

/** In words: `2 firing (1 silenced), 0 pending`. */
export function countAlerts(
  alerts: readonly Alert[],
  suppressed: readonly SuppressedAlert[] = [],
): string {
  const firing = alerts.filter(({ state }) => state === "firing");
  const reasons = firing.map(({ labels }) => findSuppression(suppressed, labels));
  const notes = (["silenced", "inhibited"] as const).flatMap((reason) => {
    const count = reasons.filter((each) => each === reason).length;
    return count === 0 ? [] : [`${count} ${reason}`];
  });
  const note = notes.length === 0 ? "" : ` (${notes.join(", ")})`;
  return `${firing.length} firing${note}, ${alerts.length - firing.length} pending`;
}

interface ActiveAlertsProps {
  readonly alerts: readonly Alert[];
  readonly suppressed: readonly SuppressedAlert[] | undefined;
}

/** What fires and what is about to, each with what Alertmanager makes of it. */
export function ActiveAlerts({ alerts, suppressed }: ActiveAlertsProps) {
  const now = Date.now();
  return (
    <div className="scrolled" tabIndex={0} role="region" aria-label="Active alerts">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Alert</th>
            <th scope="col">Labels</th>
            <th scope="col">Since</th>
            <th scope="col" className="align-right">
              Value
            </th>
          </tr>
        </thead>
        <tbody>
          {alerts.map((alert) => {
            const { alertname, ...labels } = alert.labels;
            const suppression = findSuppression(suppressed ?? [], alert.labels);
            return (
              <tr key={JSON.stringify(alert.labels)}>
                <td>
                  <span className={`badge badge-${alert.state}`}>{alert.state}</span>
                  {suppression !== undefined && (
                    <span className="badge badge-silenced">{suppression}</span>
                  )}
                </td>
                <td>
                  <strong>{alertname}</strong>
                  <div className="secondary">
                    {alert.annotations["summary"] ?? alert.annotations["description"]}
                  </div>
                </td>
                <td>
                  {Object.entries(labels).map(([name, value]) => (
                    <span key={name} className="label">
                      {name}="{value}"
                    </span>
                  ))}
                </td>
                <td className="nowrap">{renderAge(alert.activeAt, now)}</td>
                <td className="align-right">{Number(Number(alert.value).toPrecision(6))}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
