/** What a package, or a module, is under. */
export interface Component {
  readonly name: string;
  /** As an SPDX expression; undefined where it says nothing. */
  readonly licence: string | undefined;
}

/** A reviewed licence, because the component states it badly or not at all. */
export interface ReviewedLicence {
  readonly licence: string;
  readonly reason: string;
}

/**
 * Licences of what may be built, linked or shipped: permissive ones, and MPL-2.0, which ends at the file. AGPL, GPL, LGPL,
 * SSPL, BUSL and whatever else is not in this list is refused.
 */
const allowed: ReadonlySet<string> = new Set([
  ...[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BlueOak-1.0.0",
    "CC-BY-3.0",
    "CC-BY-4.0",
  ],
  ...["CC0-1.0", "ISC", "MIT", "MIT-0", "MPL-2.0", "OFL-1.1", "Python-2.0", "Unlicense", "Zlib"],
]);

/** Of a choice (`OR`) one has to be allowed, of several at once (`AND`) each. */
export function isAllowed(expression: string): boolean {
  const plain = expression.trim().replace(/^\(([^()]*)\)$/, "$1");
  // An inner bracket is beyond this reader, and refused.
  return plain
    .split(/\s+OR\s+/)
    .some((choice) => choice.split(/\s+AND\s+/).every((name) => allowed.has(name.trim())));
}

/**
 * @param reviewed by name
 * @returns what is wrong, in sentences; empty when all is well
 */
export function findLicenceProblems(
  components: readonly Component[],
  reviewed: Readonly<Record<string, ReviewedLicence>>,
): string[] {
  const names = new Set(components.map(({ name }) => name));
  const refused = components.flatMap(({ name, licence }) => {
    const known = reviewed[name]?.licence ?? licence;
    if (known === undefined)
      return [`${name} names no licence: look it up, and add it to the reviewed ones`];
    return isAllowed(known) ? [] : [`${name} is under ${known}, which is not allowed here`];
  });
  const unused = Object.keys(reviewed).filter((name) => !names.has(name));
  return [...refused, ...unused.map((name) => `${name} is reviewed but no longer used: remove it`)];
}

/** The field of a package.json, in each form that npm has known. */
export function readNpmLicence(manifest: {
  readonly license?: unknown;
  readonly licenses?: unknown;
}): string | undefined {
  const { license = manifest.licenses } = manifest;
  if (typeof license === "string") return license;
  const types = (Array.isArray(license) ? license : [license]).map((each: unknown) =>
    typeof each === "object" && each !== null && "type" in each ? each.type : undefined,
  );
  const names = types.filter((type) => typeof type === "string");
  return names.length > 0 ? names.join(" OR ") : undefined;
}

/** Recognises a licence by its text. @returns an SPDX identifier; undefined for a text that is not known */
export function recogniseLicence(text: string): string | undefined {
  const words = text.replace(/\s+/g, " ");
  const head = words.slice(0, 600);
  if (/GNU AFFERO GENERAL PUBLIC/i.test(head)) return "AGPL-3.0";
  if (/GNU LESSER GENERAL PUBLIC/i.test(head)) return "LGPL-3.0";
  if (/GNU GENERAL PUBLIC/i.test(head)) return "GPL-3.0";
  if (/Server Side Public License/i.test(head)) return "SSPL-1.0";
  if (/Business Source License/i.test(words)) return "BUSL-1.1";
  if (/Elastic License|Commons Clause|Functional Source License/i.test(words))
    return "source-available";
  if (/Mozilla Public License,? (Version )?2\.0/i.test(head)) return "MPL-2.0";
  if (/Apache License,? Version 2\.0/i.test(words)) return "Apache-2.0";
  if (/Permission is hereby granted, free of charge/i.test(words)) return "MIT";
  if (/Redistribution and use in source and binary forms/i.test(words)) {
    return /Neither the name|names? of .{0,80} may not be used/i.test(words)
      ? "BSD-3-Clause"
      : "BSD-2-Clause";
  }
  if (/Permission to use, copy, modify,? and(\/or)? distribute/i.test(words)) return "ISC";
  if (/released into the public domain/i.test(words)) return "Unlicense";
  return undefined;
}

/** The modules that a go.mod builds, as `name@version`: replacements are in the place of what they replace. */
export function readGoModules(text: string): string[] {
  const lines = text.split("\n").map((line) => line.replace(/\/\/.*$/, "").trim());
  const replacements = lines.flatMap((line) => {
    const [, from, to, version] =
      /^(?:replace )?(\S+)(?: v\S+)? => (\S+)(?: (v\S+))?$/.exec(line) ?? [];
    return from === undefined ? [] : [{ from, to, version }];
  });
  const replaced = new Set(replacements.map(({ from }) => from));
  const required = lines.flatMap((line) => {
    const [, name = "", version] = /^(?:require )?(\S+\.\S+) (v\S+)$/.exec(line) ?? [];
    // A version that is none stands for what the module that is built puts in its place.
    return version === undefined || version === "v0.0.0" || replaced.has(name)
      ? []
      : [`${name}@${version}`];
  });
  // Without a version it is a folder of ours.
  const remote = replacements.filter(({ version }) => version !== undefined);
  return [...required, ...remote.map(({ to, version }) => `${to}@${version}`)];
}
