import type { RelabelSettings, ScrapeJobSettings } from "../settings/scrapeJobSettings";
import type { Settings } from "../settings/settings";
import { renderDuration } from "./renderDuration";
import type { RelabelConfig, ScrapeJob } from "./scrapeConfig";
import { intervalUnlessGlobal } from "./scrapeInterval";

/** A file of a scrape job in Prometheus' configuration folder. */
export interface JobFile {
  /** Relative to `prometheus.yml`. */
  readonly path: string;
  /** Config key that holds the text, or a file of the project. */
  readonly from: { readonly secret: string } | { readonly source: string };
}

/** A secret that a scrape job names. */
interface JobSecret {
  /** Where it is in the job's settings. */
  readonly setting: string;
  readonly key: string;
  readonly path: string;
}

/** Where Prometheus finds the files that list a job's targets. */
export function targetsFolderOf({ name }: Pick<ScrapeJobSettings, "name">): string {
  return `/targets/${name}`;
}

/** The jobs that the stack file lists under `scrapeJobs`. */
export function buildExternalJobs(settings: Settings): ScrapeJob[] {
  return settings.scrapeJobs.map((job) => buildJob(job, settings));
}

/** The files that a job's log-in and certificates are in. */
export function listJobFiles(job: ScrapeJobSettings): JobFile[] {
  const { ca, certificate } = job.tls ?? {};
  return [
    ...listJobSecrets(job).map(({ path, key }) => ({ path, from: { secret: key } })),
    ...(ca === undefined ? [] : [{ path: filesOf(job).ca, from: { source: ca } }]),
    ...(certificate === undefined
      ? []
      : [{ path: filesOf(job).certificate, from: { source: certificate } }]),
  ];
}

export function listJobSecrets(job: ScrapeJobSettings): JobSecret[] {
  const { basicAuth, bearerToken, tls } = job;
  const files = filesOf(job);
  const secret = (setting: string, key: string | undefined, path: string) =>
    key === undefined ? [] : [{ setting, key, path }];
  return [
    ...secret("basicAuth.password", basicAuth?.password.config, files.password),
    ...secret("bearerToken", bearerToken?.config, files.token),
    ...secret("tls.key", tls?.key?.config, files.key),
  ];
}

/** The end of a name tells the kind, so that no two jobs share a file. */
function filesOf({ name }: Pick<ScrapeJobSettings, "name">) {
  const file = (kind: string) => `secrets/${name}.${kind}`;
  return {
    password: file("password"),
    token: file("token"),
    key: file("key"),
    ca: file("ca"),
    certificate: file("certificate"),
  } as const;
}

function buildJob(job: ScrapeJobSettings, { prometheus }: Settings): ScrapeJob {
  const { scrapeIntervalSeconds = prometheus.scrapeIntervalSeconds } = job;
  const relabelings = [
    ...Object.entries(job.labels).map(([label, value]) => ({
      target_label: label,
      // A `$` would stand for a part of what was matched.
      replacement: value.replaceAll("$", "$$$$"),
    })),
    ...job.relabel.map(buildRelabeling),
  ];
  return {
    job_name: job.name,
    ...intervalUnlessGlobal(scrapeIntervalSeconds, prometheus.scrapeIntervalSeconds),
    ...(job.scheme !== "http" && { scheme: job.scheme }),
    ...(job.metricsPath !== "/metrics" && { metrics_path: job.metricsPath }),
    ...(Object.keys(job.params).length > 0 && { params: job.params }),
    ...(job.honorLabels && { honor_labels: true }),
    fallback_scrape_protocol: job.fallbackScrapeProtocol,
    ...buildClient(job),
    ...findTargets(job),
    ...(relabelings.length > 0 && { relabel_configs: relabelings }),
    ...(job.metricRelabel.length > 0 && {
      metric_relabel_configs: job.metricRelabel.map(buildRelabeling),
    }),
  };
}

function buildClient(
  job: ScrapeJobSettings,
): Pick<ScrapeJob, "basic_auth" | "authorization" | "tls_config"> {
  const { basicAuth, bearerToken, tls } = job;
  const files = filesOf(job);
  return {
    ...(basicAuth && {
      basic_auth: { username: basicAuth.username, password_file: files.password },
    }),
    ...(bearerToken && { authorization: { credentials_file: files.token } }),
    ...(tls && {
      tls_config: {
        ...(tls.ca !== undefined && { ca_file: files.ca }),
        ...(tls.certificate !== undefined && { cert_file: files.certificate }),
        ...(tls.key && { key_file: files.key }),
        ...(tls.serverName !== undefined && { server_name: tls.serverName }),
        ...(tls.insecureSkipVerify && { insecure_skip_verify: true }),
      },
    }),
  };
}

function findTargets({
  name,
  targets,
  dns,
  targetsFolder,
}: ScrapeJobSettings): Pick<ScrapeJob, "static_configs" | "dns_sd_configs" | "file_sd_configs"> {
  return {
    ...(targets.length > 0 && { static_configs: [{ targets }] }),
    ...(dns && {
      dns_sd_configs: [
        {
          names: dns.names,
          type: dns.type,
          ...(dns.port !== undefined && { port: dns.port }),
          refresh_interval: renderDuration(dns.refreshSeconds),
        },
      ],
    }),
    ...(targetsFolder !== undefined && {
      file_sd_configs: [
        { files: ["json", "yml", "yaml"].map((kind) => `${targetsFolderOf({ name })}/*.${kind}`) },
      ],
    }),
  };
}

function buildRelabeling({
  sourceLabels,
  targetLabel,
  action,
  separator,
  regex,
  modulus,
  replacement,
}: RelabelSettings): RelabelConfig {
  return {
    ...(sourceLabels.length > 0 && { source_labels: sourceLabels }),
    ...(separator !== undefined && { separator }),
    ...(regex !== undefined && { regex }),
    ...(modulus !== undefined && { modulus }),
    ...(targetLabel !== undefined && { target_label: targetLabel }),
    ...(replacement !== undefined && { replacement }),
    ...(action !== "replace" && { action }),
  };
}
