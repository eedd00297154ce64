/**
 * A duration as the Docker provider reads it back (Go's `time.Duration`): another spelling of the same time would be a
 * change at every preview.
 */
export function renderGoDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = `${seconds % 60}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}

/** A number of cores as the Docker provider reads it back: a decimal fraction, also for a whole number. */
export function renderCpus(cores: number): string {
  const nanoCpus = Math.round(cores * 1e9);
  const fraction = String(nanoCpus % 1e9)
    .padStart(9, "0")
    .replace(/0+$/, "");
  return `${Math.floor(nanoCpus / 1e9)}.${fraction || "0"}`;
}
