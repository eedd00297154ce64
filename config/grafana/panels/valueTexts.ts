import { MappingType, type ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";

/** Texts and colours of values, by value. */
export type ValueTexts = Readonly<
  Record<string, { readonly text: string; readonly color: string }>
>;

export function buildMappings(texts: ValueTexts): ValueMapping[] {
  const options = Object.entries(texts).map(
    ([value, text], index) => [value, { ...text, index }] as const,
  );
  return options.length === 0
    ? []
    : [{ type: MappingType.ValueToText, options: Object.fromEntries(options) }];
}
