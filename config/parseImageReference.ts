/** The parts of an image reference: `registry:5000/team/app:1.2.3@sha256:…`. */
export interface ImageReference {
  /** Everything before tag and digest, with the registry if one is named. */
  readonly name: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

// The grammar of https://pkg.go.dev/github.com/distribution/reference. The port of a registry stands before a slash,
// which is how `registry:5000/app` is told from a tag.
const host = "[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\\d{1,5})?";
const component = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
export const imageReferencePattern = new RegExp(
  `^(?<name>(?:${host}/)?${component}(?:/${component})*)` +
    "(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>sha256:[a-f0-9]{64}))?$",
);

// Docker takes the first part of a name for a registry only if it could not be the name of a user.
const namesRegistry = "(?=localhost(?:[:/]|$)|[^/]*[.:])";
export const registryPattern = new RegExp(`^${namesRegistry}${host}$`);
export const registryFolderPattern = new RegExp(`^${namesRegistry}${host}(?:/${component})*$`);
export const mirrorPattern = new RegExp(
  `^${namesRegistry}${host}(?:/(?:${component}|\\{registry\\}))*$`,
);

/** Takes an image reference apart; `undefined` if it is none. */
export function parseImageReference(text: string): ImageReference | undefined {
  const groups = imageReferencePattern.exec(text)?.groups;
  if (groups?.["name"] === undefined) return undefined;
  return { name: groups["name"], tag: groups["tag"], digest: groups["digest"] };
}

/** Whether the reference keeps its meaning over time: it has a digest, or a tag other than `latest`. */
export function isPinned({ tag, digest }: ImageReference): boolean {
  return digest !== undefined || (tag !== undefined && tag !== "latest");
}

/** Where an image is, in full: short names are Docker Hub's. */
export interface ImageLocation {
  /** Registry with its port; `docker.io` for Docker Hub, whatever it was called. */
  readonly registry: string;
  /** Name on that registry, without tag and digest. */
  readonly repository: string;
}

const dockerHub = "docker.io";
const namesOfDockerHub = [dockerHub, "index.docker.io", "registry-1.docker.io"];

/**
 * Completes an image's name as Docker does.
 *
 * @param name without tag and digest
 * @see https://pkg.go.dev/github.com/distribution/reference#ParseNormalizedNamed
 */
export function locateImage(name: string): ImageLocation {
  const [first = "", ...rest] = name.split("/");
  const named = rest.length > 0 && registryPattern.test(first);
  const registry = named ? normalizeRegistry(first) : dockerHub;
  const repository = named ? rest.join("/") : name;
  const isOfficial = registry === dockerHub && !repository.includes("/");
  return { registry, repository: isOfficial ? `library/${repository}` : repository };
}

/** One name for each registry. */
export function normalizeRegistry(host: string): string {
  const name = host.toLowerCase();
  return namesOfDockerHub.includes(name) ? dockerHub : name;
}
