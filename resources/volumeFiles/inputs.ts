import type { DockerHost } from "../../host/access/dockerHost";
import type { FileOwner, Files } from "../../host/docker/archive";

export interface VolumeFilesInputs extends FileOwner {
  /** The Docker Engine. */
  readonly dockerHost: DockerHost;
  /** Name of the volume that holds the files. */
  readonly volume: string;
  /** Local image with the commands that are run: a shell's usual ones, and `check`. */
  readonly image: string;
  /** All files that Glasshouse keeps in the volume, by path. */
  readonly files: Files;
  /**
   * Command that must succeed on the new files before any of them reaches the volume; they lie in its working
   * directory. What it says is the error.
   */
  readonly check?: string[];
  /** What the volume hides when it is mounted; files of the image there, other than these, are an error. */
  readonly mountedOver?: { readonly image: string; readonly folder: string };
}
