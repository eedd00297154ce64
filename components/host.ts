import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config/settings/settings";
import type { EngineKind } from "../host/docker/detectEngine";
import { type DockerHost, parseDockerHost } from "../host/access/dockerHost";
import type { ListedContainer } from "../host/docker/listContainers";
import { sshOptions } from "../host/access/sshConnection";
import { rejectDataLoss } from "./shared/dataLoss";
import { buildPrefix, buildStackLabels, type Deployment } from "./shared/deployment";
import { buildRegistryAuth, type Registries } from "./shared/registries";
import { buildRemoveOrphan } from "./shared/removeOrphan";

export interface HostArgs {
  readonly settings: Settings["host"];
  readonly registries: Registries;
  /** What answers at `settings.uri`. */
  readonly engineKind: EngineKind;
  /** The containers that are there already. */
  readonly containers: readonly Pick<ListedContainer, "Names" | "Mounts">[];
}

/** The Docker Engine that a stack is deployed to, and the names that the stack uses on it. */
export class Host extends pulumi.ComponentResource {
  readonly deployment: Deployment;

  constructor(name: string, args: HostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("glasshouse:host:Host", name, {}, opts);
    const { registries, settings: dockerHost } = args;
    const registryAuth = buildRegistryAuth(registries);
    const labels = buildStackLabels();
    this.deployment = {
      dockerHost,
      engineKind: args.engineKind,
      dockerProvider: new docker.Provider(
        `${name}-engine`,
        { ...buildProviderArgs(dockerHost), ...(registryAuth && { registryAuth }) },
        { parent: this },
      ),
      registries,
      presentContainers: new Map(
        args.containers.flatMap(({ Names: names, Mounts: mounts = [] }) =>
          names.map((each) => [each.slice(1), mounts] as const),
        ),
      ),
      prefix: buildPrefix(),
      labels,
      removeOrphan: buildRemoveOrphan(dockerHost, labels),
      rejectDataLoss: (owners) => rejectDataLoss(dockerHost, owners),
    };
    this.registerOutputs({});
  }
}

/** The provider connects by itself, also in a destroy without this program. */
function buildProviderArgs(dockerHost: DockerHost): docker.ProviderArgs {
  const host = dockerHost.uri;
  const parsed = parseDockerHost(dockerHost);
  if (parsed.kind === "ssh") return { host, sshOpts: [...sshOptions] };
  return parsed.kind === "tcp" && parsed.certPath !== undefined
    ? { host, certPath: parsed.certPath }
    : { host };
}
