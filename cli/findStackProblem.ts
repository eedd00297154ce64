import { tryPulumi, type PulumiSession } from "./pulumiSession";
import { lastLines } from "./run";

/** What keeps a stack's state from being compared with: none is there yet, or it cannot be read. */
export interface StackProblem {
  readonly kind: "missing" | "unreadable";
  /** Pulumi's own. */
  readonly words: string;
}

export async function findStackProblem(
  session: PulumiSession,
  stack: string,
): Promise<StackProblem | undefined> {
  const { exitCode, stderr } = await tryPulumi(
    session,
    ...["stack", "--show-ids", "--stack", stack, "--non-interactive"],
  );
  if (exitCode === 0) return undefined;
  const words = lastLines(stderr, 20);
  return { kind: /no stack named/i.test(stderr) ? "missing" : "unreadable", words };
}
