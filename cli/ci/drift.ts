import { renderDrift, type StackDrift } from "./report/renderDrift";
import { diagnose } from "../doctor/diagnose";
import { readFacts } from "../doctor/readFacts";
import { listFindings } from "../doctor/report";
import { readMessage } from "../../host/daemon/engineSettingsError";
import type { PulumiSession } from "../pulumiSession";
import { findStacks } from "./listStacks";
import { openCiSession, type SessionOptions } from "./openSession";
import { writeReport } from "./writeReport";

export interface CiDriftOptions extends SessionOptions {
  /** Names with commas between them. Default: every stack whose file is committed. */
  readonly stack: string | undefined;
  readonly json: boolean;
  readonly to: string | undefined;
}

/**
 * Tells stack by stack what is no longer as it was deployed: what `npm run doctor` finds. Changes nothing.
 *
 * @returns the exit code: 0 when all is as it was deployed, 1 with findings
 */
export async function ciDrift(options: CiDriftOptions): Promise<0 | 1> {
  const session = await openCiSession(options);
  const names = await findStacks(options.stack);
  const stacks: StackDrift[] = [];
  for (const name of names) stacks.push(await examine(session, name));
  const json = `${JSON.stringify({ version: 1, stacks }, undefined, 2)}\n`;
  writeReport(options.json ? json : renderDrift(stacks), options.to);
  return stacks.every(({ findings }) => findings.length === 0) ? 0 : 1;
}

/** A stack that cannot be looked at is a finding: silence would read as "all is well". */
async function examine(session: PulumiSession, stack: string): Promise<StackDrift> {
  try {
    const found = listFindings(diagnose(await readFacts(session, stack)));
    return {
      stack,
      findings: found.map(({ subject, problem, fix }) => ({ subject, problem, fix })),
    };
  } catch (error) {
    const finding = {
      subject: "stack",
      problem: `it cannot be looked at: ${readMessage(error)}`,
      fix: `npm run doctor -- --stack ${stack}`,
    };
    return { stack, findings: [finding] };
  }
}
