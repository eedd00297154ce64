/** Stands where there is no value. */
export const nothing = "–";

/** A table as Markdown. */
export function renderTable(
  head: readonly string[],
  lines: readonly (readonly string[])[],
): string {
  const escape = (cell: string) => cell.replaceAll("|", "\\|");
  const renderLine = (cells: readonly string[]) => `| ${cells.map(escape).join(" | ")} |`;
  return [renderLine(head), renderLine(head.map(() => "---")), ...lines.map(renderLine)].join("\n");
}

/** Three digits, as no run is more exact than that. */
export function renderNumber(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
