import type { Bar } from "./findPhases";

/** Bars as a Gantt chart for Mermaid, which GitHub draws. The time axis counts seconds. */
export function renderGantt(title: string, bars: readonly Bar[]): string {
  const sections = [...new Set(bars.map(({ section }) => section))];
  const lines = sections.flatMap((section) => [
    `  section ${cleanText(section)}`,
    ...bars.filter((bar) => bar.section === section).map(renderBar),
  ]);
  return [
    "```mermaid",
    "gantt",
    `  title ${cleanText(title)}`,
    "  dateFormat x",
    "  axisFormat %M:%S",
    ...lines,
    "```",
  ].join("\n");
}

function renderBar({ title, start, end }: Bar): string {
  const seconds = ((end - start) / 1000).toFixed(2);
  const [from, to] = [Math.round(start), Math.max(Math.round(end), Math.round(start) + 1)];
  return `    ${cleanText(title)} (${seconds} s) : ${from}, ${to}`;
}

/** These have a meaning in Mermaid. */
function cleanText(text: string): string {
  return text.replace(/[:;#,]/g, " ");
}
