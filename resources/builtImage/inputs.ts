import type { DockerHost } from "../../host/access/dockerHost";
import type { RegistryLogin } from "../../host/build/buildImage";

export interface BuiltImageInputs {
  /** The Docker Engine that builds the image and holds it. */
  readonly dockerHost: DockerHost;
  /** Name of the image, without its tag; one that is pushed begins with its registry. */
  readonly repository: string;
  /** Whether it is pushed, for the other nodes of a Swarm. Default: false */
  readonly isPushed?: boolean;
  /** The tag: a hash of everything that goes into the build. */
  readonly hash: string;
  /** Folder with the Dockerfile, relative to the project. */
  readonly context: string;
  /** Path of the Dockerfile, relative to the folder. */
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Log-ins for the images that the build starts from, and for the push; of no use afterwards, so that the outputs hold none. */
  readonly logins: readonly RegistryLogin[];
}
