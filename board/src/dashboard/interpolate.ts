/** What a variable stands for: one value, or several that a query joins as a regular expression. */
export type VariableValues = Readonly<Record<string, string | readonly string[]>>;

const reference = /\$(\w+)|\$\{(\w+)(?:\.[^:^}]+)?(?::([^}]+))?\}|\[\[(\w+)(?::(\w+))?\]\]/g;

/** Text with its variables replaced as in a PromQL query; an unknown name stays as it is. */
export function interpolateQuery(text: string, values: VariableValues): string {
  return interpolate(text, values, (value, format) => formatForQuery(value, format));
}

/** Text with its variables replaced for a person: several values stand in a row. */
export function interpolateText(text: string, values: VariableValues): string {
  return interpolate(text, values, (value, format) =>
    format === undefined ? [value].flat().join(", ") : formatForQuery(value, format),
  );
}

function interpolate(
  text: string,
  values: VariableValues,
  render: (value: string | readonly string[], format: string | undefined) => string,
): string {
  return text.replace(reference, (whole, plain, braced, format, square, squareFormat) => {
    const name = (plain ?? braced ?? square) as string;
    const value = values[name];
    return value === undefined
      ? whole
      : render(value, (format ?? squareFormat) as string | undefined);
  });
}

function formatForQuery(value: string | readonly string[], format: string | undefined): string {
  const list = [value].flat();
  switch (format) {
    case "raw":
    case "csv":
      return list.join(",");
    case "pipe":
      return list.join("|");
    case "text":
      return list.join(" + ");
    case "percentencode":
      return encodeURIComponent(list.join(","));
    case "queryparam":
      return list.map(encodeURIComponent).join("&");
    case "doublequote":
      return list.map((item) => `"${item.replaceAll('"', '\\"')}"`).join(",");
    case "singlequote":
      return list.map((item) => `'${item.replaceAll("'", "\\'")}'`).join(",");
    case "regex":
      return joinAsRegex(list);
    default:
      return typeof value === "string" ? value : joinAsRegex(list);
  }
}

/** Doubly escaped: once for the regular expression, once for the string of PromQL that holds it. */
function joinAsRegex(list: readonly string[]): string {
  const escaped = list.map((item) => item.replace(/[\\^$*+?.()|[\]{}/]/g, "\\\\$&"));
  return escaped.length === 1 ? (escaped[0] ?? "") : `(${escaped.join("|")})`;
}
