import {
  describeService,
  describeSwarm,
} from "../../../../../cli/ci/report/changes/serviceChanges";
import { types } from "../../../../../cli/ci/report/plan";
import type { Step } from "../../../../../cli/ci/report/preview";
import { renderPlain } from "../../../../../cli/ci/report/words";

const step = (changes: Partial<Step>): Step => ({
  operation: "same",
  urn: "urn",
  type: "glasshouse:resources:SwarmService",
  name: "shop-service",
  ownerType: "glasshouse:app:App",
  owner: "shop",
  before: { replicas: 2 },
  after: { replicas: 2 },
  found: {},
  reasons: [],
  isKnown: true,
  ...changes,
});

const describeStep = (changes: Partial<Step>) =>
  describeService("shop", step(changes), [], false).map(({ words }) => renderPlain(words));

describe("a service in a report", () => {
  it.each([
    [
      { operation: "create", isKnown: false, after: { replicas: 3, ports: [{ hostPort: 8080 }] } },
      "new service, 3 replicas, published at 0.0.0.0:8080",
    ],
    [{ operation: "create" }, "its service is gone from the Swarm: recreated"],
    [{ operation: "delete" }, "removed, with its service of 2 replicas"],
    [{ operation: "update", after: { replicas: 5 }, reasons: ["replicas"] }, "2 → 5 replicas"],
    [
      { operation: "update", reasons: ["environment"] },
      "all replicas replaced, by the Swarm (environment)",
    ],
    [
      { operation: "update", found: { drift: "was scaled to 1 replicas instead of 2" } },
      "its service was scaled to 1 replicas instead of 2: corrected",
    ],
  ] as const)("%j", (changes, words) => {
    expect(describeStep(changes)).toStrictEqual([words]);
  });

  it.each([
    [{ operation: "delete" }, "app with data removed"],
    [{ operation: "update", reasons: ["environment"] }, "app with data replaced"],
    [{ operation: "update", reasons: ["replicas"], after: { replicas: 5 } }, undefined],
    [{ operation: "create", isKnown: false }, undefined],
  ] as const)("is looked at twice where its data could suffer: %j", (changes, risk) => {
    const risks = (hasData: boolean) =>
      describeService("shop", step(changes), [], hasData).map((change) => change.risk);
    expect(risks(true)).toStrictEqual([risk]);
    expect(risks(false)).toStrictEqual([undefined]);
  });

  it("is looked at twice with another image on kept data", () => {
    const names = { before: { name: "shop:1" }, after: { name: "shop:2" } };
    const image = step({ type: types.image, operation: "replace", ...names });
    const update = step({ operation: "update", reasons: ["imageId"] });
    expect(describeService("shop", update, [image], true)).toMatchObject([
      { risk: "other image on kept data" },
    ]);
  });

  it("is not mentioned when it stays as it is", () => {
    expect(describeStep({})).toStrictEqual([]);
  });

  it("comes with the Swarm, where that is made", () => {
    const made = step({ type: "glasshouse:resources:SingleNodeSwarm", operation: "create" });
    const preview = { steps: [made], diagnostics: [], violations: [], isComplete: true };
    expect(describeSwarm(preview)).toMatchObject([{ subject: "HOST", risk: "Swarm made" }]);
  });
});
