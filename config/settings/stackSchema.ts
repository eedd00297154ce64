import { type SettingSchema, settingsJsonSchema } from "./settingsJsonSchema";

/** A part of a JSON Schema (draft 7, which editors know best). */
type JsonSchema = Readonly<Record<string, unknown>>;

const configKey = "[A-Za-z][A-Za-z0-9_-]*";

const encrypted = {
  description: "An encrypted value. Set it by `pulumi config set --secret <key>`",
  type: "object",
  properties: { secure: { type: "string", description: "What Pulumi encrypted" } },
  required: ["secure"],
  additionalProperties: false,
} as const;

/**
 * The JSON Schema of a whole stack file, from which editors complete and check it. It says what holds for single values;
 * rules between settings are told by the preview.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/
 */
export function buildStackSchema(): JsonSchema {
  const settings = Object.entries(settingsJsonSchema().properties ?? {});
  const names = settings.map(([name]) => name).join("|");
  return withMarkdown({
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Stack file of Glasshouse",
    description: "What differs from the defaults in one environment",
    type: "object",
    properties: {
      config: {
        description: "Settings, and encrypted values that apps name in their `secrets`",
        type: "object",
        properties: Object.fromEntries(
          settings.map(([name, schema]) => [
            `glasshouse:${name}`,
            name === "apps" ? buildAppsSchema(schema) : convert(schema),
          ]),
        ),
        patternProperties: {
          [`^glasshouse:(?!(${names})$)${configKey}$`]: encrypted,
          // Other programs and providers have their own keys.
          "^(?!glasshouse:)[^:]+:.+$": {},
        },
        additionalProperties: false,
      },
      secretsprovider: { type: "string", description: "What encrypts the secrets" },
      encryptedkey: { type: "string", description: "Key of a cloud secrets provider, encrypted" },
      encryptionsalt: {
        type: "string",
        description: "Belongs to the passphrase; Pulumi writes it",
      },
      environment: {
        description: "Environments of Pulumi ESC",
        type: ["array", "object"],
      },
    },
    additionalProperties: false,
  });
}

/** The schema as the text of its file. */
export function renderStackSchema(): string {
  return `${JSON.stringify(buildStackSchema(), undefined, 2)}\n`;
}

function buildAppsSchema(schema: SettingSchema): JsonSchema {
  const items = convert(schema.items ?? {});
  return {
    description: schema.description,
    default: "samples",
    anyOf: [
      { const: "samples" },
      {
        type: "array",
        items: { ...items, oneOf: [{ required: ["image"] }, { required: ["build"] }] },
      },
    ],
  };
}

/** Editors show `patternErrorMessage` where a text does not match. A `format` says no more than its `pattern`. */
function convert({ rule, format: _, ...schema }: SettingSchema): JsonSchema {
  const { items, properties, propertyNames, additionalProperties } = schema;
  return {
    ...schema,
    ...(rule !== undefined && { patternErrorMessage: rule }),
    ...(items && { items: convert(items) }),
    ...(properties && { properties: convertAll(properties) }),
    ...(propertyNames && { propertyNames: convert(propertyNames) }),
    ...(additionalProperties && { additionalProperties: convert(additionalProperties) }),
  };
}

function convertAll(properties: Readonly<Record<string, SettingSchema>>): JsonSchema {
  return Object.fromEntries(
    Object.entries(properties).map(([key, schema]) => [key, convert(schema)]),
  );
}

/** Descriptions are written in Markdown, which editors render only under a name of its own. */
function withMarkdown(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (_key, value: unknown) =>
    isDescribed(value) ? { ...value, markdownDescription: value.description } : value,
  ) as JsonSchema;
}

function isDescribed(value: unknown): value is { readonly description: string } {
  return (
    typeof value === "object" &&
    value !== null &&
    "description" in value &&
    typeof value.description === "string"
  );
}
