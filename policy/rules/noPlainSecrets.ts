import { keepFirst } from "../perOwner";
import type { Rule, Violation } from "../rule";
import { findSecretShape, isHarmlessValue, isSecretName } from "../secretShapes";
import {
  type ContainerFacts,
  findOwner,
  listContainers,
  listImages,
  listFiles,
  recordOf,
  type StackFacts,
  textOf,
} from "../stackFacts";

type Entry = readonly [name: string, value: string];

export const noPlainSecrets: Rule = {
  name: "no-plain-secrets",
  demand:
    "has no secret in environment variables, labels, commands, build arguments or plain files",
  why: "`docker inspect`, the image's history and the state show them to everyone with access.",
  fix:
    "Set the value by `pulumi config set --secret <key>` and name the key in the app's `secrets`, without " +
    "`as: environment`: the app reads it from `/run/secrets/<NAME>`.",
  find: (stack) => [
    ...keepFirst(listContainers(stack).flatMap(checkContainer)),
    ...listImages(stack).flatMap((image) => {
      const found = findSecrets(entriesOf(image.props["buildArgs"]), "the build argument");
      return describe(found, findOwner(stack, image).name, image.urn);
    }),
    ...checkFiles(stack),
  ],
};

function checkContainer({ owner, resource, environment, labels, command }: ContainerFacts) {
  const found = [
    ...findSecrets(environment, "the environment variable"),
    ...findSecrets(labels, "the label"),
    ...findSecrets(listOptions(command), "the command's option"),
    ...command.flatMap((word) => findShape(word, "the command")),
  ];
  return describe(found, owner.name, resource.urn);
}

/** Secrets belong into volumes that are mounted at `/run/secrets`; all others are config. */
function checkFiles(stack: StackFacts): Violation[] {
  const forSecrets = new Set(listContainers(stack).flatMap(({ secretVolumes }) => secretVolumes));
  return listFiles(stack)
    .filter(({ volume }) => !forSecrets.has(volume))
    .flatMap(({ resource, owner, files }) => {
      const found = files.flatMap(([path, content]) => [
        ...findSecrets(listFields(content), `in the file ${path}, the field`),
        ...findShape(content, `the file ${path}`),
      ]);
      return describe(found, owner.name, resource.urn);
    });
}

function findSecrets(entries: readonly Entry[], place: string): string[] {
  return entries.flatMap(([name, value]) =>
    isSecretName(name) && !isHarmlessValue(value)
      ? [`${place} ${name} holds a value in plain text`]
      : findShape(value, `${place} ${name}`),
  );
}

function findShape(text: string, place: string): string[] {
  const shape = findSecretShape(text);
  return shape === undefined ? [] : [`${place} holds what looks like ${shape}`];
}

/** `--name=value`, and `--name` followed by a value. */
function listOptions(command: readonly string[]): Entry[] {
  return command.flatMap((word, index): Entry[] => {
    const [, name = "", value] = /^--?([A-Za-z][\w.-]*)(?:=(.*))?$/s.exec(word) ?? [];
    const next = command[index + 1] ?? "";
    if (value !== undefined) return [[name, value]];
    return name === "" || next.startsWith("-") ? [] : [[name, next]];
  });
}

/** Fields of YAML, JSON and ini files, as far as they stand in one line. */
function listFields(content: string): Entry[] {
  return [...content.matchAll(/^[\s-]*["']?([\w.-]+)["']?[ \t]*[:=][ \t]*(\S.*?)[ \t,]*$/gm)].map(
    ([, name = "", value = ""]) => [name, value],
  );
}

function entriesOf(value: unknown): Entry[] {
  return Object.entries(recordOf(value)).map(([name, content]) => [name, textOf(content)]);
}

function describe(found: readonly string[], resource: string, urn: string): Violation[] {
  return [...new Set(found)].map((problem) => ({
    resource,
    urn,
    problem: `has a secret that is not kept: ${problem}`,
    hint: noPlainSecrets.fix,
  }));
}
