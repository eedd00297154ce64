import { listSeries, type QueryResult } from "../prometheus/api";
import type { VariableJson } from "./dashboardJson";
import { interpolateQuery, type VariableValues } from "./interpolate";

/** Stands in the address and in dashboard files for "all values". */
export const allValue = "$__all";

export interface VariableOption {
  readonly text: string;
  readonly value: string;
}

export interface Variable {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly isShown: boolean;
  readonly isMulti: boolean;
  readonly options: readonly VariableOption[];
  readonly selected: readonly string[];
  /** What a query gets. */
  readonly value: string | readonly string[];
}

/** What variables ask Prometheus for. */
export interface VariableSource {
  readonly readLabelValues: (label: string, matcher: string | undefined) => Promise<string[]>;
  readonly readQuery: (query: string) => Promise<QueryResult>;
}

/** The variables of a dashboard, in order: one may use those before it. */
export async function readVariables(
  list: readonly VariableJson[],
  chosen: Readonly<Record<string, readonly string[]>>,
  source: VariableSource,
): Promise<Variable[]> {
  const variables: Variable[] = [];
  const values: Record<string, string | readonly string[]> = {};
  for (const json of list) {
    const options = await readOptions(json, values, source);
    const variable = selectValues(json, options, chosen[json.name]);
    variables.push(variable);
    values[json.name] = variable.value;
  }
  return variables;
}

export function variableValues(variables: readonly Variable[]): VariableValues {
  return Object.fromEntries(variables.map(({ name, value }) => [name, value]));
}

function selectValues(
  json: VariableJson,
  found: readonly VariableOption[],
  chosen: readonly string[] | undefined,
): Variable {
  const isMulti = json.multi === true;
  const all = { text: "All", value: allValue };
  const options = json.includeAll === true ? [all, ...found] : found;
  const wanted = chosen ?? [json.current?.value ?? []].flat();
  const isFree = json.type === "textbox" || json.type === "constant";
  const known = isFree
    ? wanted
    : wanted.filter((value) => options.some((option) => option.value === value));
  const fallback = options[0] === undefined ? [] : [options[0].value];
  const selected = (known.length === 0 ? fallback : known).slice(0, isMulti ? undefined : 1);
  return {
    name: json.name,
    label: json.label || json.name,
    type: json.type,
    isShown: json.hide !== 2 && json.type !== "constant" && json.type !== "datasource",
    isMulti,
    options,
    selected,
    value: selected.includes(allValue)
      ? json.allValue || found.map(({ value }) => value)
      : isMulti
        ? selected
        : (selected[0] ?? ""),
  };
}

async function readOptions(
  json: VariableJson,
  values: VariableValues,
  source: VariableSource,
): Promise<VariableOption[]> {
  const query = typeof json.query === "string" ? json.query : (json.query?.query ?? "");
  switch (json.type) {
    case "query":
      return sortOptions(
        filterByRegex(await queryOptions(interpolateQuery(query, values), source), json.regex),
        json.sort ?? 0,
      );
    case "custom":
    case "interval":
      return query
        .split(/(?<!\\),/)
        .map((part) => part.replaceAll("\\,", ",").trim())
        .filter((part) => part !== "")
        .map((part) => {
          const [, text, value] = /^(.+) : (.+)$/.exec(part) ?? [];
          return { text: text ?? part, value: value ?? part };
        });
    case "textbox":
    case "constant":
      return [{ text: query, value: query }];
    default:
      return (json.options ?? []).map(({ text, value }) => ({
        text: String([text ?? ""].flat()[0] ?? ""),
        value: String([value ?? ""].flat()[0] ?? ""),
      }));
  }
}

async function queryOptions(query: string, source: VariableSource): Promise<VariableOption[]> {
  const [, matcher, label] =
    /^\s*label_values\(\s*(?:(.+),)?\s*([a-zA-Z_]\w*)\s*\)\s*$/s.exec(query) ?? [];
  if (label !== undefined) {
    return (await source.readLabelValues(label, matcher?.trim())).map(plainOption);
  }
  const [, pattern] = /^\s*metrics\((.*)\)\s*$/s.exec(query) ?? [];
  if (pattern !== undefined) {
    const regex = new RegExp(pattern);
    return (await source.readLabelValues("__name__", undefined))
      .filter((name) => regex.test(name))
      .map(plainOption);
  }
  const [, expr] = /^\s*query_result\((.*)\)\s*$/s.exec(query) ?? [];
  const series = listSeries(await source.readQuery(expr ?? query));
  return series.map(({ metric, value }) => {
    const { __name__: name = "", ...labels } = metric;
    const list = Object.entries(labels).map(([key, text]) => `${key}="${text}"`);
    return plainOption(`${name}{${list.join(",")}} ${value?.[1] ?? ""}`);
  });
}

function plainOption(value: string): VariableOption {
  return { text: value, value };
}

/** Named groups `text` and `value`, or the first group, say which part of an option counts. */
function filterByRegex(
  options: readonly VariableOption[],
  regexText: string | undefined,
): VariableOption[] {
  if (regexText === undefined || regexText === "") {
    return [...options];
  }
  const [, pattern, flags] = /^\/(.*)\/([a-z]*)$/s.exec(regexText) ?? [];
  const regex = new RegExp(pattern ?? regexText, flags?.replaceAll("g", ""));
  const kept = new Map<string, VariableOption>();
  for (const option of options) {
    const match = regex.exec(option.value);
    if (match !== null) {
      const value = match.groups?.["value"] ?? match.groups?.["text"] ?? match[1] ?? option.value;
      kept.set(value, { value, text: match.groups?.["text"] ?? value });
    }
  }
  return [...kept.values()];
}

function sortOptions(options: readonly VariableOption[], sort: number): VariableOption[] {
  if (sort === 0) {
    return [...options];
  }
  const compare = new Intl.Collator("en", {
    numeric: sort === 3 || sort === 4,
    sensitivity: sort >= 5 ? "base" : "variant",
  }).compare;
  const direction = sort % 2 === 0 ? -1 : 1;
  return [...options].sort((a, b) => direction * compare(a.text, b.text));
}
