import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { pageBytes, readProcessStat } from "../processStat";

/** What the exporters used, together. */
export interface ExportersUse {
  /** Of one core. */
  readonly cpuPercent: number;
  readonly memoryMb: number;
}

const exporters = ["node-exporter", "cadvisor"];
const ticksPerSecond = 100;

/**
 * What node-exporter and cAdvisor use while Prometheus asks them: processor time over a while, resident memory at its end.
 * From `/proc`, since an engine without cgroups of its own has no statistics. Each is one process.
 *
 * @param settleSeconds what they use while they start is not counted
 */
export async function measureExporters(
  docker: Docker,
  prefix: string,
  { settleSeconds, seconds }: { readonly settleSeconds: number; readonly seconds: number },
): Promise<ExportersUse> {
  const pids = await Promise.all(
    exporters.map(async (name) => {
      const { State } = await docker.getContainer(`${prefix}-${name}`).inspect();
      return State.Pid;
    }),
  );
  const readTicks = () => sum(pids.map((pid) => readProcessStat(pid).ticks));
  await sleep(settleSeconds * 1000);
  const [start, before] = [performance.now(), readTicks()];
  await sleep(seconds * 1000);
  const [end, after] = [performance.now(), readTicks()];
  return {
    cpuPercent: ((after - before) / ticksPerSecond / ((end - start) / 1000)) * 100,
    memoryMb: (sum(pids.map((pid) => readProcessStat(pid).pages)) * pageBytes) / 1024 ** 2,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
