import { parse } from "yaml";
import { renderYaml } from "../../../../config/prometheus/renderYaml";

describe("YAML", () => {
  it.each(
    ["on", "no", "y", "null", "~", "1:30", "0x10", "0o17", "1_000", "2001-01-01"].concat(
      ...["", "<<", "a: b", "#x", "---", "--- x"],
    ),
  )("keeps the string %j a string, for readers of YAML 1.1 as of 1.2", (text) => {
    const value = { value: text, [text]: { [text]: text } };
    expect(parse(renderYaml(value), { version: "1.1" })).toStrictEqual(value);
    expect(parse(renderYaml(value), { version: "1.2" })).toStrictEqual(value);
  });

  it("writes a string of several lines wherever it stands", () => {
    const lines = "first\n  second\nthird";
    const value = { top: lines, list: [lines, { within: { deep: lines } }], [lines]: "key" };
    expect(parse(renderYaml(value))).toStrictEqual(value);
  });

  it("tells a number from the same digits as text", () => {
    expect(renderYaml(["1", 1, "1", true, "true"])).toBe('- "1"\n- 1\n- "1"\n- true\n- "true"\n');
  });

  it("keeps a long string on its line", () => {
    const value = "word ".repeat(60).trim();
    expect(renderYaml({ value })).toBe(`value: ${value}\n`);
  });

  it("writes an object twice that is used twice", () => {
    const shared = { a: 1 };
    expect(renderYaml([shared, shared])).not.toMatch(/[&*]/);
  });
});
