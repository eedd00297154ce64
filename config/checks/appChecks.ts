import { posix } from "node:path";
import type { SettingsProblem } from "../settingsProblem";
import type { CrossCheck } from "./draft";

export const checkDiscovery: CrossCheck = ({ settings }) =>
  settings.apps.flatMap(({ discovery, replicas }, index) =>
    discovery === "static" && replicas > 1
      ? [
          {
            path: `apps[${index}].discovery`,
            value: '"static"',
            rule: `must be \`dns\` for ${replicas} replicas: as one target, each scrape would reach any of them`,
            hint: "remove the line",
          },
        ]
      : [],
  );

export const checkWritablePaths: CrossCheck = ({ settings }) =>
  settings.apps.flatMap(({ writablePaths, secrets }, appIndex) => {
    const hasSecretFiles = Object.values(secrets).some(({ as }) => as === "file");
    const folders = writablePaths.map((path) => posix.resolve(path));
    return folders.flatMap((folder, index): SettingsProblem[] => {
      const rule = findFolderRule(folder, folders.indexOf(folder) < index, hasSecretFiles);
      if (rule === undefined) return [];
      const path = `apps[${appIndex}].writablePaths[${index}]`;
      return [{ path, value: JSON.stringify(writablePaths[index]), rule }];
    });
  });

function findFolderRule(folder: string, isRepeated: boolean, hasSecretFiles: boolean) {
  if (folder === "/") return "must be a folder below `/`";
  if (isRepeated) return "must not be listed twice";
  if (hasSecretFiles && `${secretsFolder}/`.startsWith(`${folder}/`)) {
    return `must not hide ${secretsFolder}, where the app's secrets are`;
  }
  return undefined;
}

const secretsFolder = "/run/secrets";
