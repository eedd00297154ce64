import { renderWebServerConfig } from "../../board/server/renderWebServerConfig";
import { prometheusUrl } from "../grafana/datasource";
import { listDashboards } from "../grafana/listDashboards";
import { countTargets } from "../prometheus/countTargets";
import { alertmanager, alertmanagerTarget } from "../servers/alertmanager";
import { board } from "../servers/board";
import type { Settings } from "../settings/settings";

/** What the dashboards page is told by files. */
export interface BoardFiles {
  /** The web server's configuration folder, by name. */
  readonly configuration: Readonly<Record<string, string>>;
  /** The dashboards, the very files that Grafana is given, and a list of them. */
  readonly dashboards: Readonly<Record<string, string>>;
}

/**
 * @param stack what the page calls itself
 * @param prefix starts the names of the stack's containers
 */
export function buildBoardFiles(settings: Settings, stack: string, prefix: string): BoardFiles {
  const { publishAddress, allowedHosts } = settings.board;
  const dashboards = listDashboards(settings, prefix);
  const hasAlertmanager = alertmanager.read(settings) !== undefined;
  const index = {
    title: stack,
    scrapeIntervalSeconds: settings.prometheus.scrapeIntervalSeconds,
    hasAlertmanager,
    expectedTargets: countTargets(settings),
    dashboards: dashboards.map(({ uid, title, tags, file }) => ({ uid, title, tags, file })),
  };
  return {
    configuration: {
      "web-server.json": renderWebServerConfig({
        prometheusUrl,
        ...(hasAlertmanager && { alertmanagerUrl: `http://${alertmanagerTarget}` }),
        allowedHosts: [...new Set(["localhost", "127.0.0.1", publishAddress, ...allowedHosts])],
        port: board.port,
      }),
    },
    dashboards: {
      "index.json": `${JSON.stringify(index, null, 2)}\n`,
      ...Object.fromEntries(dashboards.map(({ file, json }) => [file, json])),
    },
  };
}
