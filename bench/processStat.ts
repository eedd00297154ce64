import { readFileSync } from "node:fs";

export const pageBytes = 4096;

/** What the kernel says of a process. */
export interface ProcessStat {
  readonly parent: number;
  /** Processor time so far, in hundredths of a second, whatever the kernel's clock is (USER_HZ). */
  readonly ticks: number;
  /** Resident memory. */
  readonly pages: number;
}

/**
 * @throws Error for a process that has ended
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function readProcessStat(pid: number): ProcessStat {
  // The name in the second field may hold anything, so the fields are counted from its closing bracket.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  /** By its number in the manual; the first one here is the third there. */
  const field = (number: number) => Number(fields[number - 3]);
  return { parent: field(4), ticks: field(14) + field(15), pages: field(24) };
}
