import { createHash } from "node:crypto";
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { scrapedApps } from "../../prometheus/scrapedApps";
import type { AppSettings } from "../../settings/appSettings";
import type { Settings } from "../../settings/settings";
import { appTag, frameDashboard } from "../frameDashboard";
import type { DashboardRow } from "../layOutRows";
import { appRow } from "./apps";
import { containerRows, containersTable, containerVariable } from "./containers";

/** Grafana's limit for the part of a dashboard's address that names it. */
const longestUid = 40;

/**
 * A dashboard for each app that has containers: the app's row of the dashboard Apps, and its containers. One that is not
 * scraped, a database for example, has its containers alone.
 *
 * @param prefix starts the names of the stack's containers
 */
export function buildAppDashboards(settings: Settings, prefix: string): Dashboard[] {
  const isMeasured = containerRows(settings).length > 0;
  return settings.apps
    .filter(({ replicas }) => replicas > 0)
    .map((app) => ({ app, names: replicaNames(app, prefix) }))
    .map(({ app, names }) => ({ app, names, rows: rowsOf(app, settings, names) }))
    .filter(({ rows }) => rows.length > 0)
    .map(({ app, names, rows }) =>
      frameDashboard(settings, {
        uid: appUid(app.name),
        title: `App ${app.name}`,
        description: `What ${app.name} does, and what its containers use.`,
        tag: appTag,
        variables: isMeasured ? [containerVariable(settings, "Replica", names)] : [],
        rows,
      }),
    );
}

function rowsOf(app: AppSettings, settings: Settings, names: string): DashboardRow[] {
  const row = appRow(app, settings);
  const isScraped = scrapedApps([app]).length > 0;
  const ofContainers = containerRows(settings);
  return [
    ...(isScraped && row.panels.length > 0 ? [row] : []),
    ...(ofContainers.length > 0
      ? [
          {
            title: "Replicas",
            panels: [containersTable(settings, `{name=~${JSON.stringify(names)}}`, 8)],
          },
        ]
      : []),
    ...ofContainers,
  ];
}

/** A container of an engine ends in the replica's number, a task of a Swarm in its slot and its id. */
function replicaNames({ name }: AppSettings, prefix: string): string {
  return `${prefix}-${name}(-[0-9]+|[.].+)`;
}

function appUid(name: string): string {
  const uid = `app-${name}`;
  if (uid.length <= longestUid) return uid;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${uid.slice(0, longestUid - hash.length - 1)}-${hash}`;
}
