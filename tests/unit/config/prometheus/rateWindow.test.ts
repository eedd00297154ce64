import { rateWindow } from "../../../../config/prometheus/rateWindow";

describe("the rate window", () => {
  it.each([
    [1, "1m"],
    [10, "1m"],
    [15, "1m"],
    [20, "1m20s"],
    [60, "4m"],
    [3600, "4h"],
  ])("holds four scrapes, at least a minute, for one every %i s", (seconds, window) => {
    expect(rateWindow(seconds)).toBe(window);
  });
});
