/** How long ago something was, as a person says it: `8 s ago`, `3 min ago`. */
export function renderAge(time: string | undefined, now: number): string {
  const milliseconds = Date.parse(time ?? "");
  if (Number.isNaN(milliseconds) || milliseconds <= 0) {
    return "never";
  }
  const seconds = (now - milliseconds) / 1000;
  return seconds < 1 ? "now" : `${renderSpan(seconds)} ago`;
}

export function renderSpan(seconds: number): string {
  for (const [unit, size] of [
    ["d", 86_400],
    ["h", 3600],
    ["min", 60],
  ] as const) {
    if (seconds >= size) {
      return `${Math.floor(seconds / size)} ${unit}`;
    }
  }
  return seconds >= 1 || seconds === 0
    ? `${Math.round(seconds)} s`
    : `${Math.max(1, Math.round(seconds * 1000))} ms`;
}
