import type * as pulumi from "@pulumi/pulumi";
import { HostResource } from "./hostResource";

export interface VolumeFilesArgs {
  readonly dockerHost: string;
  readonly volume: pulumi.Input<string>;
  readonly image: pulumi.Input<string>;
  readonly files: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** User and group that own the files. Default: root's */
  readonly uid?: number;
  readonly gid?: number;
  /** Permission bits. Default: 0o444, since the reader is another user than the owner */
  readonly mode?: number;
  readonly check?: string[];
}

/** Files in a named volume; see `providers/volumeFiles.ts`. */
export class VolumeFiles extends HostResource {
  /** Changes with every write. */
  declare readonly revision: pulumi.Output<string>;

  constructor(name: string, args: VolumeFilesArgs, opts?: pulumi.CustomResourceOptions) {
    const { uid = 0, gid = 0, mode = 0o444 } = args;
    super("VolumeFiles", name, { ...args, uid, gid, mode, revision: undefined }, opts);
  }
}
