import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import type { PanelSettings } from "../settings/panelSettings";
import { graphPanel } from "./panels/graphPanel";
import { numberPanel } from "./panels/numberPanel";
import type { PanelQuery } from "./panels/panelQuery";
import { readyPanels } from "./readyPanels";
import type { ScrapedJob } from "./scrapedJob";

/**
 * A panel as a stack file describes it. `checkPanels` has made sure of a title and a query.
 *
 * @param source where it is from, for a panel without a description
 */
export function buildOwnPanel(panel: PanelSettings, job: ScrapedJob, source: string): Panel {
  const { use, title = "", unit, kind, colors } = panel;
  if (use !== undefined) return readyPanels[use](job);
  const description = panel.description === "" ? source : panel.description;
  const query = fillIn({ query: panel.query ?? "", legend: panel.legend }, job);
  if (kind === "number") return numberPanel({ title, description, unit, query });
  const queries = [query, ...panel.queries.map((each) => fillIn(each, job))];
  return graphPanel({ title, description, unit, queries, colors });
}

/** A dashboard without variables for these: each of its queries also runs outside Grafana. */
function fillIn({ query, legend }: PanelQuery, { jobName, rateWindow }: ScrapedJob): PanelQuery {
  return {
    query: query.replace(/\$job\b/g, jobName).replace(/\$__rate_interval\b/g, rateWindow),
    legend,
  };
}
