import type { AppSettings } from "../settings/appSettings";
import type { RelabelSettings } from "../settings/scrapeJobSettings";

/** @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#static_config */
export interface StaticConfig {
  readonly targets: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#dns_sd_config */
export interface DnsSdConfig {
  readonly names: readonly string[];
  readonly type: "A" | "AAAA" | "SRV";
  readonly port?: number;
  readonly refresh_interval: string;
}

/** @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config */
export interface RelabelConfig {
  readonly source_labels?: readonly string[];
  readonly separator?: string;
  readonly modulus?: number;
  readonly regex?: string;
  readonly replacement?: string;
  readonly target_label?: string;
  readonly action?: RelabelSettings["action"];
}

/** @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config */
export interface FileSdConfig {
  readonly files: readonly string[];
}

/** @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#tls_config */
export interface TlsConfig {
  readonly ca_file?: string;
  readonly cert_file?: string;
  readonly key_file?: string;
  readonly server_name?: string;
  readonly insecure_skip_verify?: boolean;
}

/** @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#docker_sd_config */
export interface DockerSdConfig {
  readonly host: string;
  readonly refresh_interval: string;
  readonly match_first_network: boolean;
}

/** @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#http_sd_config */
export interface HttpSdConfig {
  readonly url: string;
  readonly refresh_interval: string;
}

/** @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config */
export interface ScrapeJob {
  readonly job_name: string;
  readonly scrape_interval?: string;
  readonly scrape_timeout?: string;
  readonly scheme?: "http" | "https";
  readonly metrics_path?: string;
  readonly params?: Readonly<Record<string, readonly string[]>>;
  readonly honor_labels?: boolean;
  readonly basic_auth?: { readonly username: string; readonly password_file: string };
  readonly authorization?: { readonly credentials_file: string };
  readonly tls_config?: TlsConfig;
  readonly fallback_scrape_protocol?: AppSettings["fallbackScrapeProtocol"];
  readonly static_configs?: readonly StaticConfig[];
  readonly dns_sd_configs?: readonly DnsSdConfig[];
  readonly docker_sd_configs?: readonly DockerSdConfig[];
  readonly file_sd_configs?: readonly FileSdConfig[];
  readonly http_sd_configs?: readonly HttpSdConfig[];
  readonly relabel_configs?: readonly RelabelConfig[];
  readonly metric_relabel_configs?: readonly RelabelConfig[];
  readonly track_timestamps_staleness?: boolean;
}

/** @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#alertmanager_config */
export interface AlertingConfig {
  readonly alert_relabel_configs: readonly RelabelConfig[];
  readonly alertmanagers: readonly { readonly static_configs: readonly StaticConfig[] }[];
}

/** The parts of Prometheus' configuration that Glasshouse uses. */
export interface ScrapeConfig {
  readonly global: {
    readonly scrape_interval: string;
    readonly scrape_timeout: string;
    readonly evaluation_interval: string;
    readonly external_labels?: Readonly<Record<string, string>>;
    readonly body_size_limit: string;
    readonly sample_limit: number;
  };
  readonly alerting?: AlertingConfig;
  readonly rule_files: readonly string[];
  readonly scrape_configs: readonly ScrapeJob[];
}

/** A job with one target, which has the default path. */
export function buildStaticJob(jobName: string, target: string): ScrapeJob {
  return { job_name: jobName, static_configs: [{ targets: [target] }] };
}
