import { testLabels } from "../../config/alertmanager/testRoutes";
import type { AlertRule } from "./alertRules";
import { countWays, type RunningConfig, type RunningRoute } from "./runningConfig";
import { type Matcher, matches } from "./silences";

type Labels = Readonly<Record<string, string>>;
type Fit = "yes" | "no" | "maybe";

/** Only a test has them. */
const testNames: readonly string[] = Object.values(testLabels);

/** Alerts that nobody is told of. */
export interface Unrouted {
  /** `ContainerDown`, or `ContainerDown of shop` where it depends on the app. */
  readonly alerts: readonly string[];
  /** Whether these are all that there are. */
  readonly areAll: boolean;
}

/**
 * Looks for alerts whose route ends at a receiver that has no way to be told. Labels that only a series brings, such as `name`,
 * are unknown here: a route that asks for one may be taken or not.
 */
export function findUnrouted(
  { route = {}, receivers = [] }: RunningConfig,
  rules: readonly AlertRule[],
): Unrouted {
  const told = new Set(
    receivers.filter((each) => countWays(each).size > 0).map(({ name }) => name),
  );
  const apps = unique(rules.flatMap(({ labels }) => labels["app"] ?? []));
  // The watchdog is no fault.
  const faults = rules.filter(({ labels }) => labels["severity"] !== "none");
  const cases = faults.flatMap(({ name, labels }) => {
    const ofApps = labels["app"] === undefined ? ["", ...apps] : [labels["app"]];
    return ofApps.map((app) => ({ name, app, labels: { ...labels, alertname: name, app } }));
  });
  const untold = cases.filter(
    ({ labels }) => !listReceivers(route, labels).some((receiver) => told.has(receiver)),
  );
  return {
    alerts: unique(untold.map(({ name }) => name)).flatMap((name) => {
      const ofName = (list: typeof cases) => list.filter((each) => each.name === name);
      const some = ofName(untold);
      if (some.length === ofName(cases).length) return [name];
      return some.map(({ app }) => `${name} of ${app === "" ? "no app" : app}`);
    }),
    areAll: untold.length > 0 && untold.length === cases.length,
  };
}

/** Receivers that an alert with these labels may reach. */
function listReceivers(route: RunningRoute, labels: Labels, inherited = ""): string[] {
  const { receiver = inherited, routes = [] } = route;
  const found: string[] = [];
  let isTaken = false;
  for (const child of routes) {
    const fit = fits(child, labels);
    if (fit === "no") continue;
    found.push(...listReceivers(child, labels, receiver));
    isTaken ||= fit === "yes";
    if (fit === "yes" && child.continue !== true) break;
  }
  return isTaken ? found : [...found, receiver];
}

function fits({ matchers = [], match = {}, match_re = {} }: RunningRoute, labels: Labels): Fit {
  const isKnown = (name: string) => name in labels || testNames.includes(name);
  const all = [
    ...matchers.map(parseMatcher),
    ...Object.entries(match).map(([name, value]) => buildMatcher(name, "=", value)),
    ...Object.entries(match_re).map(([name, value]) => buildMatcher(name, "=~", value)),
  ];
  if (all.some((each) => each && isKnown(each.name) && !matches(each, labels))) return "no";
  return all.every((each) => each && isKnown(each.name)) ? "yes" : "maybe";
}

/** As Alertmanager writes it; undefined for what is not understood. */
function parseMatcher(text: string): Matcher | undefined {
  const [, name, operator = "", quoted = ""] =
    /^"?([^"=!~]+)"?(=~|!~|!=|=)(".*")$/s.exec(text) ?? [];
  return name === undefined
    ? undefined
    : buildMatcher(name, operator, JSON.parse(quoted) as string);
}

function buildMatcher(name: string, operator: string, value: string): Matcher {
  return { name, value, isRegex: operator.endsWith("~"), isEqual: operator.startsWith("=") };
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
