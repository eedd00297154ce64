import { existsSync } from "node:fs";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parseSettings } from "./parseSettings";
import { readConfigText } from "./readConfigText";
import type { Settings } from "./settings";
import { renderSettingsProblems } from "./settingsProblem";
import { buildUserMistake } from "../userMistake";

export interface StackSettings {
  readonly settings: Settings;
  /** The value of a config key that an app's secret names; stays encrypted in the state. */
  readonly secretOf: (configKey: string) => pulumi.Output<string>;
}

/**
 * Reads the stack's `glasshouse:` config, and logs a warning for each setting that is allowed but seldom meant.
 *
 * @throws pulumi.RunError with every mistake in it, without a stack trace
 */
export function readSettings(): StackSettings {
  const config = new pulumi.Config();
  const prefix = `${config.name}:`;
  const keys = Object.keys(pulumi.runtime.allConfig())
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
  const parsed = parseSettings(
    Object.fromEntries(keys.map((key) => [key, readConfigText(config.get(key) ?? "")])),
    {
      // Where `docker build` looks as well: the engine runs the program in the project's folder.
      fileExists: (path) => existsSync(resolve(path)),
      secretKeys: new Set(keys.filter((key) => isConfigSecret(prefix + key))),
    },
  );
  if ("problems" in parsed) throw buildUserMistake(renderSettingsProblems(parsed.problems));
  for (const warning of parsed.warnings) void pulumi.log.warn(warning);
  return {
    settings: parsed.settings,
    secretOf: (configKey) => config.requireSecret(configKey),
  };
}

// Exported, but left out of the type declarations as `@internal` (@pulumi/pulumi 3.256). A unit test holds it.
const { isConfigSecret } = pulumi.runtime as unknown as {
  readonly isConfigSecret: (key: string) => boolean;
};
