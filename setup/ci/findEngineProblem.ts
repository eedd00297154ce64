import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { connectDocker } from "../../engine/connectDocker";
import { readMessage } from "../../engine/engineSettingsError";
import { settingsSchema } from "../../config/settings";
import { projectFolder } from "../versions";

const patienceSeconds = 20;

/**
 * Why the engine that a stack file names gives no sign of life.
 *
 * @returns undefined when it does, and for a stack file that names none that could be asked: the preview says that better
 */
export async function findEngineProblem(stack: string): Promise<string | undefined> {
  const uri = readHostUri(stack);
  if (uri === undefined) return undefined;
  const patience = AbortSignal.timeout(patienceSeconds * 1000);
  const given = new Promise<string>((resolve) => {
    patience.addEventListener("abort", () =>
      resolve(`${uri}: no answer after ${patienceSeconds} s`),
    );
  });
  return Promise.race([given, ping(uri)]);
}

async function ping(uri: string): Promise<string | undefined> {
  try {
    await (await connectDocker(uri)).ping();
    return undefined;
  } catch (error) {
    return `${uri}: ${readMessage(error)}`;
  }
}

function readHostUri(stack: string): string | undefined {
  const file = join(projectFolder, `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) return undefined;
  try {
    const { config } = (parse(readFileSync(file, "utf8")) ?? {}) as {
      config?: Record<string, unknown> | null;
    };
    const host = settingsSchema.shape.host.safeParse(config?.["glasshouse:host"] ?? {});
    return host.data?.uri;
  } catch {
    return undefined;
  }
}
