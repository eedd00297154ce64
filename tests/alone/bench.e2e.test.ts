import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../cli/run";
import { projectFolder } from "../../cli/versions";
import { docker } from "../support/dockerCommands";
import { readTestNetwork } from "../support/testNetwork";

// One cheap row with one tool: that the bench plans, deploys, measures, reports and tidies up. Its numbers are nobody's.

it("measures a row, keeps nothing of a partial run, and leaves nothing behind", async () => {
  const kept = readKeptText();
  const before = await listNames();
  const bootstrap = join(projectFolder, "cli", "bootstrap.mjs");
  const flags = ["--only", "scale", "--peers", "engine", "--rounds", "1"];
  const network = ["--network", readTestNetwork()];
  const { exitCode, stdout, stderr } = await run(
    [process.execPath, bootstrap, "bench", ...flags, ...network],
    { cwd: projectFolder },
  );

  expect({ exitCode, stderr }).toStrictEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toMatch(/^\| 3 → 30 replicas \| s \| – \| [\d.]+ \| – \|$/m);
  expect(stdout).toContain("| no-change preview under 1.5 s | not measured | – |");
  expect(stdout).toContain("A run of a part is not kept.");
  expect(await listNames()).toStrictEqual(before);
  expect(readKeptText()).toBe(kept);
});

/** Containers and networks of any bench. */
async function listNames(): Promise<string[]> {
  const containers = await docker("ps", "--all", "--format", "{{.Names}}");
  const networks = await docker("network", "ls", "--format", "{{.Name}}");
  return `${containers}\n${networks}`.match(/^glasshouse-bench-\d+-engine.*$/gm) ?? [];
}

function readKeptText(): string {
  return readFileSync(join(projectFolder, "docs", "benchmarks.md"), "utf8");
}
