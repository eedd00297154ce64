import { ratiosOf, spreadOf } from "../../../../bench/report/statistics";

describe("a spread", () => {
  it("has the middle value of an odd number, whatever their order", () => {
    expect(spreadOf([30, 4, 100])).toStrictEqual({ minimum: 4, median: 30, maximum: 100 });
  });

  it("has the mean of the two middle ones of an even number", () => {
    expect(spreadOf([1, 10, 2, 4])).toStrictEqual({ minimum: 1, median: 3, maximum: 10 });
  });

  it("is that of the one value, and none of none", () => {
    expect(spreadOf([7])).toStrictEqual({ minimum: 7, median: 7, maximum: 7 });
    expect(spreadOf([])).toBeUndefined();
  });
});

describe("ratios", () => {
  it("compare within a round", () => {
    expect(ratiosOf([2, 30], [1, 10])).toStrictEqual([2, 3]);
  });

  it("leave out rounds that the other one has not, and what cannot be divided by", () => {
    expect(ratiosOf([2, 3, 4], [0, 6])).toStrictEqual([0.5]);
  });
});
