import { parse } from "yaml";

/** A rule as Prometheus' API reports it. @see https://prometheus.io/docs/prometheus/latest/querying/api/#rules */
interface RunningRule {
  readonly name: string;
  readonly query: string;
  /** Seconds of `for`; recording rules have none. */
  readonly duration?: number;
}

export interface RunningRules {
  readonly groups: readonly { readonly name: string; readonly rules: readonly RunningRule[] }[];
}

interface AskedRules {
  readonly groups?: readonly {
    readonly name: string;
    readonly rules: readonly {
      readonly alert?: string;
      readonly record?: string;
      readonly expr: string;
    }[];
  }[];
}

/**
 * Compares the rules that Prometheus reports with a rule file that was written for it. A reload that fails halfway, or
 * none at all after the file changed, leaves the old ones running.
 *
 * @param format spells a query the way that Prometheus does; asked only where the texts differ
 * @returns the first place that differs, in words; undefined when everything that was asked for is there
 */
export async function findRulesDifference(
  { groups: running }: RunningRules,
  asked: string,
  format: (query: string) => Promise<string>,
): Promise<string | undefined> {
  const { groups = [] } = (parse(asked) ?? {}) as AskedRules;
  for (const { name, rules } of groups) {
    const group = running.find((candidate) => candidate.name === name);
    if (group === undefined) return `there are no rules ${name}`;
    if (group.rules.length !== rules.length) {
      return `${name} has ${group.rules.length} rules where ${rules.length} are wanted`;
    }
    for (const [index, { name: runningName, query }] of group.rules.entries()) {
      const { alert, record, expr = "" } = rules[index] ?? {};
      const wantedName = alert ?? record ?? "";
      if (runningName !== wantedName) {
        return `rule ${index + 1} of ${name} is ${runningName} where ${wantedName} is wanted`;
      }
      if (query !== expr && (await format(query)) !== (await format(expr))) {
        return `${name}: ${wantedName} is \`${query}\` where \`${expr}\` is wanted`;
      }
    }
  }
  const extra = running.find(({ name }) => !groups.some((group) => group.name === name));
  return extra === undefined ? undefined : `the rules ${extra.name} are no longer wanted`;
}
