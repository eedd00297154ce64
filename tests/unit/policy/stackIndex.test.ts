import type { ResourceFacts } from "../../../policy/stackFacts";
import { indexStack } from "../../../policy/stackIndex";

const readiness = "pulumi-nodejs:glasshouse:Readiness";

function resource(urn: string, type: string, facts: Partial<ResourceFacts> = {}): ResourceFacts {
  return { urn, type, name: urn, props: {}, sources: {}, ...facts };
}

describe("the index of a stack", () => {
  const first = resource("first", readiness, {
    parent: "app",
    sources: { containers: ["a", "b"] },
  });
  const second = resource("second", readiness, { parent: "app", sources: { containers: ["b"] } });
  const again = resource("first", "other");
  const { byUrn, byType, keeperOfContainer, keeperOfParent } = indexStack([first, second, again]);

  it("finds the first of several resources", () => {
    expect(byUrn.get("first")).toBe(first);
    expect(keeperOfContainer.get("a")).toBe(first);
    expect(keeperOfContainer.get("b")).toBe(first);
    expect(keeperOfParent.get("app")).toBe(first);
  });

  it("has all resources of a type, in the order of the stack", () => {
    expect(byType.get(readiness)).toStrictEqual([first, second]);
    expect(byType.get("none")).toBeUndefined();
  });

  it("is each stack's own", () => {
    const stack = [second];
    expect(indexStack(stack).byUrn.get("first")).toBeUndefined();
    expect(indexStack(stack)).toBe(indexStack(stack));
  });
});
