/** A value that comes from settings or from a host, to be shown as it is and never to be taken for markup. */
export interface Quoted {
  readonly quoted: string;
}

/** A sentence: text of our own, and values of others. */
export type Words = readonly (string | Quoted)[];

/** Builds a sentence. Texts that are put in are quoted; numbers and sentences become part of it. */
export function say(
  texts: TemplateStringsArray,
  ...values: readonly (string | number | Words)[]
): Words {
  return texts.flatMap((text, index) => {
    const value = values[index];
    if (value === undefined) return [text];
    if (typeof value === "string") return [text, { quoted: value }];
    return typeof value === "number" ? [text, String(value)] : [text, ...value];
  });
}

/** Joins sentences with text of our own between them. */
export function join(parts: readonly Words[], separator: string): Words {
  return parts.flatMap((part, index) => (index === 0 ? part : [separator, ...part]));
}

/** A list of values; a long one is cut, with the number of those left out. */
export function list(values: readonly string[], limit = 12): Words {
  const shown = join(
    values.slice(0, limit).map((value) => say`${value}`),
    ", ",
  );
  return values.length > limit ? say`${shown} and ${values.length - limit} more` : shown;
}

/** `1 replica`, `2 replicas` */
export function count(number: number, noun: string): Words {
  return [`${number} ${noun}${number === 1 ? "" : "s"}`];
}

/** As plain text, for JSON and terminals. */
export function renderPlain(words: Words): string {
  return words.map((part) => (typeof part === "string" ? part : part.quoted)).join("");
}
