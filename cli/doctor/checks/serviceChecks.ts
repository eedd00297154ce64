import type { Commands } from "../commands";
import type { HostNow } from "../facts";
import { type Finding, type Row, weights } from "../report";
import type { StackState } from "../stackState";

/** Each service of the Swarm: whether it is there, is what was deployed, and has all of its replicas. */
export function checkServices(
  { services }: Pick<StackState, "services">,
  host: Pick<HostNow, "services">,
  { docker, repair }: Commands,
): Row[] {
  return services.map(({ owner: subject, name, replicas }) => {
    const found = (weight: number, problem: string, fix: string): Finding => ({
      subject,
      problem,
      fix,
      weight,
    });
    const now = host.services[name];
    const count =
      replicas === undefined
        ? "a replica on every node"
        : `${replicas} ${replicas === 1 ? "replica" : "replicas"}`;
    const detail = `${count}, as deployed`;
    if (now === undefined) {
      return {
        subject,
        detail,
        findings: [found(weights.container, "its service is gone", repair)],
      };
    }
    const { running, wanted } = now;
    const declared = replicas ?? wanted;
    return {
      subject,
      detail,
      findings: [
        ...(now.drift === "" ? [] : [found(weights.drift, `its service ${now.drift}`, repair)]),
        ...(running >= declared
          ? []
          : [
              found(
                weights.container,
                `${running} of ${declared} replicas run`,
                `${docker} service ps --no-trunc ${name}   (shows why)`,
              ),
            ]),
      ],
    };
  });
}
