import { parseTree, printParseErrorCode, type Node, type ParseError } from "jsonc-parser";

/** Settings of a daemon.json, by key, as `JSON.parse` reads them. */
export type DaemonKeys = Readonly<Record<string, unknown>>;

/** A daemon.json that this program can edit, or one sentence on why it must not. */
export type ParsedDaemonJson =
  { readonly keys: DaemonKeys; readonly problem?: undefined } | { readonly problem: string };

/** A top-level property and where it stands in the text. */
export interface PropertyPlace {
  readonly key: string;
  readonly start: number;
  readonly end: number;
  readonly keyEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

export const byteOrderMark = "\uFEFF";

/**
 * Reads the text of a daemon.json as strictly as dockerd does: no comments, no trailing commas, one object. An empty
 * text means no settings. A key that is there twice is a problem of its own: dockerd silently takes the last one, a
 * reader mostly sees the first one.
 *
 * @see https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file
 */
export function parseDaemonJson(text: string): ParsedDaemonJson {
  const body = text.startsWith(byteOrderMark) ? text.slice(1) : text;
  if (body.trim() === "") return { keys: {} };
  const errors: ParseError[] = [];
  const root = parseTree(body, errors, { disallowComments: true, allowTrailingComma: false });
  const [firstError] = errors;
  if (firstError !== undefined) return { problem: renderSyntaxProblem(body, firstError) };
  if (root?.type !== "object") {
    const found = root === undefined ? "nothing" : root.type === "array" ? "a list" : root.type;
    return {
      problem: `its outermost value is ${found}, but dockerd expects an object: { "key": value }`,
    };
  }
  const duplicate = findDuplicateKey(root);
  if (duplicate !== undefined) {
    return {
      problem: `the key "${duplicate}" is there more than once, and which one is meant is unclear (dockerd takes the last): remove all but one`,
    };
  }
  try {
    return { keys: JSON.parse(body) as DaemonKeys };
  } catch (thrown) {
    // jsonc-parser forgives a few things that JSON does not, such as raw tabs in strings; dockerd does not.
    return { problem: `it is not valid JSON: ${thrown instanceof Error ? thrown.message : ""}` };
  }
}

/** The settings in the text of a daemon.json; none in one that cannot be read, which others report. */
export function readKeys(text: string | undefined): DaemonKeys {
  const parsed = parseDaemonJson(text ?? "");
  return parsed.problem === undefined ? parsed.keys : {};
}

/** The top-level properties of a text that `parseDaemonJson` accepted, and the span between its braces. */
export function findProperties(text: string): {
  readonly properties: readonly PropertyPlace[];
  readonly inside: { readonly start: number; readonly end: number } | undefined;
} {
  const root = parseTree(text);
  if (root?.type !== "object") return { properties: [], inside: undefined };
  const properties = (root.children ?? []).flatMap((property): PropertyPlace[] => {
    const [key, value] = property.children ?? [];
    if (key === undefined || value === undefined) return [];
    return [
      {
        key: key.value as string,
        start: property.offset,
        end: value.offset + value.length,
        keyEnd: key.offset + key.length,
        valueStart: value.offset,
        valueEnd: value.offset + value.length,
      },
    ];
  });
  return { properties, inside: { start: root.offset + 1, end: root.offset + root.length - 1 } };
}

function findDuplicateKey(root: Node): string | undefined {
  const seen = new Set<string>();
  for (const property of root.children ?? []) {
    const key = property.children?.[0]?.value as string;
    if (seen.has(key)) return key;
    seen.add(key);
  }
  return undefined;
}

function renderSyntaxProblem(body: string, error: ParseError): string {
  const before = body.slice(0, error.offset).split("\n");
  const place = `line ${before.length}, column ${(before.at(-1) ?? "").length + 1}`;
  const code = printParseErrorCode(error.error);
  if (code === "InvalidCommentToken" || code === "UnexpectedEndOfComment") {
    return `it has a comment at ${place}, and dockerd refuses comments: remove it`;
  }
  // A trailing comma is reported at the bracket after it, as a missing name or value.
  if (/,\s*$/.test(body.slice(0, error.offset)) && /^[}\]]/.test(body.slice(error.offset))) {
    return `it has a trailing comma before ${place}, and dockerd refuses those: remove it`;
  }
  const words = code.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return `it is not valid JSON at ${place}: ${words}`;
}
