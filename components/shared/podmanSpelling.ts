import { createHash } from "node:crypto";
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

/**
 * What Podman tells of a container otherwise than it was asked for: all capabilities one by one, options without their
 * values, volumes as `binds`. Compared with that, every update would replace every container (seen with 5.4).
 */
export const spelledOtherwise = [
  "capabilities",
  "healthcheck",
  "logOpts",
  "mounts",
  "securityOpts",
  "sysctls",
  "tmpfs",
] as const;

/** A label that changes with any of these, and thereby replaces the container: nobody reads labels back. */
export function buildSpellingLabel(
  args: docker.ContainerArgs,
): Record<string, pulumi.Output<string>> {
  const asked = pulumi.output(spelledOtherwise.map((name) => args[name]));
  const hash = asked.apply((values) =>
    createHash("sha256").update(JSON.stringify(values)).digest("hex").slice(0, 16),
  );
  return { "glasshouse.asked": hash };
}
