import type { DashboardJson } from "./dashboardJson";

/** One line of `/dashboards/index.json`. */
export interface DashboardEntry {
  readonly uid: string;
  readonly title: string;
  readonly tags: readonly string[];
  /** Name of the file below `/dashboards/`. */
  readonly file: string;
}

/** `/dashboards/index.json`: what the page is told when it starts. */
export interface BoardIndex {
  readonly dashboards: readonly DashboardEntry[];
  /** Prometheus' scrape interval in seconds: no graph has a smaller step. */
  readonly scrapeIntervalSeconds: number;
  /** Whether `/alertmanager/` is passed on. */
  readonly hasAlertmanager: boolean;
  /** How many targets each job has when all is well: a container that stopped is none that Prometheus knows. */
  readonly expectedTargets: Readonly<Record<string, number>>;
  /** What the page is called, beside "Glasshouse": the stack's name, for example. */
  readonly title: string | undefined;
}

const defaultScrapeIntervalSeconds = 15;

/** A bare list of dashboards is an index, too. */
export function parseBoardIndex(json: unknown): BoardIndex {
  const given = (Array.isArray(json) ? { dashboards: json } : json) as Partial<BoardIndex>;
  return {
    dashboards: (given.dashboards ?? []).map((entry) => ({ ...entry, tags: entry.tags ?? [] })),
    scrapeIntervalSeconds: given.scrapeIntervalSeconds ?? defaultScrapeIntervalSeconds,
    hasAlertmanager: given.hasAlertmanager ?? false,
    expectedTargets: given.expectedTargets ?? {},
    title: given.title,
  };
}

const homeUid = "glasshouse-overview";

export function findHome({ dashboards }: BoardIndex): DashboardEntry | undefined {
  return dashboards.find(({ uid }) => uid === homeUid) ?? dashboards[0];
}

export async function readBoardIndex(): Promise<BoardIndex> {
  return parseBoardIndex(await readJson("/dashboards/index.json"));
}

export async function readDashboard(file: string): Promise<DashboardJson> {
  return (await readJson(`/dashboards/${encodeURIComponent(file)}`)) as DashboardJson;
}

async function readJson(path: string): Promise<unknown> {
  const response = await fetch(path);
  if (!response.ok) {
    throw new Error(`${path} cannot be read: the web server answered ${response.status}.`);
  }
  return response.json();
}
