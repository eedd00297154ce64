import { renderDuration } from "../../../../config/prometheus/renderDuration";

describe("a duration", () => {
  it.each([
    [0, "0s"],
    [1, "1s"],
    [59, "59s"],
    [60, "1m"],
    [100, "1m40s"],
    [3600, "1h"],
    [3605, "1h5s"],
    [14400, "4h"],
  ])("of %i seconds is written as Prometheus writes it", (seconds, text) => {
    expect(renderDuration(seconds)).toBe(text);
  });
});
