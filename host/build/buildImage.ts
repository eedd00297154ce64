import type Docker from "dockerode";
import { type BuildEvent, BuildLog, renderBuildFailure } from "./buildLog";
import { readMessage } from "../daemon/engineSettingsError";
import { packBuildFolder } from "./packBuildFolder";
import { readEvents } from "../docker/readEvents";
import { adviseOnRegistry, type KnownLogin } from "../docker/registryAdvice";

/** A log-in that builds use for the images that they start from. */
export interface RegistryLogin extends KnownLogin {
  readonly password: string;
}

export interface ImageBuild {
  /** Name and tag of the image. */
  readonly name: string;
  readonly context: string;
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** What `hashBuildFolder` said of all that. */
  readonly hash: string;
  readonly logins: readonly RegistryLogin[];
}

const reportEveryMilliseconds = 20_000;

/**
 * Builds an image on an engine, through the API alone: the folder goes there as a stream, so that the engine may be
 * anywhere. The image gets its name when the whole build has succeeded.
 *
 * It is the classic builder, the only one of engine 20.10. Newer engines take it for every build whose request does not
 * ask for BuildKit; it is deprecated since 23 and still there. Dockerfiles that need BuildKit (`RUN --mount`) fail on it.
 *
 * @param report is told about a long build every 20 s
 * @returns the image's id
 * @throws Error with the Dockerfile's step and its last lines
 * @see https://docs.docker.com/engine/deprecated/#legacy-builder-for-linux-images
 */
export async function buildImage(
  docker: Docker,
  build: ImageBuild,
  report: (line: string) => void,
): Promise<string> {
  const log = new BuildLog();
  const start = Date.now();
  const timer = setInterval(() => {
    const seconds = Math.round((Date.now() - start) / 1000);
    const doing = log.step === "" ? "" : `, step ${log.step}: ${log.instruction}`;
    report(`${build.name} is being built (${seconds} s)${doing}`);
  }, reportEveryMilliseconds);
  try {
    for await (const event of requestBuild(docker, build)) log.add(event);
  } catch (error) {
    log.error ??= readMessage(error)
      .replace(/^\(HTTP code \d+\) .*? - /, "")
      .trim();
  } finally {
    clearInterval(timer);
  }
  if (log.error !== undefined || !log.isDone) throw new Error(explainFailure(build, log));
  return (await docker.getImage(build.name).inspect()).Id;
}

async function* requestBuild(docker: Docker, build: ImageBuild): AsyncGenerator<BuildEvent> {
  const { name, context, dockerfile, buildArgs, hash, logins } = build;
  const archive = packBuildFolder(context, { dockerfile, buildArgs }, hash);
  const answer = await docker.buildImage(archive, {
    t: name,
    dockerfile,
    buildargs: { ...buildArgs },
    rm: true,
    forcerm: true,
    ...(logins.length > 0 && { registryconfig: encodeLogins(logins) }),
  });
  yield* readEvents<BuildEvent>(answer);
}

/** The header `X-Registry-Config`: dockerode itself would write it in the other alphabet of base64. */
function encodeLogins(logins: readonly RegistryLogin[]): Record<string, never> {
  const config = Object.fromEntries(
    logins.map(({ registry, username, password }) => [
      // Docker's name for Docker Hub's log-ins is from its first days.
      registry === "docker.io" ? "https://index.docker.io/v1/" : registry,
      { username, password },
    ]),
  );
  const base64 = Buffer.from(JSON.stringify(config)).toString("base64");
  const encoded = base64.replaceAll("+", "-").replaceAll("/", "_");
  return { base64: encoded } as unknown as Record<string, never>;
}

function explainFailure({ name, context, buildArgs, logins }: ImageBuild, log: BuildLog): string {
  const failure = renderBuildFailure(name, context, log);
  if (!/^FROM\b/i.test(log.instruction)) return failure;
  const said = log.error ?? "";
  const places = `${said} ${log.instruction} ${buildArgs["BASE_IMAGE"] ?? ""}`;
  const registry =
    logins.find((login) => places.includes(login.registry))?.registry ??
    /https?:\/\/([^/\s"]+)/.exec(said)?.[1] ??
    "of the image that the build starts from";
  const advice = adviseOnRegistry(said, registry, { logins });
  return advice === undefined ? failure : `${failure}\n${advice}`;
}
