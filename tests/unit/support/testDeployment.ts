import * as docker from "@pulumi/docker";
import type { Deployment } from "../../../components/shared/deployment";
import type { EngineKind } from "../../../host/docker/detectEngine";
import { buildRemoveOrphan } from "../../../components/shared/removeOrphan";

/** Where the components under test are deployed to; after `recordPulumi`. */
export function createTestDeployment(
  dockerHost = { uri: "unix:///run/test.sock" },
  engineKind: EngineKind = "engine",
): Deployment {
  const labels = { "glasshouse.project": "glasshouse", "glasshouse.stack": "test" };
  return {
    dockerHost,
    engineKind,
    dockerProvider: new docker.Provider("engine", { host: dockerHost.uri }),
    registries: { logins: [], secretLogins: [] },
    presentContainers: new Map(),
    prefix: "glasshouse-test",
    labels,
    removeOrphan: buildRemoveOrphan(dockerHost, labels),
    rejectDataLoss: () => Promise.resolve(),
  };
}

/** The labels of `createTestDeployment`, as the Docker provider takes them. */
export const deploymentLabels = [
  { label: "glasshouse.project", value: "glasshouse" },
  { label: "glasshouse.stack", value: "test" },
];
