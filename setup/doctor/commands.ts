import type { Facts } from "./facts";

/** The commands that fixes are made of, with this stack's name and engine in them. */
export interface Commands {
  readonly docker: string;
  /** Lets Pulumi look at the host, and make what is gone or different anew. */
  readonly repair: string;
  readonly up: string;
  readonly doctor: string;
}

export function buildCommands({
  stack,
  dockerHost,
}: Pick<Facts, "stack" | "dockerHost">): Commands {
  const isDefault = dockerHost === "unix:///var/run/docker.sock";
  return {
    docker: isDefault ? "docker" : `docker --host ${dockerHost}`,
    repair: `pulumi up --refresh --stack ${stack}`,
    up: `npm run up -- --stack ${stack}`,
    doctor: `npm run doctor -- --stack ${stack}`,
  };
}
