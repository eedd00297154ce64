import type { Commands } from "../commands";
import type { HostNow, PrometheusNow } from "../facts";
import { type Finding, type Row, weights } from "../report";
import { isSecret } from "../pulumiSecret";
import type { DeployedFiles, StackState } from "../stackState";

/** Whether the files in the stack's volumes are the ones that were written there; a secret one only has to be there. */
export function checkFiles(
  { files }: Pick<StackState, "files">,
  host: Pick<HostNow, "files" | "volumes">,
  { repair }: Commands,
): Row[] {
  const count = files.reduce((sum, deployed) => sum + Object.keys(deployed.files).length, 0);
  const findings = files
    // A volume that is gone is told there.
    .filter(({ volume }) => host.volumes.includes(volume))
    .flatMap((deployed) => {
      const problem = findFileProblem(deployed, host.files[deployed.resource]);
      return problem === undefined
        ? []
        : [{ subject: deployed.volume, problem, fix: repair, weight: weights.files }];
    });
  return [{ subject: "files", detail: `${count} as written`, findings }];
}

function findFileProblem(
  { files }: DeployedFiles,
  found: HostNow["files"][string] | undefined,
): string | undefined {
  if (found === undefined) return undefined;
  if ("problem" in found) return `its files could not be confirmed: ${found.problem}`;
  const differences = Object.entries(files).flatMap(([path, content]) => {
    const now = found.value[path];
    if (now === undefined) return [`${path} is missing`];
    return isSecret(content) || now === content ? [] : [`${path} was edited`];
  });
  return differences.length === 0 ? undefined : differences.join(", ");
}

/** Whether Prometheus runs the configuration that was written for it. */
export function checkRunningConfig(
  { configs }: Pick<StackState, "configs">,
  now: PrometheusNow,
  { docker, repair }: Commands,
): Row[] {
  return configs.map(({ container }) => {
    const subject = "configuration";
    const found = (problem: string, fix: string): Finding => ({
      subject,
      problem,
      fix,
      weight: weights.configuration,
    });
    const findings: Finding[] = [];
    // A Prometheus that cannot be asked is told with its container and its targets.
    if ("value" in now.difference && now.difference.value !== undefined) {
      findings.push(
        found(`Prometheus runs another one than was deployed: ${now.difference.value}`, repair),
      );
    }
    if (now.lastReloadSuccessful === false) {
      findings.push(
        found(
          "Prometheus refused its files when it last read them, and runs the ones before",
          `${repair}, then ${docker} kill --signal HUP ${container}   (${docker} logs --tail 20 ${container} shows why)`,
        ),
      );
    }
    return { subject, detail: "Prometheus runs what was deployed", findings };
  });
}
