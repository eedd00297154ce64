import { componentTypes, foreignTypes, typeToken } from "../../../resources/types";
import type { Preview, Step, Values } from "./preview";
import type { Words } from "./words";

/** One line of a report. */
export interface Change {
  /** What it is about, by the name a user knows it by: an app, `Prometheus`, `HOST`. */
  readonly subject: string;
  readonly words: Words;
  /** Why a reviewer should look twice; undefined for an everyday change. */
  readonly risk?: string;
}

export const types = {
  stack: foreignTypes.stack,
  provider: foreignTypes.dockerProvider,
  container: foreignTypes.container,
  image: foreignTypes.remoteImage,
  builtImage: typeToken("BuiltImage"),
  network: typeToken("BridgeNetwork"),
  overlay: typeToken("OverlayNetwork"),
  volume: typeToken("Volume"),
  password: foreignTypes.password,
  app: componentTypes.app,
} as const;

export function ofType({ steps }: Pick<Preview, "steps">, type: string): Step[] {
  return steps.filter((step) => step.type === type);
}

export function isChange({ operation }: Step): boolean {
  return operation !== "same";
}

/** Names of the containers that the plan makes, replaces, removes or changes while they run. */
export function findTouchedContainers(preview: Pick<Preview, "steps">): Set<string> {
  const touched = ofType(preview, types.container).filter(isChange);
  const changedWhileRunning = ofType(preview, typeToken("RunningContainers"))
    .filter((step) => step.operation === "update" && findLimitChanges(step).length > 0)
    .flatMap(({ after }) => Object.keys(asValues(after?.["containers"])));
  const drifted = ofType(preview, typeToken("RunningContainers")).flatMap(({ found }) =>
    Object.keys(asValues(found["drift"])),
  );
  return new Set([...touched.map(({ name }) => name), ...changedWhileRunning, ...drifted]);
}

/** What `RunningContainers` would change in running containers. */
function findLimitChanges({ before, after }: Step): string[] {
  return ["memoryMb", "cpus", "pids", "alias", "network"].filter(
    (key) => before !== undefined && after !== undefined && before[key] !== after[key],
  );
}

export function asValues(value: unknown): Values {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Values)
    : {};
}

export function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}
