import { equalValues } from "../../../resources/crud";

describe("equalValues", () => {
  it.each<[string, unknown, unknown, boolean]>([
    ["key order", { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }, true],
    ["Pulumi's own keys", { a: 1, __provider: "code" }, { a: 1 }, true],
    ["what is undefined", { a: 1, b: undefined }, { a: 1 }, true],
    ["a value", { a: 1 }, { a: 2 }, false],
    ["a type", { a: 1 }, { a: "1" }, false],
    ["a nested value", { a: [{ b: 1 }] }, { a: [{ b: 2 }] }, false],
    ["a key that is gone", { a: 1, b: 2 }, { a: 1 }, false],
    ["list order", [1, 2], [2, 1], false],
    ["null and an empty group", null, {}, false],
  ])("looks at %s", (_, a, b, equal) => {
    expect(equalValues(a, b)).toBe(equal);
    expect(equalValues(b, a)).toBe(equal);
  });
});
