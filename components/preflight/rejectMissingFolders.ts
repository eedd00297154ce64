import type { Settings } from "../../config/settings/settings";
import { buildUserMistake } from "../../config/userMistake";
import { parseDockerHost } from "../../host/access/dockerHost";
import type { HostAccess } from "../../host/access/hostAccess";
import { openHost } from "../../host/access/openHost";

/**
 * Refuses folders that Prometheus would be given and that are not on the host: the engine would refuse its new container when the
 * old one is gone already; and those that it may not read: it would say so in its log alone. Of a `tcp://` host only the engine's API
 * is reached.
 *
 * @throws pulumi.RunError with every such folder, before anything is touched
 */
export async function rejectMissingFolders({
  host,
  scrapeJobs,
}: Pick<Settings, "host" | "scrapeJobs">): Promise<void> {
  if (parseDockerHost(host).kind === "tcp") return;
  const problems = await Promise.all(
    scrapeJobs.map(async ({ name, targetsFolder }, index) => {
      const problem =
        targetsFolder === undefined ? undefined : await findProblem(openHost(host), targetsFolder);
      return problem === undefined
        ? []
        : [`  scrapeJobs[${index}].targetsFolder (${name}): ${problem}`];
    }),
  );
  const lines = problems.flat();
  if (lines.length === 0) return;
  throw buildUserMistake(
    ["Folders that list targets cannot be read. Nothing was changed.", ...lines].join("\n"),
  );
}

/** Prometheus is another user than all who own files, and sees the folder and what is in it, but not what it is in. */
async function findProblem(host: HostAccess, folder: string): Promise<string | undefined> {
  if ((await host.run(["test", "-d", folder])).exitCode !== 0) {
    return `${folder} is no folder on the host`;
  }
  const files = ["*.json", "*.yml", "*.yaml"].flatMap((name) => ["-o", "-name", name]);
  const isList = ["(", ...files.slice(1), ")", "!", "-perm", "-004"];
  const { exitCode, stdout } = await host.run([
    "find",
    folder,
    "-maxdepth",
    "1",
    "(",
    "-path",
    folder,
    "!",
    "-perm",
    "-005",
    "-o",
    ...isList,
    ")",
  ]);
  const closed = exitCode === 0 ? stdout.split("\n").filter((path) => path !== "") : [folder];
  if (closed.length === 0) return undefined;
  const fix = `chmod -R o+rX ${folder}`;
  return `${closed.join(", ")} must be readable for everybody, since Prometheus runs as a user of its own: ${fix}`;
}
