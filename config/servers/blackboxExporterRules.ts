import { buildOwnAlert } from "../prometheus/ownAlert";
import { rateWindowSeconds } from "../prometheus/rateWindow";
import type { RuleGroup } from "../prometheus/ruleFile";
import { selectSeries } from "../prometheus/selectSeries";
import type { Settings } from "../settings/settings";

const secondsOfDay = 86_400;

/** Rules about the URLs that are probed. */
export function buildProbeRules(jobName: string, settings: Settings): RuleGroup {
  const { probeSlowSeconds, certificateDays, certificateSoonDays } =
    settings.prometheus.alerts.thresholds;
  const probe = (metric: string) => selectSeries(`probe_${metric}`, jobName);
  const slowest = Math.max(...settings.probes.map(({ intervalSeconds }) => intervalSeconds));
  const expiresWithin = (days: number) =>
    `${probe("ssl_earliest_cert_expiry")} - time() < ${days * secondsOfDay}`;
  const expiry = {
    alert: "ProbeCertificateExpires",
    lasts: 600,
    summary: "{{ $labels.probe }}: a certificate expires in {{ $value | humanizeDuration }}",
    description:
      "The one of its chain that expires first. From then on visitors are turned away; renew it, and look at what should have done so.",
  } as const;
  return {
    name: "probes",
    rules: [
      buildOwnAlert(settings, {
        alert: "ProbeFailing",
        expr: `${probe("success")} == 0`,
        severity: "critical",
        lasts: rateWindowSeconds(slowest),
        summary: "{{ $labels.probe }}: {{ $labels.instance }} does not answer as it should",
        description:
          "No answer in time, another status code, another body, or a certificate that is not trusted.",
      }),
      buildOwnAlert(settings, {
        alert: "ProbeSlow",
        expr: `avg_over_time(${probe("duration_seconds")}[10m]) > ${probeSlowSeconds} and ${probe("success")} == 1`,
        severity: "warning",
        lasts: 600,
        summary:
          "{{ $labels.probe }}: {{ $labels.instance }} takes {{ $value | humanizeDuration }}",
        description:
          "On average of ten minutes, the look-up of its name and TLS included; the dashboard Overview shows since when.",
      }),
      buildOwnAlert(settings, {
        ...expiry,
        expr: expiresWithin(certificateDays),
        severity: "warning",
      }),
      buildOwnAlert(settings, {
        ...expiry,
        expr: expiresWithin(certificateSoonDays),
        severity: "critical",
      }),
    ],
  };
}
