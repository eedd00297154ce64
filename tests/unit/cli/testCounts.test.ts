import { addCounts, countTests } from "../../../cli/testCounts";

const file = (name: string, seconds: number, tests: Record<string, string>) => ({
  name,
  startTime: 0,
  endTime: seconds * 1000,
  assertionResults: Object.entries(tests).map(([fullName, status]) => ({ fullName, status })),
});
const late = new Map([["counts what the engine says", "its metrics are off"]]);

describe("countTests", () => {
  const report = {
    testResults: [
      file("quick", 1, { "is up": "passed", "is a host's (no ssh)": "pending" }),
      file("slow", 3, { "counts what the engine says": "passed", "goes away": "failed" }),
    ],
  };

  it("counts as skipped what Jest skipped, and what found out late that it cannot run", () => {
    expect(countTests(report, 1, late)).toMatchObject({
      passed: 1,
      failed: 1,
      skipped: ["is a host's (no ssh)", "counts what the engine says (its metrics are off)"],
    });
  });

  it("lists the slowest file first", () => {
    expect(countTests(report, 1, late).files).toStrictEqual([
      { file: "slow", seconds: 3 },
      { file: "quick", seconds: 1 },
    ]);
  });

  it("counts a file that does not load as a failure", () => {
    const broken = {
      testResults: [file("broken", 0, {}), file("quick", 1, { "is up": "passed" })],
    };
    expect(countTests(broken, 1, new Map())).toMatchObject({ passed: 1, failed: 1 });
    expect(countTests(broken, 0, new Map())).toMatchObject({ failed: 0 });
  });

  it("sums up suites", () => {
    const one = countTests(report, 1, late);
    expect(addCounts([one, one])).toMatchObject({ passed: 2, failed: 2 });
    expect(addCounts([one, one]).files.map(({ seconds }) => seconds)).toStrictEqual([3, 3, 1, 1]);
  });
});
