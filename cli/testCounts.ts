import { existsSync, readFileSync } from "node:fs";

/** The part of Jest's JSON report that is counted. */
export interface JestReport {
  readonly testResults: readonly {
    /** Path of the file. */
    readonly name: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  /** Names of the tests that this machine could not run. */
  readonly skipped: readonly string[];
  /** The slowest one first. */
  readonly files: readonly { readonly file: string; readonly seconds: number }[];
}

/** Names the file that tests add themselves to when they find out while they run that this machine cannot run them. */
export const skippedTestsVariable = "GLASSHOUSE_SKIPPED_TESTS";

/** @returns name by name, each with its reason */
export function readSkippedTests(file: string): ReadonlyMap<string, string> {
  if (!existsSync(file)) return new Map();
  const lines = readFileSync(file, "utf8").split("\n");
  return new Map(
    lines.filter((line) => line !== "").map((line) => JSON.parse(line) as [string, string]),
  );
}

/** @param skippedLate tests that Jest counts as passed, with the reason why they could not run */
export function countTests(
  { testResults }: JestReport,
  exitCode: number,
  skippedLate: ReadonlyMap<string, string>,
): TestCounts {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const namesOf = (wanted: string) =>
    tests.filter(({ status }) => status === wanted).map(({ fullName }) => fullName);
  const passed = namesOf("passed");
  const late = [...skippedLate].filter(([name]) => passed.includes(name));
  const failed = namesOf("failed").length;
  return {
    passed: passed.length - late.length,
    // A test file that does not even load fails without a test of its own.
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: [...namesOf("pending"), ...late.map(([name, reason]) => `${name} (${reason})`)],
    files: testResults
      .map(({ name, startTime, endTime }) => ({
        file: name,
        seconds: (endTime - startTime) / 1000,
      }))
      .sort((one, other) => other.seconds - one.seconds),
  };
}

export function addCounts(counts: readonly TestCounts[]): TestCounts {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  return {
    passed: sum(counts.map(({ passed }) => passed)),
    failed: sum(counts.map(({ failed }) => failed)),
    skipped: counts.flatMap(({ skipped }) => skipped),
    files: counts.flatMap(({ files }) => files).sort((one, other) => other.seconds - one.seconds),
  };
}
