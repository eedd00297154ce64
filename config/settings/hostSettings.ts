import { z } from "zod";
import { textOf } from "./rules";

const engineUri = textOf(
  /^(unix:\/\/\/|ssh:\/\/|tcp:\/\/)/,
  "must be `unix://` and the path of the engine's socket, `ssh://user@name`, or `tcp://name:2376`",
);

const certPath = textOf(/./, "must be a folder")
  .optional()
  .describe(
    "Folder of `ca.pem`, `cert.pem` and `key.pem` for `tcp://`, absolute or from the project's folder. " +
      "Default: `DOCKER_CERT_PATH`, else `~/.docker`",
  );

/** The engine that a stack is deployed to. */
export const hostSettings = z.strictObject({
  uri: engineUri
    .default("unix:///var/run/docker.sock")
    .describe(
      "The Docker Engine to deploy to. Over `ssh://` your own ssh config says the rest (key, known hosts, jump host); " +
        "`tcp://` is asked over TLS, without it on loopback only",
    ),
  certPath,
});

/** The engine of another node of a Swarm. */
export const nodeSettings = z.strictObject({
  uri: engineUri.describe("The node's Docker Engine, as in `host.uri`: mostly `ssh://user@name`"),
  certPath,
});
