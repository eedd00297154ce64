import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { dockerApi, isSwarmWatched } from "../servers/dockerApi";
import type { Settings } from "../settings/settings";
import { buildAppDashboards } from "./dashboards/app";
import { buildAppsDashboard } from "./dashboards/apps";
import { buildContainersDashboard } from "./dashboards/containers";
import { buildEngineDashboard } from "./dashboards/engine";
import { buildHostDashboard } from "./dashboards/host";
import { buildOverviewDashboard } from "./dashboards/overview";
import { buildPrometheusDashboard } from "./dashboards/prometheus";
import { buildSwarmDashboard } from "./dashboards/swarm";
import { renderDashboard } from "./frameDashboard";

/** A dashboard, as Grafana and the dashboards page are given it. */
export interface ListedDashboard {
  readonly uid: string;
  readonly title: string;
  readonly tags: readonly string[];
  /** Name of its file. */
  readonly file: string;
  /** Text of its file. */
  readonly json: string;
}

/**
 * The dashboards of a stack, in the order of a tour, then one for each app; none about what is not measured.
 *
 * @param prefix starts the names of the stack's containers
 */
export function buildDashboards(settings: Settings, prefix: string): Dashboard[] {
  const { exporters, engineMetrics } = settings;
  return [
    buildOverviewDashboard(settings),
    buildAppsDashboard(settings),
    ...(isSwarmWatched(settings) ? [buildSwarmDashboard(settings)] : []),
    ...(exporters.node.deploy ? [buildHostDashboard(settings)] : []),
    ...(dockerApi.read(settings) === undefined ? [] : [buildContainersDashboard(settings)]),
    ...(engineMetrics.mode === "off" ? [] : [buildEngineDashboard(settings)]),
    buildPrometheusDashboard(settings),
    ...buildAppDashboards(settings, prefix),
  ];
}

/** The dashboards with their files. */
export function listDashboards(settings: Settings, prefix: string): ListedDashboard[] {
  return buildDashboards(settings, prefix).map((dashboard) => ({
    uid: dashboard.uid ?? "",
    title: dashboard.title ?? "",
    tags: dashboard.tags ?? [],
    file: `${dashboard.uid}.json`,
    json: renderDashboard(dashboard),
  }));
}
