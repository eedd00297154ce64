import { z } from "zod";
import { textOf } from "./rules";

/** Panels that come along, for what many apps export. `config/grafana/readyPanels.ts` draws them. */
const readyPanelNames = [
  "targets-up",
  "cpu",
  "memory",
  "scrape-duration",
  "samples",
  "go-memory",
  "goroutines",
  "jvm-cpu",
  "jvm-memory",
  "jvm-threads",
  "nodejs-memory",
  "event-loop-lag",
  "active-sockets",
] as const;

export type ReadyPanelName = (typeof readyPanelNames)[number];

const legend = z.string().default("{{job}}").describe("Legend of a series, from its labels");

const color = textOf(/^(#[0-9a-fA-F]{6}|[a-z-]+)$/, "must be a colour such as `red` or `#1f77b4`");

/** A panel of an app's row. */
export const panelSettings = z.strictObject({
  use: z
    .enum(readyPanelNames)
    .optional()
    .describe("A panel that comes along; this, or `title` and `query`"),
  title: z.string().min(1).optional().describe("Title of the panel"),
  query: z
    .string()
    .min(1)
    .optional()
    .describe(
      "PromQL query. `$job` stands for the app's job, `$__rate_interval` for a range that fits its scrape interval",
    ),
  legend,
  queries: z
    .array(z.strictObject({ query: z.string().min(1).describe("PromQL query"), legend }))
    .default([])
    .describe("More queries, drawn in the same graph"),
  description: z.string().default("").describe("What the panel tells"),
  unit: z.string().default("short").describe("Grafana unit id, for example `reqps` or `bytes`"),
  kind: z
    .enum(["graph", "number"])
    .default("graph")
    .describe("`graph`: values over time. `number`: the value of now"),
  colors: z
    .record(
      z.string().refine(isRegularExpression, { error: "must be a regular expression" }),
      color,
    )
    .default({})
    .describe("Colours of a graph's series, by regular expression over their legends"),
});

export type PanelSettings = z.output<typeof panelSettings>;
export type PanelSettingsInput = z.input<typeof panelSettings>;

function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
