/** The parts of an image reference: `registry:5000/team/app:1.2.3@sha256:…`. */
export interface ImageReference {
  /** Everything before tag and digest, with the registry if one is named. */
  readonly name: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

// The grammar of https://pkg.go.dev/github.com/distribution/reference. The port of a registry stands before a slash,
// which is how `registry:5000/app` is told from a tag.
const registry = "[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\\d{1,5})?/";
const component = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
export const imageReferencePattern = new RegExp(
  `^(?<name>(?:${registry})?${component}(?:/${component})*)` +
    "(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>sha256:[a-f0-9]{64}))?$",
);

/** Takes an image reference apart; `undefined` if it is none. */
export function parseImageReference(text: string): ImageReference | undefined {
  const groups = imageReferencePattern.exec(text)?.groups;
  if (groups?.["name"] === undefined) return undefined;
  return { name: groups["name"], tag: groups["tag"], digest: groups["digest"] };
}

/** Whether the reference keeps its meaning over time: it has a digest, or a tag other than `latest`. */
export function isPinned({ tag, digest }: ImageReference): boolean {
  return digest !== undefined || (tag !== undefined && tag !== "latest");
}
