import type { SettingsProblem } from "../settingsProblem";
import type { CrossCheck } from "./draft";

export const checkPanels: CrossCheck = ({ settings, isValid }) =>
  settings.apps.flatMap(({ panels }, appIndex) =>
    panels.flatMap(({ use, title, query, queries, kind }, index): SettingsProblem[] => {
      const path = `apps[${appIndex}].panels[${index}]`;
      if (!isValid(path)) return [];
      if (use !== undefined) {
        if (title === undefined && query === undefined && queries.length === 0) return [];
        return [{ path, rule: "must have either `use`, or `title` and `query`" }];
      }
      const missing = Object.entries({ title, query }).flatMap(([name, value]) =>
        value === undefined ? [{ path: `${path}.${name}`, rule: "is required" }] : [],
      );
      if (kind === "graph" || queries.length === 0) return missing;
      const rule = "must be left out for `kind: number`, which shows one value";
      return [...missing, { path: `${path}.queries`, rule }];
    }),
  );
