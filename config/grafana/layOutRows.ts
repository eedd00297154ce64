import { RowBuilder, type Panel, type RowPanel } from "@grafana/grafana-foundation-sdk/dashboard";

/** Columns of Grafana's grid. */
export const gridColumns = 24;

const panelsPerLine = 4;
/** Of panels that show one number each. */
const numbersPerLine = 6;
const rowHeight = 1;
const panelHeight = 8;
const statHeight = 4;
const gaugeHeight = 5;

/** A titled part of a dashboard. */
export interface DashboardRow {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/**
 * The rows below each other, each row's panels on as few lines as four per line allow (six where each panel shows one
 * number), the lines evenly filled: five panels stand as three and two. Numbers panels and rows in the order of
 * reading.
 */
export function layOutRows(rows: readonly DashboardRow[]): (Panel | RowPanel)[] {
  const placed: (Panel | RowPanel)[] = [];
  let y = 0;
  for (const { title, panels } of rows) {
    placed.push(
      new RowBuilder(title)
        .id(placed.length + 1)
        .gridPos({ x: 0, y, w: gridColumns, h: rowHeight })
        .build(),
    );
    y += rowHeight;
    for (const line of splitEvenly(panels)) {
      const w = gridColumns / line.length;
      const isNumbers = line.every(isNumber);
      const h = Math.max(...line.map((panel) => heightOf(panel, isNumbers)));
      for (const [index, panel] of line.entries()) {
        placed.push({ ...panel, id: placed.length + 1, gridPos: { x: index * w, y, w, h } });
      }
      y += h;
    }
  }
  return placed;
}

function splitEvenly(panels: readonly Panel[]): Panel[][] {
  const isNumbers = panels.every(isNumber);
  const lineCount = Math.ceil(panels.length / (isNumbers ? numbersPerLine : panelsPerLine));
  return Array.from({ length: lineCount }, (_, line) =>
    panels.slice(
      Math.ceil((line * panels.length) / lineCount),
      Math.ceil(((line + 1) * panels.length) / lineCount),
    ),
  );
}

function isNumber({ type }: Panel): boolean {
  return type === "stat" || type === "gauge";
}

/** Panels that know how high they are say so. */
function heightOf({ type, gridPos }: Panel, isAmongNumbers: boolean): number {
  if (gridPos !== undefined) return gridPos.h;
  if (type === "stat") return statHeight;
  return isAmongNumbers ? gaugeHeight : panelHeight;
}
