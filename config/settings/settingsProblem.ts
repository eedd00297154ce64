/** A mistake in the stack's settings; read as a sentence, `path` and then `rule`. */
export interface SettingsProblem {
  /** Where: `apps[2].replicas`, without the `glasshouse:` of the stack file. */
  readonly path: string;
  /** What was given, as it may be shown: at most its type for anything that may hold a secret. */
  readonly value?: string | undefined;
  /** What is allowed: `must be a whole number from 0 to 200`. */
  readonly rule: string;
  /** What to do. */
  readonly hint?: string | undefined;
}

/** The path of a setting, with `[n]` for places in a list and quotes around unusual names. */
export function renderPath(path: readonly PropertyKey[]): string {
  return path
    .map((key, depth) => {
      if (typeof key === "number") return `[${key}]`;
      if (!/^[A-Za-z_]\w*$/.test(String(key))) return `[${JSON.stringify(String(key))}]`;
      return depth === 0 ? String(key) : `.${String(key)}`;
    })
    .join("");
}

/** Whether a setting is the one at another path, or within it: `apps[2].port` is within `apps[2]` and `apps`. */
export function isWithin(path: string, group: string): boolean {
  return path.startsWith(group) && ["", ".", "["].includes(path.charAt(group.length));
}

/** All mistakes as one text for the terminal. */
export function renderSettingsProblems(problems: readonly SettingsProblem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const entries = problems.map(({ path, value, rule, hint }) =>
    [
      `  ${path} ${rule}`,
      ...(value === undefined ? [] : [`      given: ${value}`]),
      ...(hint === undefined ? [] : [`      hint:  ${hint}`]),
    ].join("\n"),
  );
  return [`${count} in the stack's settings:`, ...entries].join("\n");
}
