import type { Network } from "./install/detectNetwork";
import { readStackConfig } from "./stackFiles";

interface FirstUp {
  /** Whether the stack was created just now. */
  readonly isNew: boolean;
  readonly network: Network;
  /** Text of the stack file. */
  readonly stackFile: string;
}

/**
 * What `glasshouse:dashboards` of a stack has to be set to at its first `up`: the page that comes along, where Grafana's
 * image is out of reach. Undefined for a stack whose file says something about it, and at every later `up`: from then on
 * only the stack file decides, whatever can be reached that day.
 */
export function chooseDashboards({ isNew, network, stackFile }: FirstUp): "board" | undefined {
  const config = readStackConfig(stackFile);
  const isDecided = "glasshouse:dashboards" in config || "glasshouse:grafana" in config;
  return isNew && network === "registries" && !isDecided ? "board" : undefined;
}

/** Whether a stack file wants the page that comes along, as far as that can be told before the program checks it. */
export function wantsBoard(stackFile: string): boolean {
  const wanted = readStackConfig(stackFile)["glasshouse:dashboards"];
  return wanted === "board" || wanted === "both";
}
