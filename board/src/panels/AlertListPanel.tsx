import { useEffect, useState } from "react";
import { type Alert, isFault } from "../prometheus/answers";
import { readApi } from "../prometheus/api";
import type { PanelProps } from "./panelProps";

interface AlertListOptions {
  readonly maxItems?: number;
  readonly stateFilter?: { readonly firing?: boolean; readonly pending?: boolean };
}

/** Prometheus' alerts, firing ones first. */
export default function AlertListPanel({ panel, range, width, height }: PanelProps) {
  const { maxItems = 20, stateFilter } = (panel.options ?? {}) as AlertListOptions;
  const [alerts, setAlerts] = useState<readonly Alert[]>();
  useEffect(() => {
    const controller = new AbortController();
    readApi<{ alerts: readonly Alert[] }>("alerts", {}, controller.signal).then(
      (answer) => setAlerts(answer.alerts.filter(isFault)),
      () => undefined,
    );
    return () => controller.abort();
  }, [range]);
  if (alerts === undefined) {
    return null;
  }
  const shown = alerts
    .filter(
      ({ state }) => (state === "firing" ? stateFilter?.firing : stateFilter?.pending) ?? true,
    )
    .sort((a, b) => a.state.localeCompare(b.state));
  if (shown.length === 0) {
    return <p className="panel-note">No alert is active</p>;
  }
  return (
    <div
      className="scrolled"
      style={{ width, height }}
      tabIndex={0}
      role="region"
      aria-label="Alerts"
    >
      <ul className="alert-list">
        {shown.slice(0, maxItems).map((alert) => (
          <li key={JSON.stringify(alert.labels)}>
            <span className={`badge badge-${alert.state}`}>{alert.state}</span>
            <strong>{alert.labels["alertname"]}</strong> {alert.annotations["summary"]}
          </li>
        ))}
      </ul>
    </div>
  );
}
