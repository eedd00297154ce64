import { z } from "zod";
import { settingsSchema } from "./settings";

/** The part of JSON Schema that the settings need. */
export interface SettingSchema {
  readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly items?: SettingSchema;
  readonly properties?: Readonly<Record<string, SettingSchema>>;
  readonly propertyNames?: SettingSchema;
  readonly additionalProperties?: false | SettingSchema;
  readonly pattern?: string;
  readonly format?: string;
  /** What a text must be, as the mistake's message says it. */
  readonly rule?: string;
}

let known: SettingSchema | undefined;

/** What a user may write, as plain data: the one source for hints and for the table of settings. A right file never needs it. */
export function settingsJsonSchema(): SettingSchema {
  known ??= z.toJSONSchema(settingsSchema, { io: "input" }) as SettingSchema;
  return known;
}

/** The schema of the setting at a path; `undefined` where no setting is. */
export function findSettingSchema(path: readonly PropertyKey[]): SettingSchema | undefined {
  return path.reduce<SettingSchema | undefined>((schema, key) => {
    if (typeof key === "number") return schema?.items;
    return schema?.properties?.[String(key)] ?? (schema?.additionalProperties || undefined);
  }, settingsJsonSchema());
}
