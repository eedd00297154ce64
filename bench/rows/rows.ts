/** What is measured. The first word of an id is the sequence of steps that it comes from. */
export const rows = [
  row("chapter-first-up", "first `up`, all ready", "s"),
  row("chapter-preview", "preview, nothing changed", "s"),
  row("chapter-load", "load of the program in a preview", "s"),
  row("chapter-up-again", "`up`, nothing changed", "s"),
  row("chapter-other-value", "one variable's value changed", "s"),
  row("chapter-job-live", "a scrape job added: until Prometheus runs it", "s"),
  row(
    "chapter-job-reload",
    "a scrape job added: from the signal to reload until Prometheus runs it",
    "s",
  ),
  row("chapter-job-up", "a scrape job added: until the tool is done", "s"),
  row("chapter-job-missed", "a scrape job added: scrapes missed meanwhile", ""),
  row("chapter-destroy", "destroy", "s"),
  row("chapter-memory", "peak memory of the first `up`", "MiB"),
  row("chapter-state", "size of the state", "KiB"),
  row("scale-30", "3 → 30 replicas", "s"),
  row("scale-3", "30 → 3 replicas", "s"),
  row("slope-replica", "1 → 200 replicas, for each replica", "ms"),
  row("slope-destroy", "destroy of 200 replicas, for each replica", "ms"),
  row("render-time", "1,000 jobs checked and rendered", "s"),
  row("render-memory", "memory of that", "MiB"),
  row("setup-first", "`npm run up` in a fresh copy of the checkout", "s"),
  row("setup-again", "`npm run up` again, nothing changed", "s"),
  row("watch-cpu", "node-exporter and cAdvisor at 50 containers: of one core", "%"),
  row("watch-memory", "node-exporter and cAdvisor at 50 containers: memory", "MiB"),
  row("page-paint", "dashboards page: until the Overview is painted", "s"),
  row("page-script", "dashboards page: compressed JavaScript before that", "kB"),
  row("page-memory", "dashboards page: memory after ten minutes' worth of refreshing", "MiB"),
  row("page-growth", "dashboards page: of that, since its first tenth", "MiB"),
] as const;

export type RowId = (typeof rows)[number]["id"];
/** Rows that all tools have, and rows that only Glasshouse has. */
export type SequenceId = "chapter" | "scale" | "slope" | OwnSequenceId;
export type OwnSequenceId = "render" | "setup" | "watch" | "page";

export interface Row<Id extends string = string> {
  readonly id: Id;
  readonly title: string;
  readonly unit: "s" | "ms" | "MiB" | "KiB" | "kB" | "%" | "";
}

function row<const Id extends string>(id: Id, title: string, unit: Row["unit"]): Row<Id> {
  return { id, title, unit };
}

/** The sequences that a choice of rows takes. */
export function sequencesOf(ids: readonly RowId[]): SequenceId[] {
  return [...new Set(ids.map((id) => id.split("-")[0] as SequenceId))];
}
