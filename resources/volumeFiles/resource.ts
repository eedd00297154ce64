import type * as pulumi from "@pulumi/pulumi";
import type { FileOwner } from "../../host/docker/archive";
import { HostResource } from "../hostResource";
import type { ResourceArgs } from "../resourceArgs";
import type { VolumeFilesInputs } from "./inputs";

/** Owner and permission bits default to root's and 0o444, since the reader is another user than the owner. */
export type VolumeFilesArgs = ResourceArgs<
  Omit<VolumeFilesInputs, keyof FileOwner> & Partial<FileOwner>
>;

/** Files in a named volume. */
export class VolumeFiles extends HostResource {
  /** Changes with every write. */
  declare readonly revision: pulumi.Output<string>;

  constructor(name: string, args: VolumeFilesArgs, opts?: pulumi.CustomResourceOptions) {
    const { uid = 0, gid = 0, mode = 0o444 } = args;
    super("VolumeFiles", name, { ...args, uid, gid, mode, revision: undefined }, opts);
  }
}
