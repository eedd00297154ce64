import * as pulumi from "@pulumi/pulumi";
import { dockerApi } from "../../config/servers/dockerApi";
import type { Settings } from "../../config/settings/settings";
import type { ListedContainer } from "../../host/docker/listContainers";
import { buildPrefix, isOfThisStack } from "../shared/deployment";

/** Says in the preview of a stack that runs already that a container with the engine's socket joins it. */
export function tellNewSocket(settings: Settings, containers: readonly ListedContainer[]): void {
  if (!pulumi.runtime.isDryRun() || dockerApi.read(settings) === undefined) return;
  const own = containers.filter(isOfThisStack);
  const proxy = `/${buildPrefix()}-${dockerApi.name}`;
  if (own.length === 0 || own.some(({ Names }) => Names.includes(proxy))) return;
  void pulumi.log.warn(
    `${proxy.slice(1)} is new, and the only container of this stack with the engine's socket: a proxy that hands on a few ` +
      "read-only requests (docs/security.md). Without it: `discovery: { enabled: false }` and `exporters: { cadvisor: { deploy: false } }`.",
  );
}
