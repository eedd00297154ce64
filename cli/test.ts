import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { faultTableVariable, readFaultTable, renderFaultTable } from "./faultTable";
import { installPackages } from "./install/installPackages";
import { prepareGrafana } from "./install/prepareGrafana";
import { runInTerminal } from "./run";
import { prepareMachine, type UpOptions } from "./up";
import { projectFolder } from "./versions";

interface JestReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** Names of the tests that this machine could not run. */
  readonly skipped: readonly string[];
}

/**
 * Runs the tests: unit tests at once, end-to-end and fault tests on a machine that is made ready first.
 *
 * @param suites folders of `tests/`; default: all
 */
export async function test(options: UpOptions, suites: readonly string[]): Promise<void> {
  const results: Counts[] = [];
  for (const suite of suites.length > 0 ? suites : ["unit", "e2e", "faults"]) {
    const env = suite === "unit" ? {} : await prepareEndToEnd(options);
    const counts = await runJest(suite, env);
    results.push(counts);
    if (counts.failed > 0) process.exitCode = 1;
  }
  const skipped = results.flatMap((counts) => counts.skipped);
  for (const name of skipped) console.log(`Not run on this machine: ${name}`);
  const passed = results.reduce((sum, counts) => sum + counts.passed, 0);
  const failed = results.reduce((sum, counts) => sum + counts.failed, 0);
  console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
}

async function prepareEndToEnd(options: UpOptions): Promise<Record<string, string>> {
  const { session, network } = await prepareMachine(options);
  // For the test that runs an engine of its own, on a bridge of its own.
  if (process.platform === "linux") await installPackages({ ip: "iproute2" });
  if (network === "registries") await prepareGrafana();
  return { PATH: session.env["PATH"] ?? "", GLASSHOUSE_TEST_NETWORK: network };
}

async function runJest(suite: string, env: Record<string, string>): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), "glasshouse-test-"));
  const file = join(folder, "report.json");
  const faults = join(folder, "faults.jsonl");
  try {
    const jest = join(projectFolder, "node_modules", "jest", "bin", "jest.js");
    const flags = suite === "unit" ? [] : ["--runInBand", "--verbose"];
    const exitCode = await runInTerminal(
      [process.execPath, jest, "--selectProjects", suite, "--json", "--outputFile", file, ...flags],
      { cwd: projectFolder, env: { ...env, [faultTableVariable]: faults } },
    );
    const table = renderFaultTable(readFaultTable(faults));
    if (table !== "") console.log(`\nFault → what the user sees → what is kept\n\n${table}\n`);
    return count(JSON.parse(readFileSync(file, "utf8")) as JestReport, exitCode);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A test that cannot run on this machine passes under a name that says so, after a warning that says why. */
function count(report: JestReport, exitCode: number): Counts {
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const passed = tests.filter(({ status }) => status === "passed");
  const skipped = passed.filter(({ fullName }) => fullName.includes("SKIPPED:"));
  const failed = tests.filter(({ status }) => status === "failed").length;
  return {
    passed: passed.length - skipped.length,
    // A test file that does not even load fails without a test of its own.
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: skipped.map(({ fullName }) => fullName),
  };
}
