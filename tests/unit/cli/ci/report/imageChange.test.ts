import { describeImage, isDowngrade } from "../../../../../cli/ci/report/changes/imageChange";
import { types } from "../../../../../cli/ci/report/plan";
import type { Step } from "../../../../../cli/ci/report/preview";
import { renderPlain } from "../../../../../cli/ci/report/words";

describe("describeImage", () => {
  const built = { context: "samples/shop" };
  const step = (given: Pick<Step, "operation" | "before">): Step => ({
    type: types.builtImage,
    urn: "urn:pulumi:test::glasshouse::x::shop-image",
    name: "shop-image",
    owner: "shop",
    ownerType: types.app,
    after: built,
    found: {},
    isKnown: false,
    reasons: [],
    ...given,
  });

  it.each([
    [{ operation: "create", before: undefined }, "image built from samples/shop"],
    [{ operation: "replace", before: built }, "image rebuilt from samples/shop"],
    [
      { operation: "update", before: built },
      "image is no longer the one built from samples/shop: tagged again, or rebuilt",
    ],
  ] as const)("tells of an image that is built: %j", (given, words) => {
    expect(renderPlain(describeImage(step(given))?.words ?? [])).toBe(words);
  });
});

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
