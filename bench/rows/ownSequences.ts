import { join } from "node:path";
import { run } from "../../cli/run";
import { typeScriptCommand } from "../../cli/install/typeScriptCommand";
import { projectFolder } from "../../cli/versions";
import type { Workplace } from "../workplace";
import type { UpPhases } from "../report/benchResult";
import { measureUpPhases } from "../upPhases";
import { ensureBoard } from "../../cli/install/ensureBoard";
import type { OwnSequenceId } from "./rows";
import { measureExporters } from "./watchExporters";
import type { Note } from "./sequences";

/** Rows that no other tool has. */
export const ownSequences: Readonly<
  Record<OwnSequenceId, (workplace: Workplace, note: Note) => Promise<UpPhases | undefined>>
> = { render: renderJobs, setup: runSetup, watch: measureWatching, page: measurePage };

const renderedJobs = 1000;

async function renderJobs(_workplace: Workplace, note: Note): Promise<undefined> {
  const script = join(projectFolder, "bench", "rows", "renderJobs.ts");
  const command = [...typeScriptCommand, script, String(renderedJobs)];
  const { exitCode, stdout, stderr } = await run(command, { cwd: projectFolder });
  if (exitCode !== 0) throw new Error(`rendering ${renderedJobs} jobs failed: ${stderr}`);
  const { seconds, peakMb } = JSON.parse(stdout) as { seconds: number; peakMb: number };
  note("render-time", seconds);
  note("render-memory", peakMb);
}

async function runSetup(workplace: Workplace, note: Note): Promise<UpPhases> {
  const { first, second } = await measureUpPhases(workplace);
  note("setup-first", first.seconds);
  note("setup-again", second.seconds);
  return { first: first.phases, second: second.phases };
}

/** At the interval at which a stack scrapes that does not say otherwise. */
async function measureWatching(
  { stack, docker, watchedSettings }: Workplace,
  note: Note,
): Promise<undefined> {
  stack.write(watchedSettings);
  await stack.run("up", "--yes", "--skip-preview");
  const times = { settleSeconds: 30, seconds: 120 };
  const { cpuPercent, memoryMb } = await measureExporters(docker, stack.prefix, times);
  note("watch-cpu", cpuPercent);
  note("watch-memory", memoryMb);
  await stack.run("destroy", "--yes", "--skip-preview");
}

/** Ten minutes of one every 5 s; `npm run test:long` takes an hour of them. */
const refreshes = 120;

/** The page of the chapter's stack, in Chromium. */
async function measurePage(
  { stack, pageSettings, pageUrl }: Workplace,
  note: Note,
): Promise<undefined> {
  await ensureBoard();
  stack.write(pageSettings);
  await stack.run("up", "--yes", "--skip-preview");
  const script = join(projectFolder, "board", "scripts", "measurePage.mjs");
  const command = [process.execPath, script, pageUrl, String(refreshes)];
  const { exitCode, stdout, stderr } = await run(command, { cwd: projectFolder });
  if (exitCode !== 0) throw new Error(`the page could not be measured: ${stderr}`);
  const measured = JSON.parse(stdout) as {
    paintSeconds: number;
    scriptKilobytes: number;
    megabytes: number;
    grownMegabytes: number;
  };
  note("page-paint", measured.paintSeconds);
  note("page-script", measured.scriptKilobytes);
  note("page-memory", measured.megabytes);
  note("page-growth", measured.grownMegabytes);
  await stack.run("destroy", "--yes", "--skip-preview");
}
