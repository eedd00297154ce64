import { cpSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { stringify } from "yaml";
import { projectFolder } from "../setup/versions";
import type { Workplace } from "./bench";
import { findUpPhases, type TimedLine } from "./findUpPhases";
import type { Phase, UpPhases } from "./report/benchResult";
import { runMeasured } from "./runMeasured";

/** What a checkout has and a clone has not. */
const notCloned = ["node_modules", ".git", ".glasshouse", "coverage"];

/**
 * Runs `npm run up` in a fresh copy of the checkout, and once more. What the machine has already (its engine, Pulumi, the
 * images' layers, npm's cache) it keeps: a bare machine is not to be had without a second one.
 */
export async function measureUpPhases(workplace: Workplace): Promise<UpPhases> {
  const { stack, folder, builtSettings } = workplace;
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
  const first = await runUp(workplace, copy, name);
  const second = await runUp(workplace, copy, name);
  await runNpm(workplace, copy, ["down", "--", "--stack", name]);
  return { first, second };
}

async function runUp(workplace: Workplace, copy: string, name: string): Promise<Phase[]> {
  const start = performance.now();
  const lines: TimedLine[] = [];
  const { seconds } = await runNpm(workplace, copy, ["up", "--", "--stack", name], (text) => {
    const at = (performance.now() - start) / 1000;
    lines.push(...text.split("\n").map((line) => ({ at, text: line })));
  });
  const phases = findUpPhases(lines, seconds);
  console.log(`  ✓ npm run up in a copy of the checkout: ${Math.round(seconds)} s`);
  return phases;
}

function runNpm(
  { stack, signal, folder }: Workplace,
  cwd: string,
  command: readonly string[],
  collect?: (text: string) => void,
) {
  const env = {
    PATH: stack.session.env["PATH"] ?? "",
    PULUMI_BACKEND_URL: `file://${folder}/state`,
    PULUMI_CONFIG_PASSPHRASE: "the bench's",
  };
  return runMeasured({ command: ["npm", "run", ...command], cwd, env, signal }, collect);
}
