import type { z } from "zod";
import { findComposeHint } from "./composeWords";
import { findNearestName } from "./findNearestName";
import { findSettingSchema, type SettingSchema } from "./settingsJsonSchema";
import { renderPath, type SettingsProblem } from "./settingsProblem";

type Path = readonly PropertyKey[];

/**
 * zod's error map for the settings: the rule in the words of this project, wherever the schema has none of its own.
 */
export function describeIssue(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? "is required"
        : (typeRules[issue.expected] ?? "is not valid");
    case "invalid_value":
      return `must be one of ${issue.values.map((value) => `\`${String(value)}\``).join(", ")}`;
    case "too_small":
      return issue.origin === "array" ? "must not be an empty list" : "must not be empty";
    default:
      return "is not valid";
  }
}

const typeRules: Partial<Record<string, string>> = {
  string: "must be text",
  boolean: "must be true or false",
  array: "must be a list",
  object: "must be a group of settings",
  record: "must be a group of names and values",
};

/**
 * Turns zod's issues into problems.
 *
 * @param secretKeys top-level keys whose values must not be shown
 */
export function findSchemaProblems(
  issues: readonly z.core.$ZodIssue[],
  secretKeys: ReadonlySet<string>,
): SettingsProblem[] {
  return issues.flatMap((issue): SettingsProblem[] => {
    const { path } = issue;
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => buildUnknownKeyProblem(path, key));
    }
    if (issue.code === "invalid_key") {
      const rule = issue.issues[0]?.message ?? "is not valid";
      return [{ path: renderPath(path), rule }];
    }
    const hidden = mayHoldSecret(path) || secretKeys.has(String(path[0]));
    return [
      {
        path: renderPath(path),
        value: issue.input === undefined ? undefined : renderValue(issue.input, hidden),
        rule: issue.input === undefined ? "is required" : issue.message,
        hint: findHint(path, issue.input, hidden),
      },
    ];
  });
}

function buildUnknownKeyProblem(path: Path, key: string): SettingsProblem {
  const known = Object.keys(findSettingSchema(path)?.properties ?? {});
  const rule = "is not a setting";
  const group = path.length === 0 ? /^(\w+)[.[]/.exec(key)?.[1] : undefined;
  if (group !== undefined && known.includes(group)) {
    return { path: key, rule, hint: `use --path: pulumi config set --path '${key}' <value>` };
  }
  const isOfApp = path[0] === "apps" && path.length === 2;
  const nearest = findNearestName(key, known);
  return {
    path: renderPath([...path, key]),
    rule,
    hint:
      (isOfApp ? findComposeHint(key) : undefined) ??
      (nearest === undefined
        ? `the settings here are ${known.join(", ")}`
        : `did you mean "${nearest}"?`),
  };
}

/** Whether the place is one where users put secrets, rightly or wrongly. */
function mayHoldSecret(path: Path): boolean {
  const places: readonly PropertyKey[] = [
    ...["environment", "secrets", "args", "password"],
    ...["bearerToken", "key"],
    ...["webhook", "token", "routingKey", "url"],
  ];
  return path.some((key) => places.includes(key));
}

/** A value as it may be shown: short, and never the inside of a group or list. */
function renderValue(value: unknown, hidden = false): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a group";
  if (hidden) return `${typeNames[typeof value] ?? "a value"} (not shown)`;
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

const typeNames: Partial<Record<string, string>> = {
  string: "text",
  number: "a number",
  boolean: "true or false",
};

const placeHints: readonly (readonly [place: RegExp, hint: string])[] = [
  [/^apps$/, "start each app with `- name: <name>`"],
  [/^apps\.\d+$/, "write `name: <name>` and the app's other settings below each other"],
  [/^apps\.\d+\.build$/, "name the folder: `build: { context: <folder> }`"],
  [/^apps\.\d+\.environment$|args$/, "write one `NAME: value` for each line, without `-`"],
  [/^apps\.\d+\.secrets\.[^.]+$/, "name the config key that holds it: `{ config: <key> }`"],
  [
    /^apps\.\d+\.volumes\.\d+$/,
    "write `{ name: data, path: <folder inside> }`; folders of the host are not mounted",
  ],
  [/^apps\.\d+\.volumes$/, "write `volumes: [{ name: data, path: <folder inside> }]`"],
  [/^apps\.\d+\.publish$/, "to publish `port`, write `publishPort: <on the host>`"],
  [/^apps\.\d+\.publish\.\d+$/, "write `{ port: <inside>, hostPort: <on the host> }`"],
  [/^apps\.\d+\.healthCheck$/, 'write `healthCheck: { command: ["<program>", "<argument>"] }`'],
  [
    /^registryAuth\.\d+\.password$/,
    "pulumi config set --secret <key>, and write `password: { config: <key> }`",
  ],
  [/^registryAuth\.\d+$/, "write `registry`, `username` and `password: { config: <key> }`"],
  [/^registryAuth$/, "start each log-in with `- registry: <host>`"],
  [
    /^scrapeJobs\.\d+\.(basicAuth\.password|bearerToken|tls\.key)$/,
    "pulumi config set --secret <key>, and name that key: `{ config: <key> }`",
  ],
  [/^scrapeJobs(\.\d+)?$/, "start each job with `- name: <name>`, and its `targets` below"],
  [/^scrapeJobs\.\d+\.dns$/, "write `dns: { names: [<name>], port: <port> }`"],
  [/^probes(\.\d+)?$/, "start each probe with `- name: <name>`, and its `url` below"],
  [
    /^alertmanager\.(receivers\.\d+\.\w+|heartbeat)\.(webhook|token|routingKey|url|password)$/,
    "pulumi config set --secret <key>, and write `{ config: <key> }`",
  ],
  [/^alertmanager\.receivers(\.\d+)?$/, "start each receiver with `- name: <name>`"],
  [
    /^alertmanager\.receivers\.\d+\.email\.to$/,
    'write several addresses as one text: `"a@example.org, b@example.org"`',
  ],
  [/^alertmanager\.receivers\.\d+\.email$/, "write `to`, `from` and `smarthost` below each other"],
  [
    /^alertmanager\.receivers\.\d+\.(slack|msteams|discord)$/,
    "name the config key that holds the address: `{ webhook: { config: <key> } }`",
  ],
  [
    /^alertmanager\.(receivers\.\d+\.webhook|heartbeat)$/,
    "name the config key that holds the address: `{ url: { config: <key> } }`",
  ],
  [
    /^alertmanager\.receivers\.\d+\.telegram$/,
    'write `token: { config: <key> }` and `chatId: "<id>"` below each other',
  ],
  [
    /^alertmanager\.receivers\.\d+\.pagerduty$/,
    "name the config key that holds the integration key: `{ routingKey: { config: <key> } }`",
  ],
  [/^alertmanager\.routes(\.\d+)?$/, "start each route with `- receiver: <name>`"],
  [/^imageMirror$/, "write `imageMirror: { registry: <host>/<path> }`"],
  [/^grafana$/, "to leave Grafana out, write `grafana: { deploy: never }`"],
  [/^engineMetrics$/, "to leave the engine out, write `engineMetrics: { mode: off }`"],
];

function findHint(path: Path, input: unknown, hidden: boolean): string | undefined {
  const schema = findSettingSchema(path);
  if (schema === undefined) return undefined;
  if (input === null) return "remove the line, or give it a value";
  switch (schema.type) {
    case "integer":
    case "number":
    case "boolean":
      return findScalarHint(schema, input, hidden);
    case "string":
      if (typeof input === "string") return findTextHint(schema, input);
      if (typeof input !== "number" && typeof input !== "boolean") break;
      return hidden ? "put it in quotes" : `put it in quotes: "${String(input)}"`;
    case "array":
      if (path.length === 1 || typeof input !== "string") break;
      return hidden ? "write a list" : `write a list: [${JSON.stringify(input)}]`;
  }
  const place = path.map(String).join(".");
  return placeHints.find(([pattern]) => pattern.test(place))?.[1];
}

function findScalarHint(
  { type }: SettingSchema,
  input: unknown,
  hidden: boolean,
): string | undefined {
  if (typeof input !== "string" || input.trim() === "") return undefined;
  const meant = type === "boolean" ? /^(true|false)$/.test(input) : Number.isFinite(Number(input));
  if (!meant) return undefined;
  return hidden ? "drop the quotes" : `drop the quotes: ${input}`;
}

function findTextHint({ enum: allowed }: SettingSchema, input: string): string | undefined {
  const nearest = allowed && findNearestName(input, allowed);
  if (nearest !== undefined) return `did you mean "${nearest}"?`;
  return /^https?:\/\//.test(input) ? "leave out the scheme `http://` or `https://`" : undefined;
}
