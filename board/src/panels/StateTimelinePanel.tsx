import {
  dateTimeFormat,
  type Field,
  FieldType,
  formattedValueToString,
  getFieldDisplayName,
} from "@grafana/data";
import { textOn } from "../frame/readableColor";
import { readColors } from "../frame/readColors";
import type { PanelProps } from "./panelProps";

interface Span {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly color: string;
}

/** Equal values in a row are one span of a bar. */
export default function StateTimelinePanel({ frames, range, width, height, theme }: PanelProps) {
  const start = range.from.valueOf();
  const length = range.to.valueOf() - start || 1;
  const rows = frames.flatMap((frame) => {
    const times = frame.fields.find(({ type }) => type === FieldType.time);
    return frame.fields
      .filter(({ type }) => type === FieldType.number)
      .map((field) => ({
        name: getFieldDisplayName(field, frame, [...frames]),
        spans: readSpans(field, times, readColors(theme).text.disabled),
      }));
  });
  const percent = (time: number) =>
    `${Math.min(100, Math.max(0, ((time - start) / length) * 100))}%`;
  const size = (from: number, to: number) =>
    `${((Math.min(to, start + length) - Math.max(from, start)) / length) * 100}%`;
  return (
    <div
      className="scrolled"
      style={{ width, height }}
      tabIndex={0}
      role="region"
      aria-label="Timeline"
    >
      <table className="timeline">
        <tbody>
          {rows.map(({ name, spans }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                {spans.map(({ from, to, text, color }) => (
                  <span
                    key={from}
                    style={{
                      left: percent(from),
                      width: size(from, to),
                      background: color,
                      color: textOn(color),
                    }}
                    title={`${text}: ${dateTimeFormat(from)} – ${dateTimeFormat(to)}`}
                  >
                    {text}
                  </span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td />
            <td className="timeline-ends">
              <span>{dateTimeFormat(range.from, { format: "HH:mm:ss" })}</span>
              <span>{dateTimeFormat(range.to, { format: "HH:mm:ss" })}</span>
            </td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function readSpans(field: Field, times: Field | undefined, fallback: string): Span[] {
  const spans: (Span & { value: unknown })[] = [];
  const step = times?.config.interval ?? 0;
  for (const [index, value] of field.values.entries()) {
    const from = (times?.values[index] ?? 0) as number;
    const last = spans.at(-1);
    if (value == null) {
      continue;
    }
    if (last !== undefined && last.value === value && from - last.to <= step) {
      spans[spans.length - 1] = { ...last, to: from + step };
    } else {
      const shown = field.display?.(value);
      spans.push({
        from,
        to: from + step,
        value,
        text: shown === undefined ? String(value) : formattedValueToString(shown),
        color: shown?.color ?? fallback,
      });
    }
  }
  return spans;
}
