import { listFindings, type Report, type Row } from "./report";

/** One screen: what is wrong with its fix, the heaviest first, then what is well, then what is worth knowing. */
export function renderReport(report: Report): string {
  const { stack, rows, notes } = report;
  const findings = listFindings(report);
  const width = Math.max(...[...rows, ...notes].map(({ subject }) => subject.length));
  const bad = rows
    .filter((row) => row.findings.length > 0)
    .sort((a, b) => heaviest(b) - heaviest(a));
  const well = rows.filter((row) => row.findings.length === 0);
  const title =
    findings.length === 0
      ? `The stack ${stack} is what was deployed, and all of it works.`
      : `The stack ${stack} has ${findings.length} finding${findings.length === 1 ? "" : "s"}.`;
  return [
    title,
    "",
    ...bad.flatMap(renderBad),
    ...(bad.length > 0 ? [""] : []),
    ...well.map(({ subject, detail }) => `  ✓ ${subject.padEnd(width)}  ${detail}`.trimEnd()),
    ...notes.map(({ subject, text }) => `  – ${subject.padEnd(width)}  ${text}`),
    "",
  ].join("\n");
}

function renderBad({ subject, findings }: Row): string[] {
  return [
    `  ✗ ${subject}`,
    ...[...findings]
      .sort((a, b) => b.weight - a.weight)
      .flatMap((finding) => {
        const about = finding.subject === subject ? "" : `${finding.subject} `;
        return [`      ${about}${finding.problem}`, `        fix: ${finding.fix}`];
      }),
  ];
}

function heaviest({ findings }: Row): number {
  return Math.max(...findings.map(({ weight }) => weight));
}

/** The same for programs. Fields are only ever added; `version` counts up if one has to change or go. */
export function renderReportJson(report: Report): string {
  const findings = listFindings(report);
  return JSON.stringify(
    {
      version: 1,
      stack: report.stack,
      ok: findings.length === 0,
      findings: findings.map(({ subject, problem, fix }) => ({ subject, problem, fix })),
      subjects: report.rows.map(({ subject, detail, findings: own }) => ({
        subject,
        ok: own.length === 0,
        detail: own.length === 0 ? detail : "",
      })),
      notes: report.notes.map(({ subject, text }) => ({ subject, text })),
    },
    undefined,
    2,
  );
}
