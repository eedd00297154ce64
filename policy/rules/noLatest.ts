import { isPinned, parseImageReference } from "../../config/parseImageReference";
import { listBaseImages } from "../dockerfile";
import type { Rule } from "../rule";
import { findOwner, listImages, textOf } from "../stackFacts";

export const noLatest: Rule = {
  name: "no-latest",
  demand: "names the version of every image: a tag other than `latest`, or a digest",
  why: "What `latest` means depends on the day, so that a rollback or a second host runs something else.",
  fix: "Write the version, such as `name:1.4.2`, or a digest.",
  find: (stack) =>
    listImages(stack).flatMap((image) => {
      const owner = findOwner(stack, image);
      const violation = { resource: owner.name, urn: image.urn };
      const reference = textOf(image.props["name"]);
      const own = isUnpinned(reference)
        ? [
            {
              ...violation,
              problem: `runs ${reference}, which names no version`,
              hint: `Write a version in ${owner.setting("image")}.`,
            },
          ]
        : [];
      const bases = listBaseImages(image.dockerfile ?? "").filter(isUnpinned);
      return [
        ...own,
        ...bases.map((base) => ({
          ...violation,
          problem: `is built from ${base}, which names no version`,
          hint: "Write a version in the Dockerfile's `FROM`.",
        })),
      ];
    }),
};

function isUnpinned(text: string): boolean {
  const reference = parseImageReference(text);
  return reference !== undefined && !isPinned(reference);
}
