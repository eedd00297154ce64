import {
  FieldColorModeId,
  type FieldConfig,
  FieldType,
  ThresholdsMode,
  type ThresholdsConfig,
} from "@grafana/data";
import type { FieldConfigJson } from "./dashboardJson";

/** What of a field the overrides of a panel look at. */
export interface OverrideSubject {
  readonly name: string;
  readonly refId: string | undefined;
  readonly type: FieldType;
}

const defaultThresholds: ThresholdsConfig = {
  mode: ThresholdsMode.Absolute,
  steps: [
    { value: -Infinity, color: "green" },
    { value: 80, color: "red" },
  ],
};

/**
 * A field's configuration: the panel's defaults, then each override that fits, in order. Grafana's own
 * `applyFieldOverrides` looks properties up in a registry that only Grafana's server-side app fills.
 */
export function findMergedConfig(
  fieldConfig: FieldConfigJson | undefined,
  subject: OverrideSubject,
  defaultColorMode: FieldColorModeId,
): FieldConfig {
  const config: Record<string, unknown> = {
    ...structuredClone(fieldConfig?.defaults ?? {}),
  };
  for (const { matcher, properties } of fieldConfig?.overrides ?? []) {
    if (matches(matcher, subject)) {
      for (const { id, value } of properties) {
        setPath(config, id.split("."), structuredClone(value));
      }
    }
  }
  const merged = config as FieldConfig;
  return {
    ...merged,
    color: merged.color ?? { mode: defaultColorMode },
    thresholds: readThresholds(merged.thresholds),
  };
}

/** In files the lowest step has `null` for its value, which stands for minus infinity. */
function readThresholds(given: ThresholdsConfig | undefined): ThresholdsConfig {
  if (given === undefined || (given.steps ?? []).length === 0) {
    return defaultThresholds;
  }
  return {
    mode: given.mode ?? ThresholdsMode.Absolute,
    steps: given.steps.map((step, index) => ({
      ...step,
      value: index === 0 ? -Infinity : (step.value ?? -Infinity),
    })),
  };
}

function matches(
  { id, options }: { readonly id: string; readonly options?: unknown },
  { name, refId, type }: OverrideSubject,
): boolean {
  switch (id) {
    case "byName":
      return options === name;
    case "byNames":
      return ((options as { names?: string[] }).names ?? []).includes(name);
    case "byRegexp":
      return readRegex(String(options)).test(name);
    case "byFrameRefID":
      return options === refId;
    case "byType":
      return options === type;
    default:
      return false;
  }
}

function readRegex(text: string): RegExp {
  const [, pattern, flags] = /^\/(.*)\/([a-z]*)$/s.exec(text) ?? [];
  return pattern === undefined ? new RegExp(`^${text}$`) : new RegExp(pattern, flags);
}

function setPath(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [head, ...rest] = path;
  if (head === undefined || head === "__proto__") {
    return;
  }
  if (rest.length === 0) {
    target[head] = value;
    return;
  }
  const inner = { ...(target[head] as Record<string, unknown> | undefined) };
  setPath(inner, rest, value);
  target[head] = inner;
}
