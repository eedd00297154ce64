import { findNearestName } from "../../../../config/settings/findNearestName";

const known = ["name", "replicas", "publishPort", "publishAddress", "memoryMb", "writablePaths"];

describe("findNearestName", () => {
  it.each([
    ["replica", "replicas"],
    ["repilcas", "replicas"],
    ["REPLICAS", "replicas"],
    ["publish_port", "publishPort"],
    ["publishAdress", "publishAddress"],
    ["memory", "memoryMb"],
    ["scale", "replicas"],
    ["tmpfs", "writablePaths"],
  ])("takes %s for %s", (given, expected) => {
    expect(findNearestName(given, known)).toBe(expected);
  });

  it.each(["volumes", "x", "", "constructor"])("takes %p for none", (given) => {
    expect(findNearestName(given, known)).toBeUndefined();
  });

  it("does not suggest what another tool says where the setting is unknown", () => {
    expect(findNearestName("scale", ["uri"])).toBeUndefined();
  });
});
