import { replaceBetween } from "../replaceBetween";
import { settingsJsonSchema, type SettingSchema } from "./settingsJsonSchema";

/** The HTML comments that the table stands between in docs/settings.md. */
export const settingsTableMarkers = {
  begin: "<!-- settings:begin -->",
  end: "<!-- settings:end -->",
} as const;

interface Row {
  readonly path: string;
  readonly allowed: string;
  readonly default: string;
  readonly description: string;
}

/** Every setting as Markdown: a table for each key of a stack file, made from the schema. */
export function renderSettingsTable(): string {
  const tables = Object.entries(settingsJsonSchema().properties ?? {}).map(([key, schema]) => {
    const { description, otherwise } = splitDescription(schema);
    const intro = `**\`glasshouse:${key}\`**: ${description}.`;
    const rows = buildRows(schema.items ? `${key}[]` : key, schema);
    return [
      otherwise === undefined ? intro : `${intro} Default: ${otherwise}.`,
      "",
      "| setting | allowed | default | meaning |",
      "| --- | --- | --- | --- |",
      ...rows.map(
        (row) => `| \`${row.path}\` | ${row.allowed} | ${row.default} | ${row.description} |`,
      ),
    ].join("\n");
  });
  // Prettier would pad every cell of a column to the longest.
  return ["<!-- prettier-ignore-start -->", ...tables, "<!-- prettier-ignore-end -->"].join("\n\n");
}

/**
 * Puts the table between the markers of a Markdown text.
 *
 * @throws Error when a marker is missing
 */
export function replaceSettingsTable(markdown: string): string {
  return replaceBetween(markdown, settingsTableMarkers, renderSettingsTable());
}

function buildRows(path: string, schema: SettingSchema): Row[] {
  const { properties = {}, required = [] } = schema.items ?? schema;
  return Object.entries(properties).flatMap(([name, property]) => {
    const own = `${path}.${name}`;
    const { description, otherwise } = splitDescription(property);
    const row = {
      path: own,
      allowed: escape(renderAllowed(property)),
      default: escape(
        otherwise ?? (required.includes(name) ? "required" : renderDefault(property.default)),
      ),
      description: escape(description),
    };
    return [row, ...buildInnerRows(own, property)];
  });
}

function buildInnerRows(path: string, schema: SettingSchema): Row[] {
  if (schema.items) return buildRows(`${path}[]`, schema);
  if (schema.additionalProperties) return buildRows(`${path}.<NAME>`, schema.additionalProperties);
  return buildRows(path, schema);
}

function renderAllowed(schema: SettingSchema): string {
  const { type, minimum, maximum, rule, items, additionalProperties } = schema;
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(", ");
  switch (type) {
    case "integer":
      return `whole number from ${String(minimum)} to ${String(maximum)}`;
    case "number":
      return `number from ${String(minimum)} to ${String(maximum)}`;
    case "boolean":
      return "`true`, `false`";
    case "array":
      return items?.type === "object"
        ? "list of groups"
        : `list; each ${renderAllowed(items ?? {})}`;
    case "object":
      if (!additionalProperties) return "group";
      return additionalProperties.type === "object" ? "names and groups" : "names and text";
    default:
      return rule?.replace(/^must be (an? )?/, "") ?? "text";
  }
}

function renderDefault(value: unknown): string {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  const shown = values.filter(
    (entry) => typeof entry !== "object" && entry !== undefined && entry !== "",
  );
  return shown.length === 0 ? "none" : shown.map((entry) => `\`${String(entry)}\``).join(", ");
}

/** A default that depends on other settings is the last sentence of a description. */
function splitDescription({ description = "" }: SettingSchema) {
  const [text = "", otherwise] = description.split(/\.? Default: /);
  return { description: text, otherwise };
}

function escape(cell: string): string {
  return cell
    .replaceAll("|", "\\|")
    .replaceAll("<", "&lt;")
    .replace(/`[^`]*`/g, (code) => code.replaceAll("&lt;", "<"));
}
