import type { Settings } from "../settings";
import type { SettingsProblem } from "../settingsProblem";

/** What the settings say, as far as they can be read, and what surrounds them. */
export interface Draft {
  /** Values that break their own rule are replaced by defaults here; ask `isValid` before relying on one. */
  readonly settings: Settings;
  /** Whether the setting at the path, and everything within, keeps its own rule. */
  readonly isValid: (path: string) => boolean;
  /** Whether a path, relative to the project's folder, exists. */
  readonly fileExists: (path: string) => boolean;
  /** Keys of the stack's config that are not settings. */
  readonly otherKeys: ReadonlySet<string>;
  /** Keys of the stack's config that are encrypted. */
  readonly secretKeys: ReadonlySet<string>;
}

/** A rule between settings, or between a setting and its surroundings. */
export type CrossCheck = (draft: Draft) => SettingsProblem[];
