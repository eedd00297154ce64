/** What messages say that differs from stack to stack. */
export interface MessageOptions {
  /** What the stack is called: `glasshouse-dev`. */
  readonly stack: string;
  /** Address of the dashboards, without a slash at its end. */
  readonly dashboardsUrl: string;
  /** Address of the folder that `docs/alerts.md` is in, without a slash at its end; undefined to name the file alone. */
  readonly docsUrl: string | undefined;
}

/** Templates by the names that receivers call them. */
const messageTemplates = {
  title: "glasshouse.title",
  text: "glasshouse.text",
  /** For what takes a single line break for a space. */
  markdown: "glasshouse.markdown",
  severity: "glasshouse.severity",
  color: "glasshouse.color",
  dashboard: "glasshouse.dashboard",
  /** Of one alert. */
  dashboardOf: "glasshouse.dashboardOf",
} as const;

/** Calls a template. */
export function useTemplate(name: keyof typeof messageTemplates): string {
  return `{{ template "${messageTemplates[name]}" . }}`;
}

/** Alerts that a message tells of at length: what receivers take has limits, from 2000 characters on. */
const shownAlerts = 5;

/** Dashboards by what an alert's name starts with, the first that fits. */
const dashboards = [
  ["Host", "glasshouse-host"],
  ["Container", "glasshouse-containers"],
  ["Engine", "glasshouse-engine"],
  ["Swarm", "glasshouse-swarm"],
  ["Prometheus|Alertmanager|Exporter", "glasshouse-prometheus"],
] as const;

/** The worst severity of what fires, as `$worst`. */
const findWorst =
  '{{ $worst := "info" }}{{ range .Alerts.Firing }}' +
  '{{ if eq .Labels.severity "critical" }}{{ $worst = "critical" }}' +
  '{{ else if and (eq .Labels.severity "warning") (ne $worst "critical") }}{{ $worst = "warning" }}{{ end }}{{ end }}';

/**
 * The templates of all messages: what happened to which app, since when, against which threshold, where to look and what to do.
 *
 * @see https://prometheus.io/docs/alerting/latest/notifications/
 */
export function renderMessageTemplates(options: MessageOptions): string {
  const templates = {
    [messageTemplates.severity]: `${findWorst}{{ $worst }}`,
    [messageTemplates.color]:
      `${findWorst}{{ if eq .Status "resolved" }}good{{ else if eq $worst "critical" }}danger` +
      `{{ else if eq $worst "warning" }}warning{{ else }}#439fe0{{ end }}`,
    [messageTemplates.title]: renderTitle(options),
    [messageTemplates.dashboardOf]: renderDashboardLink(options),
    [messageTemplates.dashboard]: `{{ with index .Alerts 0 }}${useTemplate("dashboardOf")}{{ end }}`,
    [messageTemplates.text]: renderText(options, "\n"),
    [messageTemplates.markdown]: renderText(options, "\n\n"),
  };
  return Object.entries(templates)
    .map(([name, content]) => `{{ define "${name}" }}${content}{{ end }}\n`)
    .join("\n");
}

function renderTitle({ stack }: MessageOptions): string {
  const about = (alert: string, alerts: string) =>
    `{{ with ${alert} }}{{ ${shorten("Annotations.summary", 150)} }}{{ end }}` +
    `{{ if gt (len ${alerts}) 1 }} (and {{ len (slice ${alerts} 1) }} more){{ end }}`;
  const firing = ".Alerts.Firing";
  // The severity is the worst, and so is the alert that it stands before.
  const findFirst =
    `{{ $first := index ${firing} 0 }}{{ range ${firing} }}` +
    `{{ if and (eq .Labels.severity $worst) (ne $first.Labels.severity $worst) }}{{ $first = . }}{{ end }}{{ end }}`;
  return (
    `[${stack}] ${findWorst}{{ if eq .Status "resolved" }}Resolved: ${about("index .Alerts.Resolved 0", ".Alerts.Resolved")}` +
    `{{ else }}${findFirst}{{ $worst | title }}: ${about("$first", firing)}{{ end }}`
  );
}

function renderText(options: MessageOptions, lineBreak: string): string {
  const line = (text: string) => text + lineBreak;
  const optional = (field: string, text: string) =>
    `{{ with .Annotations.${field} }}${line(text)}{{ end }}`;
  const docs = options.docsUrl === undefined ? "" : `${options.docsUrl}/`;
  const alert =
    line(`{{ .Labels.severity | title }}: {{ ${shorten("Annotations.summary", 200)} }}`) +
    optional("description", '{{ printf "%.250s" . }}') +
    optional("threshold", "Threshold: {{ . }}") +
    `{{ with .Labels.app }}${line("App: {{ . }}")}{{ end }}` +
    line(`Since: ${renderTime("StartsAt")}`) +
    line(`Dashboard: ${useTemplate("dashboardOf")}`) +
    optional("runbook_url", `What to do: ${docs}{{ . }}`);
  const resolved = line(
    `Resolved: {{ ${shorten("Annotations.summary", 200)} }}, from ${renderTime("StartsAt")} to ${renderTime("EndsAt")}`,
  );
  return (
    findWorst +
    renderList(".Alerts.Firing", `${alert}${lineBreak === "\n" ? "\n" : ""}`, line) +
    // Of what is over, none is worse.
    '{{ $worst = "" }}' +
    renderList(".Alerts.Resolved", resolved, line)
  );
}

/** The first few alerts, those of the worst severity before others, and how many more there are. */
function renderList(alerts: string, each: string, line: (text: string) => string): string {
  return (
    // A template cannot count, but it can measure.
    `{{ $told := "" }}{{ range $isWorst := stringSlice "true" "false" }}{{ range $alert := $${alerts} }}` +
    `{{ if and (eq (printf "%t" (eq .Labels.severity $worst)) $isWorst) (lt (len $told) ${shownAlerts}) }}` +
    `{{ $told = printf "%s." $told }}${each}{{ end }}{{ end }}{{ end }}` +
    `{{ if gt (len ${alerts}) ${shownAlerts} }}${line(`and {{ len (slice ${alerts} ${shownAlerts}) }} more`)}{{ end }}`
  );
}

function renderDashboardLink({ dashboardsUrl }: MessageOptions): string {
  const choices = dashboards.map(
    ([start, uid], index) =>
      `{{ ${index === 0 ? "if" : "else if"} match "^(${start})" .Labels.alertname }}${uid}`,
  );
  return `${dashboardsUrl}/d/${choices.join("")}{{ else if .Labels.app }}glasshouse{{ else }}glasshouse-overview{{ end }}`;
}

function renderTime(field: string): string {
  return `{{ .${field}.UTC.Format "2006-01-02 15:04 MST" }}`;
}

/** A rule's author may have written, or measured, any length. */
function shorten(field: string, characters: number): string {
  return `printf "%.${characters}s" .${field}`;
}
