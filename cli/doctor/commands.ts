import {
  type DockerHost,
  isSameEngine,
  localDockerHost,
  parseDockerHost,
} from "../../host/access/dockerHost";
import type { Facts } from "./facts";

/** The commands that fixes are made of, with this stack's name and engine in them. */
export interface Commands {
  readonly docker: string;
  /** Lets Pulumi refresh, and recreate what is missing or different. */
  readonly repair: string;
  readonly up: string;
  readonly doctor: string;
}

export function buildCommands({
  stack,
  dockerHost,
}: Pick<Facts, "stack" | "dockerHost">): Commands {
  return {
    docker: renderDocker(dockerHost),
    repair: `pulumi up --refresh --stack ${stack}`,
    up: `npm run up -- --stack ${stack}`,
    doctor: `npm run doctor -- --stack ${stack}`,
  };
}

/** Docker's command line for an engine. */
function renderDocker(dockerHost: DockerHost): string {
  if (isSameEngine(dockerHost, localDockerHost)) return "docker";
  const parsed = parseDockerHost(dockerHost);
  const certPath = parsed.kind === "tcp" ? parsed.certPath : undefined;
  const tls = certPath === undefined ? "" : `DOCKER_CERT_PATH=${certPath} DOCKER_TLS_VERIFY=1 `;
  return `${tls}docker --host ${dockerHost.uri}`;
}
