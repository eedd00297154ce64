/** Values of an environment by name, of entries such as `PGDATA=/data`. */
export function readVariables(entries: readonly string[]): Map<string, string> {
  return new Map(
    entries.map((entry) => {
      const [name = "", ...value] = entry.split("=");
      return [name, value.join("=")];
    }),
  );
}
