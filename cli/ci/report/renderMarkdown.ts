import { hasChanges, isRisky, type StackReport } from "./buildReport";
import { type Block, fitBlocks } from "./fitBlocks";
import { codeBlock, codeSpan, cutLines, foldedAway, renderWords, safeSentence } from "./markdown";
import type { Change } from "./plan";
import { count, renderPlain } from "./words";

/** GitHub refuses comments and issues with more than 65,536 characters; the rest is room for a marker. */
export const commentLimit = 65_000;

const linesShown = 100;
const diffLimits = { lines: 200, length: 20_000 };
const detailLimits = { lines: 300, length: 15_000 };

/** All reports in one document, none longer than its share. */
export function renderMarkdown(reports: readonly StackReport[], limit = commentLimit): string {
  const share = Math.floor(limit / Math.max(1, reports.length)) - 2;
  return `${reports.map((report) => renderStack(report, share)).join("\n\n")}\n`;
}

/** One stack: what it comes to, what could not be known, the changes with the risky ones first, diffs, Pulumi's detail. */
function renderStack(report: StackReport, limit: number): string {
  const { stack, failure, unknowns, warnings, violations, changes, diffs, details } = report;
  const risky = changes.filter(({ risk }) => risk !== undefined);
  const everyday = changes.filter(({ risk }) => risk === undefined);
  return fitBlocks(
    [
      must(`### ${codeSpan(stack)}: ${renderTitle(report)}`),
      ...(failure === undefined
        ? []
        : [
            block(
              codeBlock(cutLines(failure, diffLimits), "text"),
              "What failed is too long to be shown here.",
            ),
          ]),
      ...list("Not known", unknowns.map(safeSentence)),
      ...list(
        "Policy",
        violations.map(
          ({ level, policy, resource, message }) =>
            `**${safeSentence(level)}** ${codeSpan(policy)} on ${codeSpan(resource)}: ${safeSentence(message)}`,
        ),
      ),
      ...list("⚠️ Look twice", risky.map(renderChange)),
      ...list(risky.length > 0 && everyday.length > 0 ? "Changes" : "", everyday.map(renderChange)),
      ...list(
        "Warnings",
        warnings.map((text) => safeSentence(text.replace(/^warning:\s*/, ""))),
      ),
      ...diffs.map(({ title, text }) =>
        block(
          `${codeSpan(title)}\n\n${codeBlock(cutLines(text, diffLimits), "diff")}`,
          `The diff of ${codeSpan(title)} is too long to be shown here.`,
        ),
      ),
      ...(details.length === 0 ? [] : [renderDetails(report)]),
    ],
    limit,
  );
}

function renderTitle(report: StackReport): string {
  const { failure, changes, isFirstDeployment } = report;
  if (failure !== undefined) return "the preview failed";
  if (!hasChanges(report)) return "nothing to do";
  const risky = changes.filter(({ risk }) => risk !== undefined).length;
  const total = renderPlain(count(changes.length, "change"));
  const first = isFirstDeployment ? "first deployment, " : "";
  return `${first}${total}${isRisky(report) ? `, ${risky} to look at twice` : ""}`;
}

function renderChange({ subject, words, risk }: Change): string {
  const reason = risk === undefined ? "" : ` _(${risk})_`;
  const name = /^[A-Za-z0-9-]+$/.test(subject) ? `**${subject}**` : codeSpan(subject);
  return `${name}: ${renderWords(words)}${reason}`;
}

function renderDetails({ details }: StackReport): Block {
  const lines = details.map(
    ({ operation, type, name, properties }) =>
      `${operation.padEnd(8)} ${type} ${name}${properties.length > 0 ? ` [${properties.join(", ")}]` : ""}`,
  );
  const summary = `Pulumi's detail: ${renderPlain(count(details.length, "resource"))}`;
  return block(
    foldedAway(summary, codeBlock(cutLines(lines.join("\n"), detailLimits), "text")),
    `${summary}, too long to be shown here.`,
  );
}

function list(title: string, items: readonly string[]): Block[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, linesShown).map((item) => `- ${item}`);
  const more = items.length > linesShown ? [`- … and ${items.length - linesShown} more`] : [];
  const heading = title === "" ? [] : [`**${title}**`, ""];
  const short = `${title === "" ? "Changes" : title}: ${items.length}, too long to be shown here.`;
  return [block([...heading, ...shown, ...more].join("\n"), short)];
}

function must(text: string): Block {
  return { text, short: text };
}

function block(text: string, short: string): Block {
  return { text, short };
}
