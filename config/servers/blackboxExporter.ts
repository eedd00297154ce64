import { readFileSync } from "node:fs";
import type { ProbeSettings } from "../settings/probeSettings";
import { renderDuration } from "../prometheus/renderDuration";
import { renderYaml } from "../prometheus/renderYaml";
import type { ScrapeJob } from "../prometheus/scrapeConfig";
import type { Settings } from "../settings/settings";
import { buildProbeRules } from "./blackboxExporterRules";
import type { Server, Workload } from "./server";
import { askInside } from "./askInside";

const name = "blackbox-exporter";
const port = 9115;

/** Job of all probes; each has the label `probe`. */
export const probesJobName = "probes";

const folder = "/etc/blackbox_exporter";

/** Asks URLs as a visitor would, and tells how they answered. It sees nothing of the host. */
export const blackboxExporter = {
  name,
  title: "blackbox-exporter",
  componentType: "glasshouse:server:Server",
  settingsPath: ["exporters", "blackbox"],
  read: ({ exporters, probes }) => (probes.length > 0 ? exporters.blackbox : undefined),
  port,
  readyPath: "/-/healthy",
  volumes: [{ role: "config", holdsData: false }],
  buildWorkload,
  jobs: ({ probes }) =>
    probes.length > 0 ? [{ job: buildJob(probes), targets: probes.length }] : [],
  ruleGroups: (settings) =>
    settings.probes.length > 0 ? [buildProbeRules(probesJobName, settings)] : [],
} as const satisfies Server;

function buildJob(probes: readonly ProbeSettings[]): ScrapeJob {
  return {
    job_name: probesJobName,
    metrics_path: "/probe",
    static_configs: probes.map((probe) => ({
      targets: [probe.url],
      labels: {
        ...probe.labels,
        probe: probe.name,
        __param_module: probe.name,
        __scrape_interval__: renderDuration(probe.intervalSeconds),
        // A second for the way to the exporter and back.
        __scrape_timeout__: renderDuration(probe.timeoutSeconds + 1),
      },
    })),
    relabel_configs: [
      { source_labels: ["__address__"], target_label: "__param_target" },
      { source_labels: ["__address__"], target_label: "instance" },
      { target_label: "__address__", replacement: `${name}:${port}` },
    ],
  };
}

function buildWorkload({ probes }: Settings): Workload {
  return {
    user: "65534:65534",
    command: [`--config.file=${folder}/config.yml`, "--log.level=warn"],
    healthCommand: askInside(port, "/-/healthy"),
    configuration: {
      folder,
      files: {
        "config.yml": renderYaml({
          modules: Object.fromEntries(probes.map((probe) => [probe.name, buildModule(probe)])),
        }),
        ...Object.fromEntries(
          probes.flatMap((probe) =>
            probe.ca === undefined ? [] : [[caFileOf(probe), readFileSync(probe.ca, "utf8")]],
          ),
        ),
      },
      check: ["blackbox_exporter", "--config.file=config.yml", "--config.check"],
    },
    pids: 50,
  };
}

/** @see https://github.com/prometheus/blackbox_exporter/blob/master/CONFIGURATION.md */
function buildModule(probe: ProbeSettings) {
  const { url, timeoutSeconds, statusCodes, bodyMatches, followRedirects } = probe;
  const trust = {
    ...(probe.ca !== undefined && { ca_file: `${folder}/${caFileOf(probe)}` }),
    ...(probe.insecureSkipVerify && { insecure_skip_verify: true }),
  };
  return {
    prober: "http",
    timeout: renderDuration(timeoutSeconds),
    http: {
      preferred_ip_protocol: "ip4",
      follow_redirects: followRedirects,
      ...(url.startsWith("https:") && { fail_if_not_ssl: true }),
      ...(statusCodes.length > 0 && { valid_status_codes: statusCodes }),
      ...(bodyMatches !== undefined && { fail_if_body_not_matches_regexp: [bodyMatches] }),
      ...(Object.keys(trust).length > 0 && { tls_config: trust }),
    },
  };
}

function caFileOf({ name: probe }: ProbeSettings): string {
  return `${probe}.ca`;
}
