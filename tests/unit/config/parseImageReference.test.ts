import { isPinned, parseImageReference } from "../../../config/parseImageReference";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("parseImageReference", () => {
  it.each([
    ["debian", "debian", undefined, undefined],
    ["debian:13.1-slim", "debian", "13.1-slim", undefined],
    ["prom/prometheus:v3.5.0", "prom/prometheus", "v3.5.0", undefined],
    ["registry:5000/name", "registry:5000/name", undefined, undefined],
    ["registry:5000/team/name:1", "registry:5000/team/name", "1", undefined],
    [`name@${digest}`, "name", undefined, digest],
    [`name:1@${digest}`, "name", "1", digest],
  ])("takes %s apart", (text, name, tag, expectedDigest) => {
    expect(parseImageReference(text)).toStrictEqual({ name, tag, digest: expectedDigest });
  });

  it.each([
    "",
    "Name",
    "name:",
    "name:a b",
    "https://registry.example/name",
    "name@sha256:12",
    "/name",
  ])("refuses %p", (text) => {
    expect(parseImageReference(text)).toBeUndefined();
  });

  it("gives up on a long text in no time", () => {
    const start = performance.now();
    expect(parseImageReference(`${"a-".repeat(20_000)}!`)).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe("isPinned", () => {
  it.each([
    ["name", false],
    ["name:latest", false],
    ["registry:5000/name", false],
    ["name:1", true],
    [`name@${digest}`, true],
    [`name:latest@${digest}`, true],
  ])("of %s is %p", (text, expected) => {
    const reference = parseImageReference(text);
    expect(reference && isPinned(reference)).toBe(expected);
  });
});
