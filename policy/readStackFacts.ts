import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { PolicyResource } from "@pulumi/policy";
import { recordOf, type ResourceFacts, type StackFacts, textOf } from "./stackFacts";

const projectFolder = join(__dirname, "..");

/** What Pulumi hands to a pack, as plain data, and the Dockerfiles of the images that are built. */
export function readStackFacts(resources: readonly PolicyResource[]): StackFacts {
  return resources.map((resource): ResourceFacts => {
    const props = recordOf(copyKnown(resource.props));
    return {
      urn: resource.urn,
      type: resource.type,
      name: resource.name,
      props,
      parent: resource.parent?.urn,
      sources: Object.fromEntries(
        Object.entries(resource.propertyDependencies).map(([property, sources]) => [
          property,
          sources.map(({ urn }) => urn),
        ]),
      ),
      dockerfile: readDockerfile(props),
    };
  });
}

/** Reading a value that a preview does not know yet throws: those are left out. */
function copyKnown(value: unknown): unknown {
  if (Array.isArray(value)) {
    return Array.from(value.keys()).flatMap((index) => readKnown(() => value[index] as unknown));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.keys(value).flatMap((key) =>
      readKnown(() => Reflect.get(value, key) as unknown).map((known) => [key, known]),
    ),
  );
}

function readKnown(read: () => unknown): unknown[] {
  let value: unknown;
  try {
    value = read();
  } catch {
    return [];
  }
  return [copyKnown(value)];
}

function readDockerfile({ context, dockerfile }: Record<string, unknown>): string | undefined {
  if (textOf(context) === "") return undefined;
  const file = resolve(projectFolder, textOf(context), textOf(dockerfile) || "Dockerfile");
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
