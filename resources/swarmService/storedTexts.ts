import { createHash, scryptSync } from "node:crypto";
import type Docker from "dockerode";
import { labels as ownLabels } from "../../host/labels";
import type { StoredText } from "./serviceSpec";

type Kind = "secrets" | "configs";

interface Listed {
  readonly ID: string;
  readonly Spec?: { readonly Name?: string };
}

/** The Swarm's limit for names. */
const nameLength = 64;

/**
 * Stores texts as secrets or configs of the Swarm, which cannot be changed: each content has a name of its own, and one that is
 * there is used as it is.
 *
 * @param texts by the path at which the service reads them
 */
export async function storeTexts(
  docker: Docker,
  kind: Kind,
  service: { readonly name: string; readonly labels: Readonly<Record<string, string>> },
  texts: Readonly<Record<string, string>>,
): Promise<StoredText[]> {
  if (Object.keys(texts).length === 0) return [];
  const stored = new Map(
    (await listTexts(docker, kind, service.name)).map(({ ID, Spec }) => [Spec?.Name, ID]),
  );
  const result: StoredText[] = [];
  for (const [path, text] of Object.entries(texts)) {
    const name = nameText(service.name, kind, path, text);
    const there = stored.get(name);
    const id = there ?? (await create(docker, kind, name, service, { path, text }));
    result.push({ id, name, path });
  }
  return result;
}

/** Removes those of a service that it does not use (any more). */
export async function removeUnusedTexts(
  docker: Docker,
  service: string,
  used: readonly StoredText[],
): Promise<void> {
  const ids = new Set(used.map(({ id }) => id));
  for (const kind of ["secrets", "configs"] as const) {
    for (const { ID: id } of await listTexts(docker, kind, service)) {
      if (ids.has(id)) continue;
      const text = kind === "secrets" ? docker.getSecret(id) : docker.getConfig(id);
      // A task that ends may still hold it: the next update removes it.
      await text.remove().catch(() => undefined);
    }
  }
}

async function listTexts(docker: Docker, kind: Kind, service: string): Promise<Listed[]> {
  const filters = { label: [`${ownLabels.service}=${service}`] };
  return (kind === "secrets"
    ? await docker.listSecrets({ filters })
    : await docker.listConfigs({ filters })) as unknown as Listed[];
}

async function create(
  docker: Docker,
  kind: Kind,
  name: string,
  service: { readonly name: string; readonly labels: Readonly<Record<string, string>> },
  { path, text }: { readonly path: string; readonly text: string },
): Promise<string> {
  const options = {
    Name: name,
    Labels: { ...service.labels, [ownLabels.service]: service.name },
    Data: Buffer.from(text).toString("base64"),
  };
  try {
    const created = (kind === "secrets"
      ? await docker.createSecret(options)
      : await docker.createConfig(options)) as unknown as { readonly id: string };
    return created.id;
  } catch (error) {
    throw new Error(
      `${path} of ${service.name} cannot be stored in the Swarm: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

/** Everyone who may list secrets sees their names: a plain hash of a short secret could be guessed. */
function nameText(service: string, kind: Kind, path: string, text: string): string {
  const salt = JSON.stringify([service, path]);
  const hash =
    kind === "secrets"
      ? scryptSync(text, salt, 8)
      : createHash("sha256").update(`${salt}${text}`).digest().subarray(0, 8);
  return `${service.slice(0, nameLength - 17)}-${hash.toString("hex")}`;
}
