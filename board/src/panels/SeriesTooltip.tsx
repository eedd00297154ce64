import {
  type DataFrame,
  dateTimeFormat,
  FieldType,
  formattedValueToString,
  getFieldDisplayName,
  getFieldSeriesColor,
  type GrafanaTheme2,
  type TimeRange,
} from "@grafana/data";
import type { TimelineEvent } from "../dashboard/annotations";

interface SeriesTooltipProps {
  readonly frame: DataFrame;
  readonly indexes: readonly (number | null)[];
  readonly seriesIndex: number | null;
  readonly isMulti: boolean;
  readonly sort: string;
  readonly events: readonly TimelineEvent[];
  readonly range: TimeRange;
  readonly theme: GrafanaTheme2;
}

const maxRows = 25;

export function SeriesTooltip(props: SeriesTooltipProps) {
  const { frame, indexes, seriesIndex, isMulti, sort, events, range, theme } = props;
  const time = readTime(frame, indexes);
  const rows = frame.fields.flatMap((field, index) => {
    const dataIndex = indexes[index];
    const value: unknown = dataIndex == null ? undefined : field.values[dataIndex];
    const custom = field.config.custom as { hideFrom?: { tooltip?: boolean } } | undefined;
    const isShown = isMulti || index === seriesIndex;
    if (
      field.type !== FieldType.number ||
      value == null ||
      !isShown ||
      custom?.hideFrom?.tooltip === true
    ) {
      return [];
    }
    const shown = field.display?.(value);
    return [
      {
        index,
        name: getFieldDisplayName(field, frame),
        color: getFieldSeriesColor(field, theme).color,
        text: shown === undefined ? String(value) : formattedValueToString(shown),
        value: Number(value),
      },
    ];
  });
  if (sort !== "none") {
    rows.sort((a, b) => (sort === "desc" ? b.value - a.value : a.value - b.value));
  }
  const near = (range.to.valueOf() - range.from.valueOf()) / 100;
  const nearEvents =
    time === undefined
      ? []
      : events.filter(({ from, to }) => from - near <= time && time <= (to ?? from) + near);
  return (
    <div className="graph-tooltip">
      <p>{time === undefined ? "" : dateTimeFormat(time, { timeZone: "browser" })}</p>
      <table>
        <tbody>
          {rows.slice(0, maxRows).map(({ index, name, color, text }) => (
            <tr key={index} className={index === seriesIndex ? "is-nearest" : undefined}>
              <th scope="row">
                <span className="swatch" style={{ background: color }} />
                {name}
              </th>
              <td>{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > maxRows && <p>and {rows.length - maxRows} more</p>}
      {nearEvents.slice(0, 4).map((event) => (
        <p key={`${event.from}-${event.title}`}>
          <span
            className="swatch"
            style={{ background: theme.visualization.getColorByName(event.color) }}
          />
          {event.title} {event.text}
        </p>
      ))}
    </div>
  );
}

function readTime(frame: DataFrame, indexes: readonly (number | null)[]): number | undefined {
  const index = indexes.find((value) => value != null);
  return index == null ? undefined : (frame.fields[0]?.values[index] as number | undefined);
}
