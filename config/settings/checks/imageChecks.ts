import { posix } from "node:path";
import { isPinned, parseImageReference } from "../../parseImageReference";
import { listWantedServers } from "../../servers/servers";
import type { SettingsProblem } from "../settingsProblem";
import type { CrossCheck } from "./draft";

export const checkImageOrBuild: CrossCheck = ({ settings, isValid }) =>
  settings.apps.flatMap(({ image, build }, index) => {
    const path = `apps[${index}]`;
    const rule = "must have either `image` or `build`";
    if (!isValid(`${path}.image`) || !isValid(`${path}.build`)) return [];
    if (image !== undefined && build !== undefined) {
      return [{ path, value: "both", rule, hint: "remove one of the two" }];
    }
    if (image === undefined && build === undefined) {
      const hint = "add `image: <name>:<version>`, or `build: { context: <folder> }`";
      return [{ path, value: "neither", rule, hint }];
    }
    return [];
  });

/** Only what Glasshouse itself brings must be pinned; an app's image is the user's and gets a warning. */
export const checkPinnedImages: CrossCheck = ({ settings }) => {
  // By path: two servers may have one image.
  const references = new Map([
    ["builds.baseImage", settings.builds.baseImage],
    ...listWantedServers(settings).map(
      ({ server, path, settings: { image } }) =>
        [`${path}.${server.imageKey ?? "image"}`, image] as const,
    ),
  ]);
  return [...references].flatMap(([path, image]): SettingsProblem[] => {
    const reference = parseImageReference(image);
    if (reference === undefined || isPinned(reference)) return [];
    const rule = "must name a version: a tag other than `latest`, or a digest";
    return [
      { path, value: JSON.stringify(image), rule, hint: `write ${reference.name}:<version>` },
    ];
  });
};

export const checkBuildFolders: CrossCheck = ({ settings, isValid, fileExists }) =>
  settings.apps.flatMap(({ build }, index): SettingsProblem[] => {
    const path = `apps[${index}].build`;
    if (build === undefined || !isValid(path)) return [];
    const { context, dockerfile } = build;
    if (!fileExists(context)) {
      const hint = "a relative path starts at the project's folder";
      const rule = "must be an existing folder";
      return [{ path: `${path}.context`, value: JSON.stringify(context), rule, hint }];
    }
    // The engine is given the folder and nothing else.
    const isOutside =
      posix.isAbsolute(dockerfile) || /^\.\.(\/|$)/.test(posix.normalize(dockerfile));
    if (isOutside || !fileExists(posix.join(context, dockerfile))) {
      const rule = `must be a file in ${context}`;
      return [{ path: `${path}.dockerfile`, value: JSON.stringify(dockerfile), rule }];
    }
    return [];
  });
