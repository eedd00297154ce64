import { randomBytes } from "node:crypto";
import type { DockerHost } from "../host/access/dockerHost";
import { listDataVolumes } from "../host/docker/listDataVolumes";
import { labels } from "../host/labels";
import type { PulumiSession } from "./pulumiSession";
import { runOrReject } from "./run";
import { SetupError } from "./setupError";
import { readStackConfig, readStackFile } from "./stackFiles";
import { projectFolder, projectName } from "./versions";

/** An app, as far as it can be read before the program checks the stack file. */
interface UncheckedApp {
  readonly name?: unknown;
  readonly secrets?: Readonly<Record<string, { config?: unknown; generate?: unknown } | null>>;
}

/** The names of the apps with `generate: true`, by config keys that a stack file has no value for. */
export function findMissingSecrets(stackFile: string): Map<string, string[]> {
  const config = readStackConfig(stackFile);
  const apps = config["glasshouse:apps"];
  const missing = new Map<string, string[]>();
  for (const app of Array.isArray(apps) ? (apps as (UncheckedApp | null)[]) : []) {
    for (const secret of Object.values(app?.secrets ?? {})) {
      const key = secret?.config;
      if (secret?.generate !== true || typeof key !== "string") continue;
      if (`glasshouse:${key}` in config) continue;
      missing.set(key, [...(missing.get(key) ?? []), String(app?.name)]);
    }
  }
  return missing;
}

/**
 * Gives each missing secret a random value, encrypted in the stack file. There it outlives the stack, as the data do that it may be the
 * password of.
 *
 * @throws SetupError where such data are on the host already: a new password would not open them
 */
export async function generateSecrets(
  session: PulumiSession,
  stack: string,
  dockerHost: DockerHost,
): Promise<void> {
  const missing = findMissingSecrets(readStackFile(stack));
  if (missing.size === 0) return;
  const own = { [labels.project]: projectName, [labels.stack]: stack };
  const volumes = await listDataVolumes(dockerHost, own);
  for (const [key, apps] of missing) {
    const volume = volumes.find(({ app }) => app !== undefined && apps.includes(app));
    if (volume !== undefined) throw new SetupError(renderLost(stack, key, volume.name));
  }
  for (const key of missing.keys()) {
    const command = ["config", "set", "--secret", key, "--stack", stack, "--non-interactive"];
    // Not as an argument, which other users of the machine could see.
    const input = randomBytes(24).toString("base64url");
    await runOrReject([session.program, ...command], {
      cwd: projectFolder,
      env: session.env,
      input,
    });
    console.log(
      `  Pulumi.${stack}.yaml now has a random value for ${key}, encrypted. Keep it as long as the data that it opens.`,
    );
  }
}

function renderLost(stack: string, key: string, volume: string): string {
  return [
    `Pulumi.${stack}.yaml has no value for ${key}, and the volume ${volume} holds data that an earlier one may open. A new one would not.`,
    `  Put its lines back (\`glasshouse:${key}\` and \`encryptionsalt\`), or set the value that the data have:`,
    `      pulumi config set --secret ${key} --stack ${stack}`,
    `  or, if the data may go, remove them: docker volume rm ${volume}`,
    "  Then run the command again. Nothing was changed.",
  ].join("\n");
}
