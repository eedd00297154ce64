import {
  type DataFrame,
  dateTimeFormat,
  type Field,
  FieldType,
  formattedValueToString,
  getFieldDisplayName,
  outerJoinDataFrames,
} from "@grafana/data";
import { Icon, useTheme2 } from "@grafana/ui";
import { type CSSProperties, useMemo, useState } from "react";
import { interpolateText } from "../dashboard/interpolate";
import { readableColor, textOn } from "../frame/readableColor";
import type { PanelProps } from "./panelProps";

interface TableOptions {
  readonly showHeader?: boolean;
  readonly sortBy?: readonly { readonly displayName?: string; readonly desc?: boolean }[];
}

interface TableFieldOptions {
  readonly hidden?: boolean;
  readonly hideFrom?: { readonly viz?: boolean };
  readonly width?: number;
  readonly align?: "auto" | "left" | "center" | "right";
  readonly cellOptions?: { readonly type?: string };
}

interface Sorting {
  readonly column: string;
  readonly isDescending: boolean;
}

/** A table of HTML: a screen reader reads it, and its text can be copied. */
export function TablePanel({ panel, frames, values, width, height }: PanelProps) {
  const options = (panel.options ?? {}) as TableOptions;
  const [given] = options.sortBy ?? [];
  const [sorting, setSorting] = useState<Sorting | undefined>(
    given?.displayName === undefined
      ? undefined
      : { column: given.displayName, isDescending: given.desc === true },
  );
  const table = useMemo(() => joinFrames(frames), [frames]);
  const columns = useMemo(
    () =>
      (table?.fields ?? [])
        .filter((field) => !isHidden(field))
        .map((field) => ({ field, name: getFieldDisplayName(field, table) })),
    [table],
  );
  const rows = useMemo(() => sortRows(table, columns, sorting), [table, columns, sorting]);
  return (
    <div
      className="scrolled"
      style={{ width, height }}
      tabIndex={0}
      role="region"
      aria-label="Table"
    >
      <table className="table">
        {options.showHeader !== false && (
          <thead>
            <tr>
              {columns.map(({ field, name }) => {
                const isSorted = sorting?.column === name;
                return (
                  <th
                    key={name}
                    scope="col"
                    className={alignment(field)}
                    style={columnStyle(field)}
                    aria-sort={
                      isSorted ? (sorting.isDescending ? "descending" : "ascending") : "none"
                    }
                  >
                    <button
                      type="button"
                      onClick={() =>
                        setSorting({
                          column: name,
                          isDescending: isSorted
                            ? !sorting.isDescending
                            : field.type === FieldType.number,
                        })
                      }
                    >
                      {name}
                      {isSorted && (
                        <Icon name={sorting.isDescending ? "arrow-down" : "arrow-up"} size="sm" />
                      )}
                    </button>
                  </th>
                );
              })}
            </tr>
          </thead>
        )}
        <tbody>
          {rows.map((row) => (
            <tr key={row}>
              {columns.map(({ field, name }) => (
                <Cell key={name} field={field} row={row} table={table} values={values} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Several series become one table by time; several tables are put below each other by Grafana's `merge`. */
function joinFrames(frames: readonly DataFrame[]): DataFrame | undefined {
  const [first] = frames;
  return frames.length < 2 ? first : (outerJoinDataFrames({ frames: [...frames] }) ?? first);
}

function isHidden(field: Field): boolean {
  const custom = field.config.custom as TableFieldOptions | undefined;
  return custom?.hidden === true || custom?.hideFrom?.viz === true;
}

function alignment(field: Field): string {
  const custom = field.config.custom as TableFieldOptions | undefined;
  const align = custom?.align ?? "auto";
  return `align-${align === "auto" ? (field.type === FieldType.number ? "right" : "left") : align}`;
}

function columnStyle(field: Field): CSSProperties {
  const width = (field.config.custom as TableFieldOptions | undefined)?.width;
  return width === undefined ? {} : { width, maxWidth: width };
}

interface CellProps {
  readonly field: Field;
  readonly row: number;
  readonly table: DataFrame | undefined;
  readonly values: PanelProps["values"];
}

function Cell({ field, row, table, values }: CellProps) {
  const theme = useTheme2();
  const value: unknown = field.values[row];
  const shown = field.display?.(value);
  const text =
    field.type === FieldType.time
      ? dateTimeFormat(value as number, { timeZone: "browser" })
      : value == null
        ? (field.config.noValue ?? "")
        : shown === undefined
          ? String(value)
          : formattedValueToString(shown);
  const kind = (field.config.custom as TableFieldOptions | undefined)?.cellOptions?.type;
  const color = shown?.color;
  const style: CSSProperties =
    kind === "color-text" && color !== undefined
      ? { color: readableColor(color, theme) }
      : kind === "color-background" && color !== undefined
        ? { background: color, color: textOn(color) }
        : {};
  const [link] = field.config.links ?? [];
  return (
    <td className={alignment(field)} style={style}>
      {kind === "gauge" && <Bar share={shown?.percent ?? 0} color={color} />}
      {link?.url === undefined ? (
        text
      ) : (
        <a href={linkTarget(link.url, row, table, text, values)}>{text}</a>
      )}
    </td>
  );
}

function Bar({ share, color }: { readonly share: number; readonly color: string | undefined }) {
  return (
    <span className="cell-bar">
      <span style={{ width: `${Math.min(100, Math.max(0, share * 100))}%`, background: color }} />
    </span>
  );
}

/** A link's address with `${__value.text}` and `${__data.fields.<name>}` of the row. */
function linkTarget(
  url: string,
  row: number,
  table: DataFrame | undefined,
  text: string,
  values: PanelProps["values"],
): string {
  const filled = url
    .replace(/\$\{__value\.(?:text|raw)(?::\w+)?\}/g, encodeURIComponent(text))
    .replace(/\$\{__data\.fields(?:\.(\w+)|\["?([^\]"]+)"?\])(?::\w+)?\}/g, (_, a, b) => {
      const field = table?.fields.find(({ name }) => name === (a ?? b));
      return encodeURIComponent(String(field?.values[row] ?? ""));
    });
  return interpolateText(filled, values);
}

function sortRows(
  table: DataFrame | undefined,
  columns: readonly { readonly field: Field; readonly name: string }[],
  sorting: Sorting | undefined,
): number[] {
  const rows = Array.from({ length: table?.length ?? 0 }, (_, row) => row);
  const column = columns.find(({ name }) => name === sorting?.column);
  if (column === undefined || sorting === undefined) {
    return rows;
  }
  const { values, type } = column.field;
  const collator = new Intl.Collator(undefined, { numeric: true });
  const direction = sorting.isDescending ? -1 : 1;
  return rows.sort((a, b) => {
    const [left, right] = [values[a], values[b]] as [unknown, unknown];
    const order =
      type === FieldType.string
        ? collator.compare(String(left ?? ""), String(right ?? ""))
        : Number(left ?? -Infinity) - Number(right ?? -Infinity);
    return direction * order || a - b;
  });
}
