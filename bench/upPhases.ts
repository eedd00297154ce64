import { cpSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { stringify } from "yaml";
import { run } from "../cli/run";
import { projectFolder } from "../cli/versions";
import type { Workplace } from "./workplace";
import { findUpPhases, type TimedLine } from "./findUpPhases";
import type { Phase } from "./report/benchResult";
import { runMeasured } from "./runMeasured";

/** What a checkout has and a clone has not. */
const notCloned = ["node_modules", ".git", ".glasshouse", "coverage"];

export interface TimedUp {
  readonly seconds: number;
  readonly phases: readonly Phase[];
}

/**
 * Runs `npm run up` in a fresh copy of the checkout, and once more. What the machine has already (its engine, Pulumi, the
 * images' layers, npm's cache) it keeps: there is no bare machine without a second one. The copy's stack has a name
 * and a state of its own, and leaves the engine's settings alone.
 */
export async function measureUpPhases({
  stack,
  folder,
  builtSettings,
  networkFlags,
  signal,
}: Workplace): Promise<{ readonly first: TimedUp; readonly second: TimedUp }> {
  const copy = join(folder, "checkout");
  const name = `${stack.name}-copy`;
  cpSync(projectFolder, copy, {
    recursive: true,
    filter: (path) => !notCloned.includes(basename(path)),
  });
  const config = Object.entries(builtSettings).map(([key, value]) => [`glasshouse:${key}`, value]);
  writeFileSync(
    join(copy, `Pulumi.${name}.yaml`),
    stringify({ config: Object.fromEntries(config) as unknown }),
  );
  const npm = (command: string, collect?: (text: string) => void) =>
    runMeasured(
      {
        command: ["npm", "run", command, "--", "--stack", name, ...networkFlags],
        cwd: copy,
        env: stack.session.env,
        signal,
      },
      collect,
    );
  try {
    const [first, second] = [await timeUp(npm), await timeUp(npm)];
    await npm("down");
    return { first, second };
  } finally {
    // Pulumi remembers for each folder, in its own home, which stack is selected there.
    await run([stack.session.program, "stack", "unselect"], { cwd: copy, env: stack.session.env });
  }
}

async function timeUp(
  npm: (command: string, collect: (text: string) => void) => Promise<{ seconds: number }>,
): Promise<TimedUp> {
  const start = performance.now();
  const lines: TimedLine[] = [];
  const { seconds } = await npm("up", (text) => {
    const at = (performance.now() - start) / 1000;
    lines.push(...text.split("\n").map((line) => ({ at, text: line })));
  });
  return { seconds, phases: findUpPhases(lines, seconds) };
}
