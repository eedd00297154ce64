import { locateImage, normalizeRegistry, parseImageReference } from "./parseImageReference";
import { servers } from "./servers/servers";
import type { ImageMirrorSettings, Settings } from "./settings/settings";

/** The base and Prometheus that `cli/install/` makes on networks with package registries only: no registry has them. */
const madeOnHost = "docker.io/glasshouse";

/** The settings with every image reference led to the mirror; without one, as they are. */
export function mirrorImages(settings: Settings): Settings {
  const { imageMirror, builds, apps } = settings;
  if (imageMirror.registry === undefined) return settings;
  const mirrored = (reference: string) => mirrorReference(reference, imageMirror);
  const withServers = listImagePaths().reduce((all, path) => mapAt(all, path, mirrored), settings);
  return {
    ...withServers,
    builds: { ...builds, baseImage: mirrored(builds.baseImage) },
    apps: apps.map((app) => ({
      ...app,
      ...(app.image !== undefined && { image: mirrored(app.image) }),
      ...(app.build && {
        build: { ...app.build, args: mirrorBaseImage(app.build.args, mirrored) },
      }),
    })),
  };
}

/** Two servers may have one image. */
function listImagePaths(): string[][] {
  const paths = servers.map(({ settingsPath, imageKey = "image" }) => [...settingsPath, imageKey]);
  return [...new Map(paths.map((path) => [path.join("."), path])).values()];
}

/** A copy in which the text at a path is another one. */
function mapAt<T>(
  value: T,
  [key = "", ...rest]: readonly string[],
  map: (text: string) => string,
): T {
  const now: unknown = Reflect.get(value as object, key);
  const next: unknown = rest.length === 0 ? map(String(now)) : mapAt(now, rest, map);
  return { ...value, [key]: next };
}

/**
 * Where an image is on the mirror. The name there is the whole one, with Docker Hub's `library/`: Harbor's proxy projects
 * and cloud registries ask for it, Artifactory and Nexus take it as well.
 *
 * @see https://goharbor.io/docs/latest/administration/configure-proxy-cache/
 */
export function mirrorReference(
  reference: string,
  { registry: mirror, except = [] }: Partial<ImageMirrorSettings>,
): string {
  const parsed = parseImageReference(reference);
  if (mirror === undefined || parsed === undefined) return reference;
  const { registry, repository } = locateImage(parsed.name);
  const fullName = `${registry}/${repository}`;
  const isMirrors = registry === normalizeRegistry(mirror.split("/")[0] ?? "");
  if (isMirrors || [madeOnHost, ...except].some((entry) => covers(entry, fullName))) {
    return reference;
  }
  // A colon would end the name.
  const place = mirror.replaceAll("{registry}", registry.replace(":", "-"));
  const tag = parsed.tag === undefined ? "" : `:${parsed.tag}`;
  const digest = parsed.digest === undefined ? "" : `@${parsed.digest}`;
  return `${place}/${repository}${tag}${digest}`;
}

/** Whether an exception, written as a registry or as the beginning of a name, is meant for an image. */
function covers(exception: string, fullName: string): boolean {
  const trimmed = exception.replace(/\/+$/, "");
  const [registry = "", ...rest] = trimmed.split("/");
  const { registry: host, repository } = locateImage(trimmed);
  const meant = [
    [normalizeRegistry(registry), ...rest].join("/"),
    `docker.io/${trimmed}`,
    `${host}/${repository}`,
  ];
  return meant.some((beginning) => `${fullName}/`.startsWith(`${beginning}/`));
}

function mirrorBaseImage(
  args: Readonly<Record<string, string>>,
  mirrored: (reference: string) => string,
): Record<string, string> {
  const own = args["BASE_IMAGE"];
  return own === undefined ? { ...args } : { ...args, BASE_IMAGE: mirrored(own) };
}
