import type { Draft } from "./checks/draft";
import { crossChecks } from "./crossChecks";
import { describeIssue, findSchemaProblems } from "./findSchemaProblems";
import { findSettingsWarnings } from "./findSettingsWarnings";
import { mirrorImages } from "../mirrorImages";
import { type Settings, settingsSchema } from "./settings";
import { isWithin, type SettingsProblem } from "./settingsProblem";
import { withoutBrokenValues } from "./withoutBrokenValues";

/** What the rules of some settings depend on. */
export interface SettingsSurroundings {
  /** Whether a path, relative to the project's folder, exists. */
  readonly fileExists: (path: string) => boolean;
  /** The keys of the stack's config that are encrypted, as a whole or in part. */
  readonly secretKeys: ReadonlySet<string>;
}

export type ParsedSettings =
  | { readonly settings: Settings; readonly warnings: readonly string[] }
  | { readonly problems: readonly SettingsProblem[] };

/**
 * Checks what a stack's config holds, and fills in the defaults. Finds every mistake at once, and at most one for each
 * path, sorted by path.
 *
 * @param raw the stack's config by key, without `glasshouse:`; may also hold the keys that hold secrets, which apps and
 * log-ins name
 */
export function parseSettings(
  raw: Readonly<Record<string, unknown>>,
  { fileExists, secretKeys }: SettingsSurroundings,
): ParsedSettings {
  const namedKeys = findKeysOfSecrets(raw);
  // An encrypted key that nothing names (any more) does no harm; a plain one is a misspelt setting.
  const unusedKeys = [...secretKeys].filter((key) => !isSetting(key) && !namedKeys.has(key));
  const candidate = pickSettings(raw, new Set([...namedKeys, ...unusedKeys]));
  const parsed = parse(candidate);
  const issues = parsed.error?.issues ?? [];
  const schemaProblems = findSchemaProblems(issues, secretKeys);
  const settings = parsed.data ?? parse(withoutBrokenValues(candidate, issues)).data;
  const draft: Omit<Draft, "settings"> = {
    isValid: (path) =>
      !schemaProblems.some(({ path: broken }) => isWithin(path, broken) || isWithin(broken, path)),
    fileExists,
    otherKeys: new Set(Object.keys(raw).filter((key) => !isSetting(key))),
    secretKeys,
  };
  const crossProblems =
    settings === undefined ? [] : crossChecks.flatMap((check) => check({ ...draft, settings }));
  const problems = keepFirstForEachPath([...schemaProblems, ...crossProblems]);
  if (settings === undefined || problems.length > 0) return { problems };
  return {
    settings: mirrorImages(settings),
    warnings: [
      ...findSettingsWarnings(settings),
      ...unusedKeys.map(
        (key) =>
          `${key} is encrypted config that no app's \`secrets\`, no log-in, no receiver and none of \`scrapeJobs\` names.`,
      ),
    ],
  };
}

function parse(candidate: unknown) {
  return settingsSchema.safeParse(candidate, { error: describeIssue, reportInput: true });
}

/** Leaves out the keys that hold secrets, and `apps: samples`, which is the default. */
function pickSettings(
  raw: Readonly<Record<string, unknown>>,
  keysOfSecrets: ReadonlySet<unknown>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(raw).filter(
      ([key, value]) =>
        (isSetting(key) || !keysOfSecrets.has(key)) && !(key === "apps" && value === "samples"),
    ),
  );
}

function isSetting(key: string): boolean {
  return Object.hasOwn(settingsSchema.shape, key);
}

/** Looks at raw values, as a mistake elsewhere in an app, a log-in or a scrape job must not turn its secrets' keys into mistakes. */
function findKeysOfSecrets(raw: Readonly<Record<string, unknown>>): ReadonlySet<unknown> {
  const secrets = [
    ...valuesOf(raw["apps"]).flatMap((app) => valuesOf(propertyOf(app, "secrets"))),
    ...valuesOf(raw["registryAuth"]).map((login) => propertyOf(login, "password")),
  ];
  const jobs = valuesOf(raw["scrapeJobs"]).flatMap((job) => [
    propertyOf(propertyOf(job, "basicAuth"), "password"),
    propertyOf(job, "bearerToken"),
    propertyOf(propertyOf(job, "tls"), "key"),
  ]);
  const { receivers, heartbeat, config } = (raw["alertmanager"] ?? {}) as Partial<
    Record<string, unknown>
  >;
  const ofReceivers = valuesOf(receivers).flatMap(valuesOf).flatMap(valuesOf);
  const files = valuesOf(raw["apps"]).flatMap((app) => valuesOf(propertyOf(app, "files")));
  return new Set([
    ...[
      ...secrets,
      ...jobs,
      ...ofReceivers,
      ...valuesOf(heartbeat),
      ...valuesOf(propertyOf(config, "secrets")),
    ].map((secret) => propertyOf(secret, "config")),
    ...files.map((file) => propertyOf(file, "secret")),
  ]);
}

function valuesOf(value: unknown): unknown[] {
  return typeof value === "object" && value !== null ? Object.values(value) : [];
}

function propertyOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

/** Sorted by path, as that is how the stack file is read when the mistakes are corrected. */
function keepFirstForEachPath(problems: readonly SettingsProblem[]): SettingsProblem[] {
  const firstByPath = new Map<string, SettingsProblem>();
  for (const problem of problems) {
    if (!firstByPath.has(problem.path)) firstByPath.set(problem.path, problem);
  }
  const { compare } = new Intl.Collator("en", { numeric: true });
  return [...firstByPath.values()].sort((a, b) => compare(a.path, b.path));
}
