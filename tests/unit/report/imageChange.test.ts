import { isDowngrade } from "../../../report/changes/imageChange";

describe("isDowngrade", () => {
  it.each([
    ["shop:1.4.2", "shop:1.4.1", true],
    ["shop:1.10", "shop:1.9", true],
    ["registry:5000/shop:v3.5.1", "registry:5000/shop:v2", true],
    ["shop:1.4.2", "shop:1.4.10", false],
    ["shop:1.4", "shop:1.4.0", false],
    ["shop:1.4.2", "till:1.0.0", false],
    ["shop:blue", "shop:1.0.0", false],
    ["", "shop:1.0.0", false],
  ])("%s → %s: %s", (was, now, expected) => {
    expect(isDowngrade(was, now)).toBe(expected);
  });
});
