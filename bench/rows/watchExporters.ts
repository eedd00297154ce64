import { readFileSync } from "node:fs";
import type Docker from "dockerode";

/** What the exporters used, together. */
export interface ExportersUse {
  /** Of one core. */
  readonly cpuPercent: number;
  readonly memoryMb: number;
}

const exporters = ["node-exporter", "cadvisor"];
/** Linux' unit of processor time in `/proc`, whatever its clock's is (USER_HZ, proc(5)). */
const ticksPerSecond = 100;
const pageBytes = 4096;
const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

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
  const readTicks = () => sum(pids.map((pid) => readUse(pid).ticks));
  await pause(settleSeconds);
  const [start, before] = [performance.now(), readTicks()];
  await pause(seconds);
  const [end, after] = [performance.now(), readTicks()];
  return {
    cpuPercent: ((after - before) / ticksPerSecond / ((end - start) / 1000)) * 100,
    memoryMb: (sum(pids.map((pid) => readUse(pid).pages)) * pageBytes) / 1024 ** 2,
  };
}

/** @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function readUse(pid: number): { readonly ticks: number; readonly pages: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // After the program's name, which may hold spaces: the state is field 3, utime 14, stime 15, rss 24.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const field = (number: number) => Number(fields[number - 3]);
  return { ticks: field(14) + field(15), pages: field(24) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
