import { posix } from "node:path";
import { listVolumeNames, secretsVolumeSuffix } from "../../appVolumes";
import { findFolder, groupByFolder } from "../fileSettings";
import { servers } from "../../servers/servers";
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
  settings.apps.flatMap(({ writablePaths, volumes, files, secrets }, appIndex) => {
    const hasSecretFiles = Object.values(secrets).some(({ as }) => as === "file");
    const given = [
      ...volumes.map(({ path }, index) => ({ path, place: `volumes[${index}].path` })),
      ...groupByFolder(files).map(([path, [first]]) => ({
        path,
        place: `files[${files.findIndex((file) => file === first)}].path`,
      })),
      ...writablePaths.map((path, index) => ({ path, place: `writablePaths[${index}]` })),
    ];
    const folders = given.map(({ path }) => posix.resolve(path));
    return given.flatMap(({ path, place }, index): SettingsProblem[] => {
      const folder = folders[index] ?? "";
      const rule = findFolderRule(folder, folders.indexOf(folder) < index, hasSecretFiles);
      if (rule === undefined) return [];
      return [{ path: `apps[${appIndex}].${place}`, value: JSON.stringify(path), rule }];
    });
  });

export const checkFiles: CrossCheck = ({ settings, fileExists, secretKeys }) =>
  settings.apps.flatMap(({ files }, appIndex) =>
    files.flatMap((file, index): SettingsProblem[] => {
      const { path, text, source, secret, reload } = file;
      const place = `apps[${appIndex}].files[${index}]`;
      if ([text, source, secret].filter((each) => each !== undefined).length !== 1) {
        return [{ path: place, rule: "must have either `text`, `source` or `secret`" }];
      }
      if (source !== undefined && !fileExists(source)) {
        const value = JSON.stringify(source);
        return [{ path: `${place}.source`, value, rule: "must be a file of the project" }];
      }
      if (secret !== undefined && !secretKeys.has(secret)) {
        const hint = `pulumi config set --secret ${secret}`;
        return [{ path: `${place}.secret`, rule: "must be a key of encrypted config", hint }];
      }
      const before = files.slice(0, index);
      if (before.some((other) => posix.resolve(other.path) === posix.resolve(path))) {
        return [{ path: `${place}.path`, rule: "must not be listed twice" }];
      }
      const sibling = before.find((other) => findFolder(other.path) === findFolder(path));
      if (sibling !== undefined && sibling.reload !== reload) {
        const rule = `must be ${sibling.reload}, as for ${sibling.path} in the same folder`;
        return [{ path: `${place}.reload`, rule }];
      }
      return [];
    }),
  );

export const checkAfter: CrossCheck = ({ settings: { apps }, isValid }) => {
  const followers = new Map(apps.map(({ name, after }) => [name, after]));
  return apps.flatMap(({ name, after }, index) =>
    after.flatMap((other, place): SettingsProblem[] => {
      const path = `apps[${index}].after[${place}]`;
      const value = JSON.stringify(other);
      if (!followers.has(other)) {
        if (!isValid("apps")) return [];
        return [{ path, value, rule: "must be the name of an app of this stack" }];
      }
      const way = findWay(followers, other, name);
      if (way === undefined) return [];
      const rule = `must not be an app that waits for this one: ${[name, ...way].join(" → ")}`;
      return [{ path, value, rule }];
    }),
  );
};

/** A volume of another app has to be there, and is that app's to configure. */
export const checkBorrowedVolumes: CrossCheck = ({ settings: { apps }, isValid }) => {
  if (!isValid("apps")) return [];
  const followers = new Map(
    apps.map(({ name, after, volumes }) => [
      name,
      [...after, ...volumes.flatMap(({ from }) => from ?? [])],
    ]),
  );
  return apps.flatMap((app, index) =>
    app.volumes.flatMap((volume, place): SettingsProblem[] => {
      const { name, from, readOnly, shared, temporary, backup } = volume;
      if (from === undefined) return [];
      const path = `apps[${index}].volumes[${place}]`;
      const given = { path: `${path}.from`, value: JSON.stringify(from) };
      const owner = apps.find((other) => other.name === from);
      if (owner === undefined || owner === app) {
        return [{ ...given, rule: "must be the name of another app of this stack" }];
      }
      const isShared = owner.volumes.some(
        (other) => other.shared && other.from === undefined && other.name === name,
      );
      if (!isShared) {
        const hint = `in ${from}: volumes: [{ name: ${name ?? "data"}, path: <folder>, shared: true }]`;
        return [
          { ...given, rule: `must be an app with a shared volume ${name ?? ""}`.trim(), hint },
        ];
      }
      const way = findWay(followers, from, app.name);
      if (way !== undefined) {
        const rule = `must not be an app that needs this one: ${[app.name, ...way].join(" → ")}`;
        return [{ ...given, rule }];
      }
      if (!readOnly && app.user !== owner.user) {
        const rule = `must be ${owner.user}, as for ${from}, whose volume ${name ?? ""} it writes to`;
        const hint = "or mount it with `readOnly: true`";
        return [{ path: `apps[${index}].user`, value: JSON.stringify(app.user), rule, hint }];
      }
      return Object.entries({ shared, temporary, backup: backup !== "stop" })
        .filter(([, isGiven]) => isGiven)
        .map(([key]) => ({
          path: `${path}.${key}`,
          rule: `is for ${from} to say, whose volume it is`,
        }));
    }),
  );
};

/** The names from one app to another that it waits for, however indirectly. */
function findWay(
  followers: ReadonlyMap<string, readonly string[]>,
  from: string,
  to: string,
  seen: ReadonlySet<string> = new Set(),
): string[] | undefined {
  if (from === to) return [to];
  if (seen.has(from)) return undefined;
  for (const next of followers.get(from) ?? []) {
    const way = findWay(followers, next, to, new Set([...seen, from]));
    if (way !== undefined) return [from, ...way];
  }
  return undefined;
}

/** A name that was made from the path would change with it, and the app would start with an empty volume. */
export const checkVolumeNames: CrossCheck = ({ settings, isValid }) => {
  const owners = new Map<string, string>(
    servers.flatMap((server) =>
      server.volumes.map(({ role }): [string, string] => [
        `${server.name}-${role}`,
        `a volume of ${server.title}`,
      ]),
    ),
  );
  for (const { name, secrets } of settings.apps) {
    if (Object.values(secrets).some(({ as }) => as === "file")) {
      owners.set(`${name}-${secretsVolumeSuffix}`, `the volume with the secrets of ${name}`);
    }
  }
  return settings.apps.flatMap((app, index): SettingsProblem[] => {
    if (!isValid(`apps[${index}]`)) return [];
    const unnamed = app.volumes.flatMap(({ name, temporary }, place) =>
      name !== undefined || temporary
        ? []
        : [
            {
              path: `apps[${index}].volumes[${place}].name`,
              rule: "is required",
              hint: "name: data; or, if the data may go with the app, `temporary: true`",
            },
          ],
    );
    const clashes = listVolumeNames(app).flatMap(({ name, place }) => {
      const path = `apps[${index}].volumes[${place}].name`;
      const owner = owners.get(name);
      owners.set(name, owner ?? path);
      if (owner === undefined || owner === path) return [];
      const rule = `must differ: its volume would be ${name}, and so is ${owner}`;
      return [{ path, value: JSON.stringify(app.volumes[place]?.name), rule }];
    });
    return [...unnamed, ...clashes];
  });
};

function findFolderRule(folder: string, isRepeated: boolean, hasSecretFiles: boolean) {
  if (folder === "/") return "must be a folder below `/`";
  if (isRepeated) return "must not be listed twice";
  if (hasSecretFiles && `${secretsFolder}/`.startsWith(`${folder}/`)) {
    return `must not hide ${secretsFolder}, where the app's secrets are`;
  }
  return undefined;
}

const secretsFolder = "/run/secrets";
