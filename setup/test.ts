import { join } from "node:path";
import { runInTerminal } from "./run";
import { prepareMachine, type UpOptions } from "./up";
import { projectFolder } from "./versions";

/**
 * Runs the tests: unit tests at once, end-to-end tests on a machine that is made ready first.
 *
 * @param suites folders of `tests/`; default: all
 */
export async function test(options: UpOptions, suites: readonly string[]): Promise<void> {
  const wanted = suites.length > 0 ? suites : ["unit", "e2e"];
  for (const suite of wanted) {
    const prepared = suite === "unit" ? undefined : await prepareMachine(options);
    const env: Record<string, string> = prepared
      ? {
          PATH: prepared.session.env["PATH"] ?? "",
          GLASSHOUSE_TEST_NETWORK: prepared.network,
        }
      : {};
    const jest = join(projectFolder, "node_modules", "jest", "bin", "jest.js");
    const exitCode = await runInTerminal(
      [
        process.execPath,
        jest,
        "--selectProjects",
        suite,
        ...(suite === "unit" ? [] : ["--runInBand"]),
      ],
      { cwd: projectFolder, env },
    );
    if (exitCode !== 0) {
      process.exitCode = exitCode;
      return;
    }
  }
}
