import { createRequire } from "node:module";
import type { Crud } from "../crud";

type Properties = Record<string, unknown>;

/** The resource types that there is code for, by the module of `providers/` that has it. */
export const providedTypes = {
  Bridge: "bridge",
  BuiltImage: "builtImage",
  DaemonSettings: "daemonSettings",
  GrafanaReload: "grafanaReload",
  PrometheusReload: "prometheusReload",
  Readiness: "readiness",
  Turn: "turn",
  Volume: "volume",
  VolumeFiles: "volumeFiles",
} as const;

const modules = new Map<string, string>(Object.entries(providedTypes));
const load = createRequire(__filename);

/**
 * The code that a resource lives by. It is loaded here and not on import: a stack uses few of them at a time, and every
 * preview waits for them.
 *
 * @param urn `urn:pulumi:<stack>::<project>::<parents' types>$pulumi-nodejs:glasshouse:<type>::<name>`
 * @throws Error for a type that is none of ours
 */
export function findProvider(urn: string): Crud<Properties, Properties> {
  const [, , types = ""] = urn.split("::");
  const module = modules.get(types.split(":").at(-1) ?? "");
  if (module === undefined) throw new Error(`There is no provider for the type of ${urn}.`);
  // Each knows what its own resources hold; here that is only passed on.
  return (load(`../${module}.ts`) as { provider: Crud<Properties, Properties> }).provider;
}
