import { createHash } from "node:crypto";
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { scrapedApps } from "../../prometheus/scrapedApps";
import type { AppSettings } from "../../settings/appSettings";
import type { Settings } from "../../settings/settings";
import { appTag, frameDashboard } from "../frameDashboard";
import type { DashboardRow } from "../layOutRows";
import { appRow } from "./apps";
import { byName, containerRows, containersTable, containerVariable } from "./containers";

/** Grafana's limit for the part of a dashboard's address that names it. */
const longestUid = 40;

/**
 * A dashboard for each app that has containers: the app's row of the dashboard Apps, and its containers. One that is not
 * scraped, a database for example, has its containers alone.
 *
 * @param prefix starts the names of the stack's containers
 */
export function buildAppDashboards(settings: Settings, prefix: string): Dashboard[] {
  const ofContainers = containerRows(settings);
  const isMeasured = ofContainers.length > 0;
  return settings.apps
    .filter(({ replicas }) => replicas > 0)
    .flatMap((app) => {
      const names = replicaNames(app, prefix);
      const rows: readonly DashboardRow[] = [
        ...ownRows(app, settings),
        ...(isMeasured
          ? [
              { title: "Replicas", panels: [containersTable(settings, byName(names), 8)] },
              ...ofContainers,
            ]
          : []),
      ];
      if (rows.length === 0) return [];
      return [
        frameDashboard(settings, {
          uid: appUid(app.name),
          title: `App ${app.name}`,
          description: `What ${app.name} does, and what its containers use.`,
          tag: appTag,
          variables: isMeasured ? [containerVariable(settings, "Replica", names)] : [],
          rows,
        }),
      ];
    });
}

/** None of an app that is not scraped, or that asks for no panels. */
function ownRows(app: AppSettings, settings: Settings): DashboardRow[] {
  return scrapedApps([app])
    .map((scraped) => appRow(scraped, settings))
    .filter(({ panels }) => panels.length > 0);
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
