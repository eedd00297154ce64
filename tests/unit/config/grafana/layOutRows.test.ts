import { layOutRows } from "../../../../config/grafana/layOutRows";
import { graphPanel } from "../../../../config/grafana/panels/graphPanel";
import { labelPanel } from "../../../../config/grafana/panels/labelPanel";

const query = { query: "up", legend: "up" };
const graph = graphPanel({ title: "g", description: "d", unit: "short", queries: [query] });
const label = labelPanel({ title: "l", description: "d", query });

describe("the layout", () => {
  it.each([
    [1, [24]],
    [3, [8, 8, 8]],
    [4, [6, 6, 6, 6]],
    [5, [8, 8, 8, 12, 12]],
    [6, [8, 8, 8, 8, 8, 8]],
    [7, [6, 6, 6, 6, 8, 8, 8]],
    [9, [8, 8, 8, 8, 8, 8, 8, 8, 8]],
  ])("fills whole lines with %i panels", (count, widths) => {
    const [, ...panels] = layOutRows([{ title: "Row", panels: Array(count).fill(graph) }]);
    expect(panels.map(({ gridPos }) => gridPos?.w)).toStrictEqual(widths);
  });

  it("puts six panels that show one number each on a line", () => {
    const panels = Array.from({ length: 6 }, () => label);
    const [, ...placed] = layOutRows([{ title: "Now", panels }]);
    expect(placed.map(({ gridPos }) => gridPos?.w)).toStrictEqual([4, 4, 4, 4, 4, 4]);
    expect(new Set(placed.map(({ gridPos }) => gridPos?.y)).size).toBe(1);
  });

  it("puts rows below each other, counts in reading order, and makes lines of texts lower", () => {
    const placed = layOutRows([
      { title: "One", panels: [label, label] },
      { title: "Two", panels: [graph, label] },
    ]);
    expect(placed.map(({ id, type, gridPos }) => ({ id, type, ...gridPos }))).toStrictEqual([
      { id: 1, type: "row", x: 0, y: 0, w: 24, h: 1 },
      { id: 2, type: "stat", x: 0, y: 1, w: 12, h: 4 },
      { id: 3, type: "stat", x: 12, y: 1, w: 12, h: 4 },
      { id: 4, type: "row", x: 0, y: 5, w: 24, h: 1 },
      { id: 5, type: "timeseries", x: 0, y: 6, w: 12, h: 8 },
      { id: 6, type: "stat", x: 12, y: 6, w: 12, h: 8 },
    ]);
  });
});
