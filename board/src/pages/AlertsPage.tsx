import { Icon } from "@grafana/ui";
import { useCallback } from "react";
import { renderAddress } from "../address/address";
import { useAddress } from "../address/useAddress";
import { Link } from "../frame/Link";
import { Notice } from "../frame/Notice";
import { readSuppressed, type SuppressedAlert } from "../prometheus/alertmanager";
import { isFault, type Rule, type Rules } from "../prometheus/answers";
import { readApi } from "../prometheus/api";
import { ActiveAlerts, countAlerts } from "./ActiveAlerts";
import { PageHeading } from "./PageHeading";
import { renderSpan } from "./renderAge";
import { useReading } from "./useReading";

const refreshSeconds = 5;

interface AlertsData {
  readonly rules: Rules;
  /** Undefined where Alertmanager is not deployed or does not answer. */
  readonly suppressed: readonly SuppressedAlert[] | undefined;
}

export default function AlertsPage({ hasAlertmanager }: { readonly hasAlertmanager: boolean }) {
  const read = useCallback(
    async (signal: AbortSignal): Promise<AlertsData> => {
      const [rules, suppressed] = await Promise.all([
        readApi<Rules>("rules", {}, signal),
        hasAlertmanager ? readSuppressed(signal).catch(() => undefined) : undefined,
      ]);
      return { rules, suppressed };
    },
    [hasAlertmanager],
  );
  const { data, error } = useReading(read, refreshSeconds);
  const rules = (data?.rules.groups ?? []).flatMap((group) =>
    group.rules
      .filter(({ type }) => type === "alerting")
      .map((rule) => ({ rule, group: group.name })),
  );
  rules.sort((a, b) => rankOf(a.rule) - rankOf(b.rule));
  const alerts = rules
    .flatMap(({ rule }) => rule.alerts ?? [])
    .filter(isFault)
    .sort(
      (a, b) =>
        a.state.localeCompare(b.state) || (a.activeAt ?? "").localeCompare(b.activeAt ?? ""),
    );
  return (
    <>
      <PageHeading
        title="Alerts"
        text={
          data === undefined
            ? "What Prometheus watches."
            : `${countAlerts(alerts, data.suppressed)}, ${rules.length} rules.`
        }
      />
      {error !== undefined && <Notice text={error} isError />}
      {data === undefined && error === undefined && <Notice text="Loading…" />}
      {data !== undefined && (
        <>
          {hasAlertmanager && data.suppressed === undefined && (
            <Notice
              text="Alertmanager does not answer: whether an alert is silenced is unknown."
              isError
            />
          )}
          <section className="card" aria-labelledby="active">
            <h2 id="active">Active</h2>
            {alerts.length === 0 ? (
              <p>Nothing fires and nothing is pending.</p>
            ) : (
              <ActiveAlerts alerts={alerts} suppressed={data.suppressed} />
            )}
          </section>
          <section className="card" aria-labelledby="rules">
            <h2 id="rules">Rules</h2>
            {rules.length === 0 && <p>This stack has no alert rules.</p>}
            {rules.map(({ rule, group }) => (
              <RuleView key={`${group}/${rule.name}/${rule.query}`} rule={rule} group={group} />
            ))}
          </section>
        </>
      )}
    </>
  );
}

/** What fires first, and what is about to; among equals, the order of the rules. */
function rankOf({ state = "inactive" }: Rule): number {
  return ["firing", "pending", "inactive"].indexOf(state);
}

function RuleView({ rule, group }: { readonly rule: Rule; readonly group: string }) {
  const { theme } = useAddress();
  const { name, query, duration = 0, state = "inactive", annotations = {}, lastError } = rule;
  const labels = Object.entries(rule.labels ?? {});
  return (
    <details className="rule">
      <summary>
        <span className={`badge badge-${state}`}>{state}</span>
        <strong>{name}</strong>
        <span className="secondary">
          {group}
          {duration > 0 && `, after ${renderSpan(duration)}`}
        </span>
        {labels.map(([label, value]) => (
          <span key={label} className="label">
            {label}="{value}"
          </span>
        ))}
      </summary>
      {Object.entries(annotations).map(([key, text]) => (
        <p key={key}>
          <span className="secondary">{key}: </span>
          {text}
        </p>
      ))}
      <pre className="code">{query}</pre>
      <Link className="pill" href={renderAddress({ page: "query", queries: [query], theme })}>
        <Icon name="compass" size="sm" />
        Open the query
      </Link>
      {lastError !== undefined && lastError !== "" && (
        <p className="panel-error" role="alert">
          {lastError}
        </p>
      )}
    </details>
  );
}
