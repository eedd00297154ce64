import { type ContainerInputs, isSecret } from "../stackState";

/**
 * How a container's environment differs, in words that name variables and never show a value. Of a secret variable
 * not even the name is known here, because Pulumi keeps `NAME=value` encrypted as a whole: such ones are counted.
 *
 * @param fromImage what the image sets; undefined when that is not known
 */
export function findVariableDifferences(
  wanted: ContainerInputs["envs"],
  found: readonly string[],
  fromImage: readonly string[] | undefined,
): string[] {
  if (isSecret(wanted)) return [];
  const entries = wanted ?? [];
  const secretCount = entries.filter(isSecret).length;
  const plain = toMap(entries.filter((entry) => typeof entry === "string"));
  const now = toMap(found);
  const image = toMap(fromImage ?? []);
  const changed = [...plain]
    .filter(([name, value]) => now.get(name) !== value)
    .map(([name]) => `variable ${name} is ${now.has(name) ? "another" : "missing"}`);
  const lost = [...image.keys()]
    .filter((name) => !now.has(name) && !plain.has(name))
    .map((name) => `variable ${name} is missing`);
  if (fromImage === undefined) return changed;
  const unexplained = [...now]
    .filter(([name, value]) => !plain.has(name) && image.get(name) !== value)
    .map(([name]) => name);
  return [...changed, ...lost, ...describeUnexplained(unexplained, secretCount)];
}

function describeUnexplained(names: readonly string[], secretCount: number): string[] {
  if (names.length < secretCount) {
    return [`${secretCount - names.length} of ${secretCount} secret variables are missing`];
  }
  if (secretCount === 0) return names.map((name) => `variable ${name} was added`);
  if (names.length === secretCount) return [];
  return [`${names.length - secretCount} too many among the variables ${names.join(", ")}`];
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
