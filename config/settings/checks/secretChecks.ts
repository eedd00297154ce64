import { listSecretFiles } from "../../alertmanager/secretFiles";
import { findNearestName } from "../findNearestName";
import { type Settings, settingsSchema } from "../settings";
import { listJobSecrets } from "../../prometheus/externalJobs";
import { renderPath, type SettingsProblem } from "../settingsProblem";
import type { CrossCheck } from "./draft";

/** A secret arrives as an environment variable too: `NAME`, or `NAME_FILE` with the path of the file. */
export const checkSecretNames: CrossCheck = ({ settings, isValid }) =>
  settings.apps.flatMap(({ environment, secrets }, index) => {
    const variables = new Map(
      Object.keys(environment).map((name) => [name, `apps[${index}].environment`]),
    );
    return Object.entries(secrets).flatMap(([name, { as }]): SettingsProblem[] => {
      const path = renderPath(["apps", index, "secrets", name]);
      if (!isValid(path)) return [];
      const own = as === "file" ? [name, `${name}_FILE`] : [name];
      for (const variable of own) {
        const other = variables.get(variable);
        if (other === undefined) continue;
        const rule = `must not set the variable ${variable}, which ${other} sets too`;
        return [{ path, rule, hint: "remove one of the two" }];
      }
      for (const variable of own) variables.set(variable, path);
      return [];
    });
  });

export const checkSecretKeys: CrossCheck = ({ settings, isValid, otherKeys, secretKeys }) => {
  const generated = new Set(
    settings.apps.flatMap(({ secrets }) =>
      Object.values(secrets).flatMap((secret) => (secret.generate ? [secret.config] : [])),
    ),
  );
  return listNamedKeys(settings).flatMap(({ path, key }): SettingsProblem[] => {
    if (!isValid(path)) return [];
    const value = JSON.stringify(key);
    if (Object.hasOwn(settingsSchema.shape, key)) {
      return [{ path, value, rule: "must not be a setting's own key", hint: howToSet("<key>") }];
    }
    if (!otherKeys.has(key)) {
      const nearest = findNearestName(key, [...secretKeys]);
      const hint = generated.has(key)
        ? "`npm run up` generates it"
        : nearest === undefined
          ? howToSet(key)
          : `did you mean "${nearest}"?`;
      return [{ path, value, rule: "must be a key that the stack's config has", hint }];
    }
    if (!secretKeys.has(key)) {
      const rule = "must be a key that is stored encrypted";
      return [{ path, value, rule, hint: howToSet(key) }];
    }
    return [];
  });
};

function listNamedKeys({
  apps,
  registryAuth,
  scrapeJobs,
  alertmanager,
}: Settings): { path: string; key: string }[] {
  return [
    ...apps.flatMap(({ secrets }, index) =>
      Object.entries(secrets).map(([name, { config: key }]) => ({
        path: renderPath(["apps", index, "secrets", name, "config"]),
        key,
      })),
    ),
    ...registryAuth.map(({ password }, index) => ({
      path: `registryAuth[${index}].password.config`,
      key: password.config,
    })),
    ...scrapeJobs.flatMap((job, index) =>
      listJobSecrets(job).map(({ setting, key }) => ({
        path: `scrapeJobs[${index}].${setting}.config`,
        key,
      })),
    ),
    ...listSecretFiles(alertmanager),
  ];
}

/** A value encrypted in the midst of a setting would reach the state and `docker inspect` in plain text. */
export const checkEncryptedSettings: CrossCheck = ({ secretKeys }) =>
  Object.keys(settingsSchema.shape)
    .filter((key) => secretKeys.has(key))
    .map((path) => ({
      path,
      rule: "must not be encrypted, nor hold an encrypted value",
      hint: "set the value under a key of its own, and name that key in the app's `secrets`, the log-in's `password` or the receiver",
    }));

function howToSet(key: string): string {
  return `pulumi config set --secret ${key}`;
}
