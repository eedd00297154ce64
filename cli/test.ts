import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { faultTableVariable, readFaultTable, renderFaultTable } from "./faultTable";
import { ensureBoard } from "./install/ensureBoard";
import { installPackages } from "./install/installPackages";
import { runInTerminal } from "./run";
import { SetupError } from "./setupError";
import {
  addCounts,
  countTests,
  readSkippedTests,
  skippedTestsVariable,
  type JestReport,
  type TestCounts,
} from "./testCounts";
import { prepareMachine } from "./prepareMachine";
import type { UpOptions } from "./upOptions";
import { projectFolder } from "./versions";

interface Suite {
  readonly needsEngine: boolean;
  /** Of Jest: how many files run side by side. */
  readonly flags: readonly string[];
}

const oneByOne = { needsEngine: true, flags: ["--runInBand", "--verbose"] };

/** Folders of `tests/`; the scripts of package.json say which run together. */
const suites: Readonly<Record<string, Suite>> = {
  unit: { needsEngine: false, flags: [] },
  core: oneByOne,
  // An update is mostly waiting, so that two share two cores well.
  e2e: { needsEngine: true, flags: ["--maxWorkers=2", "--verbose"] },
  alone: oneByOne,
  faults: oneByOne,
  long: oneByOne,
};

/**
 * Runs suites of tests, one after the other: unit tests at once, all others on a machine that is made ready first.
 *
 * @throws SetupError for a name that is no suite's
 */
export async function test(options: UpOptions, names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !(name in suites));
  if (names.length === 0 || unknown.length > 0) {
    throw new SetupError(
      `${unknown.join(", ") || "Nothing"} is no suite of tests. The suites: ${Object.keys(suites).join(", ")}.`,
    );
  }
  let env: Readonly<Record<string, string>> | undefined;
  const results: TestCounts[] = [];
  for (const name of names) {
    const { needsEngine, flags } = suites[name] ?? oneByOne;
    if (needsEngine) env ??= await prepareEndToEnd(options);
    results.push(await runJest(name, flags, needsEngine ? env : {}));
  }
  const { passed, failed, skipped, files } = addCounts(results);
  if (failed > 0) process.exitCode = 1;
  console.log("\nTime by file:");
  for (const { file, seconds } of files) {
    console.log(`${seconds.toFixed(1).padStart(8)} s  ${relative(projectFolder, file)}`);
  }
  console.log("");
  for (const name of skipped) console.log(`SKIPPED on this machine: ${name}`);
  console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
}

async function prepareEndToEnd(options: UpOptions): Promise<Record<string, string>> {
  const { session, network } = await prepareMachine(options);
  // For the tests that run an engine of their own, on a bridge of its own.
  if (process.platform === "linux") await installPackages({ ip: "iproute2" });
  await ensureBoard();
  await installBrowser();
  return { PATH: session.env["PATH"] ?? "", GLASSHOUSE_TEST_NETWORK: network };
}

/** The tests of pages look for one, and are skipped where there is none. */
async function installBrowser(): Promise<void> {
  if (process.env["CHROMIUM"] !== undefined) return;
  try {
    await installPackages({ chromium: "chromium" });
  } catch (error) {
    console.warn(
      `No browser can be installed, so pages are not tested: ${(error as Error).message}`,
    );
  }
}

async function runJest(
  name: string,
  flags: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<TestCounts> {
  const folder = mkdtempSync(join(tmpdir(), "glasshouse-test-"));
  const file = join(folder, "report.json");
  const faults = join(folder, "faults.jsonl");
  const skips = join(folder, "skips");
  try {
    const jest = join(projectFolder, "node_modules", "jest", "bin", "jest.js");
    const exitCode = await runInTerminal(
      [process.execPath, jest, "--selectProjects", name, "--json", "--outputFile", file, ...flags],
      {
        cwd: projectFolder,
        env: { ...env, [faultTableVariable]: faults, [skippedTestsVariable]: skips },
      },
    );
    const table = renderFaultTable(readFaultTable(faults));
    if (table !== "") console.log(`\nFault → what the user sees → what is kept\n\n${table}\n`);
    const report = JSON.parse(readFileSync(file, "utf8")) as JestReport;
    return countTests(report, exitCode, readSkippedTests(skips));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
