import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { parse } from "yaml";
import { parseSettings } from "../config/settings/parseSettings";
import { readConfigText } from "../config/settings/readConfigText";
import { settingsSchema } from "../config/settings/settings";
import { renderSettingsProblems, type SettingsProblem } from "../config/settings/settingsProblem";
import { findMissingSecrets } from "./generateSecrets";
import { ExplainedError } from "./setupError";
import { findStackFile, parseStackFile, readStackFile } from "./stackFiles";
import { projectFolder, projectName } from "./versions";

/**
 * Reports the mistakes in a stack file before anything is installed or started for it. The program checks the settings again, as
 * Pulumi hands them over.
 *
 * @throws SetupError with every mistake, or with the place where the file is not YAML
 */
export function rejectBrokenSettings(stack: string): void {
  parseStackFile(stack);
  const problems = findEarlyProblems(readStackFile(stack));
  if (problems.length === 0) return;
  const file = basename(findStackFile(stack));
  throw new ExplainedError(`${file}: ${renderSettingsProblems(problems)}\nNothing was deployed.`);
}

interface StackFile {
  readonly environment?: unknown;
  readonly config?: Readonly<Record<string, unknown>> | null;
}

/** What is another value to Pulumi, which reads YAML 1.1: merged keys, digits with `_` between them, numbers that begin with 0. */
const readOtherwise = /<<\s*:|\d_\d|[\s,[:]0\d/;

/**
 * The mistakes that the text of a stack file shows by itself. None of a file that Pulumi may read otherwise, or whose settings are not
 * all in it: where an environment of Pulumi's adds some, or where a value within a setting is encrypted.
 */
export function findEarlyProblems(stackFile: string): readonly SettingsProblem[] {
  const { environment, config } = (parse(stackFile) ?? {}) as StackFile;
  const entries = Object.entries(config ?? {}).flatMap(([key, value]) =>
    key.startsWith(`${projectName}:`) ? [[key.slice(projectName.length + 1), value] as const] : [],
  );
  const isHidden = ([key, value]: readonly [string, unknown]) =>
    isEncrypted(value) ? key in settingsSchema.shape : holdsEncrypted(value);
  const isOpen = environment === undefined && !entries.some(isHidden);
  if (!isOpen || readOtherwise.test(stackFile)) return [];

  // Those that `npm run up` generates are there in time.
  const secretKeys = new Set([
    ...entries.filter(([, value]) => isEncrypted(value)).map(([key]) => key),
    ...findMissingSecrets(stackFile).keys(),
  ]);
  const plain = entries.filter(([key]) => !secretKeys.has(key));
  const raw: Readonly<Record<string, unknown>> = {
    ...Object.fromEntries(
      plain.map(([key, value]) => [key, typeof value === "string" ? readConfigText(value) : value]),
    ),
    ...Object.fromEntries([...secretKeys].map((key) => [key, ""])),
  };
  const check = (settings: Readonly<Record<string, unknown>>) => {
    const parsed = parseSettings(settings, {
      fileExists: (path) => existsSync(resolve(projectFolder, path)),
      secretKeys,
    });
    return "problems" in parsed ? parsed.problems : [];
  };
  const problems = check(raw);
  if ("dashboards" in raw || "grafana" in raw) return problems;
  // A first `npm run up` may write `dashboards: board` into the file, without which Grafana's port may be taken.
  const withBoard = check({ ...raw, dashboards: "board" }).map(({ path }) => path);
  return problems.filter(({ path }) => withBoard.includes(path));
}

/** As the stack file has what `pulumi config set --secret` was given. */
function isEncrypted(value: unknown): boolean {
  return isObject(value) && Object.keys(value).join() === "secure";
}

function holdsEncrypted(value: unknown): boolean {
  return isObject(value) && (isEncrypted(value) || Object.values(value).some(holdsEncrypted));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
