import { rejectOtherContainers } from "../../../../bench/rows/expectContainers";
import { plan } from "../samplePlan";

const before = { a: "1", b: "2", c: "3" };

it("accepts that nothing changed, and that as many are new as may be", () => {
  expect(() => rejectOtherContainers(before, before, plan, 0)).not.toThrow();
  expect(() => rejectOtherContainers(before, { ...before, c: "4" }, plan, 1)).not.toThrow();
});

it("refuses a tool that recreated others as well", () => {
  expect(() => rejectOtherContainers(before, { ...before, b: "5", c: "4" }, plan, 1)).toThrow(
    "2 containers are new where 1 may be: b, c",
  );
});

it("refuses a tool that deployed fewer or more", () => {
  expect(() => rejectOtherContainers(before, { a: "1" }, plan, 0)).toThrow(
    "1 containers run where 3 were wanted",
  );
});
