import { tmpdir } from "node:os";
import { runMeasured, sumTree } from "../../../bench/runMeasured";

const cwd = tmpdir();
const node = (script: string) => [process.execPath, "-e", script];

it("sums what a process and all below it use, and nobody else", () => {
  const samples = [
    { pid: 1, parent: 0, pages: 1000 },
    { pid: 10, parent: 1, pages: 100 },
    { pid: 11, parent: 10, pages: 20 },
    { pid: 12, parent: 11, pages: 3 },
    { pid: 20, parent: 1, pages: 500 },
  ];
  expect(sumTree(samples, 10)).toBe(123);
  expect(sumTree(samples, 99)).toBe(0);
});

it("hands over what a command says, and how long it took", async () => {
  const { signal } = new AbortController();
  const { stdout, seconds } = await runMeasured({
    command: node("console.log('done')"),
    cwd,
    signal,
  });
  expect(stdout).toBe("done\n");
  expect(seconds).toBeGreaterThan(0);
});

it("fails with the last words of a command that fails", async () => {
  const { signal } = new AbortController();
  const command = node("console.error('no such stack'); process.exit(3)");
  await expect(runMeasured({ command, cwd, signal })).rejects.toThrow("no such stack");
});

it("ends a command that is interrupted", async () => {
  const controller = new AbortController();
  const command = node("console.log('runs'); setInterval(() => {}, 1000)");
  const running = runMeasured({ command, cwd, signal: controller.signal }, () =>
    controller.abort(new Error("interrupted")),
  );
  await expect(running).rejects.toThrow("interrupted");
});
