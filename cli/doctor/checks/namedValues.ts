import { isSecret } from "../pulumiSecret";
import type { ContainerInputs } from "../stackState";

/**
 * How a container's environment differs, in words that name variables and never show a value. An environment with a
 * secret in it is encrypted as a whole and cannot be compared.
 *
 * @param fromImage what the image sets; undefined when that is not known
 */
export function findVariableDifferences(
  wanted: ContainerInputs["envs"],
  found: readonly string[],
  fromImage: readonly string[] | undefined,
): string[] {
  if (isSecret(wanted)) return [];
  const variables = new Map([...toMap(fromImage ?? []), ...toMap(wanted ?? [])]);
  const now = toMap(found);
  const changed = [...variables]
    .filter(([name, value]) => now.get(name) !== value)
    .map(([name]) => `variable ${name} is ${now.has(name) ? "another" : "missing"}`);
  if (fromImage === undefined) return changed;
  const added = [...now.keys()]
    .filter((name) => !variables.has(name))
    .map((name) => `variable ${name} was added`);
  return [...changed, ...added];
}

/**
 * How a container's labels differ, in words.
 *
 * @param fromImage what the image sets; undefined when that is not known
 */
export function findLabelDifferences(
  wanted: ContainerInputs["labels"],
  found: Readonly<Record<string, string>>,
  fromImage: Readonly<Record<string, string>> | undefined,
): string[] {
  const labels = new Map(wanted?.map(({ label, value }) => [label, value]));
  const changed = [...labels]
    .filter(([name, value]) => (isSecret(value) ? !(name in found) : found[name] !== value))
    .map(([name]) => `label ${name} is ${name in found ? "another" : "missing"}`);
  if (fromImage === undefined) return changed;
  const added = Object.entries(found)
    .filter(([name, value]) => !labels.has(name) && fromImage[name] !== value)
    .map(([name]) => `label ${name} was added`);
  return [...changed, ...added];
}

function toMap(variables: readonly string[]): Map<string, string> {
  return new Map(
    variables.map((variable) => {
      const at = variable.indexOf("=");
      return at < 0 ? [variable, ""] : [variable.slice(0, at), variable.slice(at + 1)];
    }),
  );
}
