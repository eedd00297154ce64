const units = ["kB", "MB", "GB", "TB"];

/** A number of bytes as people read it, such as `12.3 MB`. */
export function renderSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  return `${(bytes / 1000 ** power).toFixed(1)} ${units[power - 1] ?? ""}`;
}
