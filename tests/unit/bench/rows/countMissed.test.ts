import { countMissed } from "../../../../bench/rows/countMissed";

it("misses nothing between scrapes that come at their time, or a little late", () => {
  expect(countMissed({ a: [100, 102, 104.7, 106] }, 2, 100)).toBe(0);
});

it("counts each scrape that is not there, of all targets", () => {
  expect(countMissed({ a: [100, 104, 106], b: [100, 108] }, 2, 100)).toBe(1 + 3);
});

it("leaves out what was missed before", () => {
  expect(countMissed({ a: [90, 98, 100, 102] }, 2, 99)).toBe(0);
});
