import { normalizeRegistry } from "../../parseImageReference";
import type { SettingsProblem } from "../settingsProblem";
import type { CrossCheck } from "./draft";

export const checkMirror: CrossCheck = ({ settings: { imageMirror }, isValid }) =>
  imageMirror.except.length > 0 && imageMirror.registry === undefined && isValid("imageMirror")
    ? [
        {
          path: "imageMirror.registry",
          rule: "is required with `except`",
          hint: "name the mirror, or remove `imageMirror`",
        },
      ]
    : [];

/** The engine is given one log-in for each registry. */
export const checkRegistries: CrossCheck = ({ settings: { registryAuth }, isValid }) => {
  const registries = registryAuth.map(({ registry }) => normalizeRegistry(registry));
  return registries.flatMap((registry, index): SettingsProblem[] => {
    const path = `registryAuth[${index}].registry`;
    const first = registries.indexOf(registry);
    if (first === index || !isValid(path)) return [];
    const rule = `must differ from registryAuth[${first}].registry`;
    return [{ path, value: JSON.stringify(registryAuth[index]?.registry), rule }];
  });
};
