import type { Settings } from "../settings/settings";
import { buildRules, renderRules } from "./rules";
import { buildScrapeConfig, renderScrapeConfig, rulesFileName } from "./scrapeJobs";

/** The file that Prometheus is started with. */
const scrapeConfigFileName = "prometheus.yml";

export type PrometheusFiles = Readonly<
  Record<typeof scrapeConfigFileName | typeof rulesFileName, string>
>;

/**
 * The files of Prometheus' configuration folder, by name. Keep them in one folder: one names the
 * other.
 */
export function buildPrometheusFiles(settings: Settings, stackNetwork: string): PrometheusFiles {
  return {
    [scrapeConfigFileName]: renderScrapeConfig(buildScrapeConfig(settings, stackNetwork)),
    [rulesFileName]: renderRules(buildRules(settings, stackNetwork)),
  };
}
