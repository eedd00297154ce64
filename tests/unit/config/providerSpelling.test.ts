import { renderCpus, renderGoDuration } from "../../../config/providerSpelling";

describe("renderGoDuration", () => {
  // As Go's time.Duration prints them.
  it.each([
    [0, "0s"],
    [1, "1s"],
    [59, "59s"],
    [60, "1m0s"],
    [90, "1m30s"],
    [3599, "59m59s"],
    [3600, "1h0m0s"],
    [3661, "1h1m1s"],
    [36_000, "10h0m0s"],
  ])("spells %d seconds as %s", (seconds, spelling) => {
    expect(renderGoDuration(seconds)).toBe(spelling);
  });
});

describe("renderCpus", () => {
  it.each([
    [1, "1.0"],
    [2, "2.0"],
    [0.5, "0.5"],
    [1.25, "1.25"],
    [0.01, "0.01"],
    // Not 0.30000000000000004.
    [0.1 + 0.2, "0.3"],
    [0.9999999999, "1.0"],
    [1024, "1024.0"],
  ])("spells %d cores as %s", (cores, spelling) => {
    expect(renderCpus(cores)).toBe(spelling);
  });
});
