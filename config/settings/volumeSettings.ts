import { z } from "zod";
import { absolutePath, dnsLabel } from "./rules";

/** A folder of an app whose content outlives its containers. */
export const volumeSettings = z.strictObject({
  name: dnsLabel
    .optional()
    .describe(
      "Name; the volume is `<project>-<stack>-<app>-<name>-<n>`, without the number where it is `shared`. Needed " +
        "unless it is `temporary`. Default: made from `path`",
    ),
  path: absolutePath.describe("Folder inside the container that it is mounted at"),
  shared: z
    .boolean()
    .default(false)
    .describe("Whether all replicas have the same volume; otherwise each has its own"),
  from: dnsLabel
    .optional()
    .describe(
      "App whose volume of this `name` is mounted, instead of one of its own. It has to be `shared` there, and belongs to that " +
        "app's `user`: an app that also writes to it has to run as the same user",
    ),
  readOnly: z.boolean().default(false).describe("Whether the app can only read it"),
  backup: z
    .enum(["stop", "pause", "none"])
    .default("stop")
    .describe(
      "What `npm run backup` does with those who write to it, while it is copied: `stop`, which every database can be " +
        "restored from; `pause`, after which a restored app starts as after a power failure; `none`: it is in no backup",
    ),
  temporary: z
    .boolean()
    .default(false)
    .describe(
      "Whether its data may go: the volume is removed with the app, and is in no backup. It is on the engine's disk, so " +
        "that it does not count as memory; `writablePaths` are in memory",
    ),
});

/** What a backup does with those who write to a volume; `none` leaves the volume out. */
export type BackupMode = z.output<typeof volumeSettings>["backup"];
export type VolumeSettings = z.output<typeof volumeSettings>;
