import { parse } from "yaml";
import { type AlertmanagerPlace, askAlertmanager } from "./askAlertmanager";

export interface RunningRoute {
  readonly receiver?: string;
  readonly matchers?: readonly string[];
  readonly match?: Readonly<Record<string, string>>;
  readonly match_re?: Readonly<Record<string, string>>;
  readonly continue?: boolean;
  readonly routes?: readonly RunningRoute[];
}

/** What is read of the configuration that Alertmanager runs. */
export interface RunningConfig {
  readonly route?: RunningRoute;
  readonly receivers?: readonly RunningReceiver[];
}

export type RunningReceiver = { readonly name: string } & Readonly<Record<string, unknown>>;

export async function readRunningConfig(place: AlertmanagerPlace): Promise<RunningConfig> {
  const { config } = JSON.parse(await askAlertmanager(place, "/api/v2/status")) as {
    config: { original: string };
  };
  return parse(config.original) as RunningConfig;
}

/** How many ways of each kind, such as `slack`, a receiver is told by. */
export function countWays(receiver: RunningReceiver): Map<string, number> {
  return new Map(
    Object.entries(receiver).flatMap(([key, list]): [string, number][] =>
      key.endsWith("_configs") && Array.isArray(list) && list.length > 0
        ? [[key.slice(0, -"_configs".length), list.length]]
        : [],
    ),
  );
}
