import { z } from "zod";
import { nodeSettings } from "./hostSettings";
import { registryFolder, textOf, wholeNumber } from "./rules";

/** Whether apps run as services of a Swarm, and how its nodes come by images. */
export const swarmSettings = z.strictObject({
  mode: z
    .enum(["off", "use", "init"])
    .default("off")
    .describe(
      "`off`: apps are containers of the host. `use`: apps are services of the Swarm that the host manages. `init`: the " +
        "same, and where there is no Swarm, one of this host alone is made; `npm run down` leaves only what it made",
    ),
  nodes: z
    .array(nodeSettings)
    .default([])
    .describe(
      "The engines of the other nodes, which are handed the images that no registry has; over `ssh://`, they are given what " +
        "`engineMetrics` says as well. Default: apps with such an image stay on the manager, and other engines' settings as they are",
    ),
  registry: registryFolder
    .optional()
    .describe(
      "Registry that built images are pushed to, and that all nodes pull them from. Its log-in is in `registryAuth`. " +
        "Default: none",
    ),
});

const constraint = textOf(
  /^\S+\s*(==|!=)\s*\S+$/,
  "must compare an attribute of nodes, such as `node.labels.disk==ssd`",
);

const nodeLabel = textOf(
  /^(node|engine)\.labels\.\S+$/,
  "must be a label of nodes, such as `node.labels.zone`",
);

/** Which nodes of a Swarm an app may run on. */
export const placementSettings = z.strictObject({
  constraints: z
    .array(constraint)
    .default([])
    .describe("What a node must be like, such as `node.role==worker`; all of them have to hold"),
  spread: z
    .array(nodeLabel)
    .default([])
    .describe("Labels of nodes; replicas are spread evenly over their values"),
  maxReplicasPerNode: wholeNumber(1, 200)
    .optional()
    .describe("Replicas that one node may run. Default: any number"),
});

/** How a Swarm replaces the replicas of an app. */
export const updateSettings = z.strictObject({
  parallelism: wholeNumber(1, 200).default(1).describe("Replicas that are replaced at a time"),
  order: z
    .enum(["start-first", "stop-first"])
    .optional()
    .describe(
      "Whether a new replica serves before the old one stops. Default: `start-first`; `stop-first` for an app with a " +
        "published port or a volume, which two replicas cannot have at a time",
    ),
  monitorSeconds: wholeNumber(1, 3600)
    .default(5)
    .describe("Seconds for which a replaced replica has to run on, else the update has failed"),
  failureAction: z
    .enum(["rollback", "pause"])
    .default("rollback")
    .describe("What a failed update does: `rollback` brings the version before back"),
});

export type SwarmSettings = z.output<typeof swarmSettings>;
