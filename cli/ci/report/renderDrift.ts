import type { Block } from "./fitBlocks";
import { fitBlocks } from "./fitBlocks";
import { codeBlock, codeSpan, cutLines, safeSentence } from "./markdown";
import { commentLimit } from "./renderMarkdown";

/** Something that differs from what was deployed, and what to do. */
export interface DriftFinding {
  readonly subject: string;
  readonly problem: string;
  readonly fix: string;
}

export interface StackDrift {
  readonly stack: string;
  readonly findings: readonly DriftFinding[];
}

const findingsShown = 100;

/** Body of an issue: stack by stack and target by target what differs. */
export function renderDrift(stacks: readonly StackDrift[], limit = commentLimit): string {
  const share = Math.floor(limit / Math.max(1, stacks.length)) - 2;
  return `${stacks.map((drift) => renderStack(drift, share)).join("\n\n")}\n`;
}

function renderStack({ stack, findings }: StackDrift, limit: number): string {
  const title = `### ${codeSpan(stack)}: `;
  if (findings.length === 0) return `${title}is what was deployed`;
  const heading = `${title}${findings.length} finding${findings.length === 1 ? "" : "s"}`;
  const shown = findings.slice(0, findingsShown).map(renderFinding);
  const left = findings.length - shown.length;
  const more = left > 0 ? [{ text: `… and ${left} more`, short: "" }] : [];
  return fitBlocks([{ text: heading, short: heading }, ...shown, ...more], limit);
}

function renderFinding({ subject, problem, fix }: DriftFinding): Block {
  const short = `- ${codeSpan(subject.slice(0, 60))}`;
  const text = [
    `- ${codeSpan(subject)}: ${safeSentence(problem)}`,
    "",
    ...codeBlock(cutLines(fix, { lines: 10, length: 2000 }), "text")
      .split("\n")
      .map((line) => `  ${line}`),
  ].join("\n");
  return { text, short };
}
