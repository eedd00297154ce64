import type { DockerHost } from "../../host/access/dockerHost";
import { labels } from "../../host/labels";
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { EngineKind } from "../../host/docker/detectEngine";
import type { ListedMount } from "../../host/docker/listContainers";
import type { VolumeOwner } from "./dataLoss";
import type { ListedContainer } from "../../host/docker/listContainers";
import { buildPrefix as buildPrefixOf } from "../../resources/types";
import type { Registries } from "./registries";

/** Where a stack is deployed to, and under which names: the same for all of its components. */
export interface Deployment {
  /** The Docker Engine. */
  readonly dockerHost: DockerHost;
  /** What answers there. */
  readonly engineKind: EngineKind;
  /** The Docker provider for that engine. */
  readonly dockerProvider: docker.Provider;
  readonly registries: Registries;
  /** What the containers that are on the host already have mounted, by name; those of others too. */
  readonly presentContainers: ReadonlyMap<string, readonly ListedMount[]>;
  /** Starts every name on the host: `<project>-<stack>`. */
  readonly prefix: string;
  /** Labels of everything that can carry labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** Frees the name of a container or a network before it is made. */
  readonly removeOrphan: pulumi.ResourceHook;
  /** Ends the update before a container is created whose image keeps data where nothing is mounted. */
  readonly rejectDataLoss: (owners: readonly VolumeOwner[]) => Promise<void>;
}

/** The labels by which everything of this stack is known on a host. */
export function buildStackLabels(): Record<string, string> {
  return { [labels.project]: pulumi.getProject(), [labels.stack]: pulumi.getStack() };
}

/** Starts the name of everything of this stack on a host. */
export function buildPrefix(): string {
  return buildPrefixOf(pulumi.getProject(), pulumi.getStack());
}

/** Whether something on a host carries this stack's labels. */
export function isOfThisStack({ Labels }: Pick<ListedContainer, "Labels">): boolean {
  return Object.entries(buildStackLabels()).every(([key, value]) => Labels[key] === value);
}
