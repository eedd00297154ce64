import { waitUntil } from "./waitUntil";

export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ActiveTarget {
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  readonly scrapeInterval: string;
  readonly health: "up" | "down" | "unknown";
  readonly lastScrape: string;
  readonly lastError: string;
}

/** What a panel asks, and its title. */
interface PanelQuery {
  readonly panel: string;
  readonly query: string;
}

/** The HTTP API of a Prometheus, as a user's browser sees it. */
export class PrometheusApi {
  constructor(private readonly url: string) {}

  async query(promql: string): Promise<Series[]> {
    const { result } = await this.get<{
      result: { metric: Record<string, string>; value: [number, string] }[];
    }>(`query?query=${encodeURIComponent(promql)}`);
    return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  }

  /** The value of a query that answers one series; NaN where it answers none. */
  async queryNumber(promql: string): Promise<number> {
    const series = await this.query(promql);
    if (series.length > 1) throw new Error(`${promql} answers ${series.length} series`);
    return series[0]?.value ?? NaN;
  }

  /** The samples of one series in the last while. */
  async readTimeline(selector: string, range: string): Promise<{ time: number; value: number }[]> {
    const { result } = await this.get<{ result: { values: [number, string][] }[] }>(
      `query?query=${encodeURIComponent(`${selector}[${range}]`)}`,
    );
    if (result.length !== 1) throw new Error(`${selector} answers ${result.length} series`);
    return result[0]!.values.map(([time, value]) => ({ time, value: Number(value) }));
  }

  /** Every sample of the last while, each as one line of series, time and value. */
  async readSamples(selector: string, range: string): Promise<string[]> {
    const { result } = await this.get<{
      result: { metric: Record<string, string>; values: [number, string][] }[];
    }>(`query?query=${encodeURIComponent(`${selector}[${range}]`)}`);
    return result.flatMap(({ metric, values }) => {
      const name = JSON.stringify(Object.entries(metric).sort());
      return values.map(([time, value]) => `${name} ${time} ${value}`);
    });
  }

  async readTargets(): Promise<ActiveTarget[]> {
    return (await this.get<{ activeTargets: ActiveTarget[] }>("targets?state=active"))
      .activeTargets;
  }

  /** The names of all alerts, whether they fire or not, sorted. */
  async readAlertNames(): Promise<string[]> {
    const { groups } = await this.get<{ groups: { rules: { name: string }[] }[] }>(
      "rules?type=alert",
    );
    return groups.flatMap(({ rules }) => rules.map(({ name }) => name)).sort();
  }

  /** The expressions of all alerts, whether they fire or not. */
  async readAlertRules(): Promise<string[]> {
    const { groups } = await this.get<{ groups: { rules: { query: string }[] }[] }>(
      "rules?type=alert",
    );
    return groups.flatMap(({ rules }) => rules.map(({ query }) => query));
  }

  async readConfig(): Promise<string> {
    return (await this.get<{ yaml: string }>("status/config")).yaml;
  }

  /** Waits until a job has exactly so many targets and all of them are up. */
  async waitForTargets(job: string, count: number): Promise<ActiveTarget[]> {
    return waitUntil(
      `${count} targets of ${job} up`,
      async () => (await this.readTargets()).filter(({ scrapePool }) => scrapePool === job),
      (targets) => targets.length === count && targets.every(({ health }) => health === "up"),
    );
  }

  /** Waits until each job has exactly as many targets as a stack's `scrapeTargets` say, and all of them are up. */
  async waitForAllTargets(counts: Readonly<Record<string, number>>): Promise<void> {
    for (const [job, count] of Object.entries(counts)) await this.waitForTargets(job, count);
  }

  /** Waits until every query of dashboards answers something. */
  async waitForAnswers(queries: readonly PanelQuery[]): Promise<void> {
    await waitUntil(
      "an answer to every panel's query",
      async () => {
        const answers = await Promise.all(queries.map(({ query }) => this.query(query)));
        return queries.filter((_, index) => answers[index]?.length === 0).map(({ panel }) => panel);
      },
      (empty) => empty.length === 0,
    );
  }

  /** Waits until every target was scraped after this call, so that queries know what happened before it. */
  async waitForFreshScrapes(): Promise<void> {
    const now = Date.now();
    await waitUntil(
      "a fresh scrape of every target",
      () => this.readTargets(),
      (targets) => targets.every(({ lastScrape }) => Date.parse(lastScrape) > now),
    );
  }

  private async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}/api/v1/${path}`, {
      signal: AbortSignal.timeout(10_000),
    });
    const body = (await response.json()) as { status: string; data: T; error?: string };
    if (body.status !== "success") throw new Error(`${path}: ${body.error ?? response.status}`);
    return body.data;
  }
}
