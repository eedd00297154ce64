import type { GridPosition, PanelJson } from "./dashboardJson";
import type { VariableValues } from "./interpolate";

/** A panel in its place; one that is repeated has the value it stands for. */
export interface PlacedPanel {
  readonly key: string;
  readonly panel: PanelJson;
  readonly position: GridPosition;
  readonly repeated: VariableValues;
}

/** A row's heading with the panels below it; those before the first row have no heading. */
export interface Section {
  readonly key: string;
  readonly title: string | undefined;
  readonly isCollapsed: boolean;
  readonly repeated: VariableValues;
  readonly panels: readonly PlacedPanel[];
}

const gridColumns = 24;
const fallbackPosition: GridPosition = { x: 0, y: 0, w: 12, h: 8 };

/** Cuts a dashboard into its rows, so that one can be folded without moving panels of another. */
export function layOutSections(
  panels: readonly PanelJson[],
  values: VariableValues,
): readonly Section[] {
  const groups: { row: PanelJson | undefined; panels: PanelJson[] }[] = [
    { row: undefined, panels: [] },
  ];
  const inOrder = [...panels].sort(
    (a, b) =>
      (a.gridPos?.y ?? 0) - (b.gridPos?.y ?? 0) || (a.gridPos?.x ?? 0) - (b.gridPos?.x ?? 0),
  );
  for (const panel of inOrder) {
    if (panel.type === "row") {
      groups.push({ row: panel, panels: [...(panel.panels ?? [])] });
    } else {
      groups.at(-1)?.panels.push(panel);
    }
  }
  return groups
    .filter(({ row, panels: list }) => row !== undefined || list.length > 0)
    .flatMap(({ row, panels: list }, index) =>
      repeatedValues(row?.repeat, values).map((repeated) => ({
        key: `${row?.id ?? `section-${index}`}-${Object.values(repeated).join()}`,
        title: row?.title,
        isCollapsed: row?.collapsed === true,
        repeated,
        panels: placePanels(list, { ...values, ...repeated }, repeated),
      })),
    );
}

function placePanels(
  panels: readonly PanelJson[],
  values: VariableValues,
  outer: VariableValues,
): PlacedPanel[] {
  const top = Math.min(...panels.map(({ gridPos }) => gridPos?.y ?? 0));
  const placed: PlacedPanel[] = [];
  // Lines that repeated panels add above the panels that follow.
  let added = 0;
  for (const [index, panel] of panels.entries()) {
    const { x, y, w, h } = panel.gridPos ?? fallbackPosition;
    const clones = repeatedValues(panel.repeat, values);
    const isHorizontal = panel.repeatDirection !== "v";
    const perRow = isHorizontal ? Math.min(clones.length, panel.maxPerRow ?? 4) : 1;
    const width = clones.length > 1 && isHorizontal ? Math.floor(gridColumns / perRow) : w;
    for (const [cloneIndex, repeated] of clones.entries()) {
      placed.push({
        key: `${panel.id ?? `panel-${index}`}-${cloneIndex}`,
        panel,
        repeated: { ...outer, ...repeated },
        position: {
          x: clones.length > 1 && isHorizontal ? (cloneIndex % perRow) * width : x,
          y: y - top + added + Math.floor(cloneIndex / perRow) * h,
          w: width,
          h,
        },
      });
    }
    added += (Math.ceil(clones.length / perRow) - 1) * h;
  }
  return placed;
}

/** One empty record where nothing is repeated. */
function repeatedValues(name: string | undefined, values: VariableValues): VariableValues[] {
  const value = name === undefined ? undefined : values[name];
  return name === undefined || value === undefined
    ? [{}]
    : [value].flat().map((item) => ({ [name]: item }));
}
