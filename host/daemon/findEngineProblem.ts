import { adviceByKind, type EngineKind } from "../docker/detectEngine";

/**
 * Why a stack cannot be deployed to a kind of engine, and what to do instead.
 *
 * @param mode of `engineMetrics`: who keeps the engine's metrics setting
 * @returns undefined when it can
 */
export function findEngineProblem(
  kind: EngineKind,
  mode: "managed" | "external" | "off",
): string | undefined {
  if (kind === "windows") {
    return "It runs Windows containers, and a stack is made of Linux containers. Switch it to Linux containers, or name another engine in `host.uri`.";
  }
  if (mode === "managed") return adviceByKind[kind];
  // There is nothing that another owner could have switched on.
  return mode === "external" && kind === "podman" ? adviceByKind.podman : undefined;
}
