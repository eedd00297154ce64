import { parse } from "yaml";
import { renderYaml } from "../../../../config/prometheus/renderYaml";

describe("YAML", () => {
  it.each(["on", "no", "y", "null", "~", "1:30", "0x10", "1_000", "", "a: b", "#x"])(
    "keeps the string %j a string, for readers of YAML 1.1 as of 1.2",
    (value) => {
      const text = renderYaml({ value });
      expect(parse(text, { version: "1.1" })).toStrictEqual({ value });
      expect(parse(text, { version: "1.2" })).toStrictEqual({ value });
    },
  );

  it("keeps a long string on its line", () => {
    const value = "word ".repeat(60).trim();
    expect(renderYaml({ value })).toBe(`value: ${value}\n`);
  });

  it("writes an object twice that is used twice", () => {
    const shared = { a: 1 };
    expect(renderYaml([shared, shared])).not.toMatch(/[&*]/);
  });
});
