import timers from "node:timers/promises";

/**
 * For tests of code that waits: the clock, and every wait with it, runs this many times faster. What a test measures by `Date.now()`
 * is the time that the code meant.
 */
export function useFasterClock(times: number): void {
  const { now } = Date;
  const later = setTimeout;
  const sleep = timers.setTimeout;

  beforeEach(() => {
    const start = now();
    jest.spyOn(Date, "now").mockImplementation(() => start + (now() - start) * times);
    jest
      .spyOn(globalThis, "setTimeout")
      .mockImplementation((run: () => void, milliseconds = 0) => later(run, milliseconds / times));
    jest
      .spyOn(timers, "setTimeout")
      .mockImplementation((milliseconds = 0, value) => sleep(milliseconds / times, value));
  });

  afterEach(() => jest.restoreAllMocks());
}
