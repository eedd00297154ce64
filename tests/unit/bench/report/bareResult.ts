import type { BenchResult } from "../../../../bench/report/benchResult";

/** A run that measured nothing. */
export const bareResult: BenchResult = {
  version: 1,
  date: "2026-01-02T03:04:05.000Z",
  rounds: 3,
  machine: {
    cores: 2,
    memoryGb: 24,
    system: "Linux 6.1",
    node: "20.20.2",
    engine: "20.10.24",
    loadBefore: 0.1,
  },
  peers: {},
  rows: {},
};
