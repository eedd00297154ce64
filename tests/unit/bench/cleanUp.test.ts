import { isOfRun } from "../../../bench/cleanUp";

it.each(["x-bench-1", "x-bench-1-compose", "x-bench-1_default", "x-bench-1/shop:1"])(
  "takes %s for the run's own",
  (name) => expect(isOfRun(name, "x-bench-1")).toBe(true),
);

it.each(["x-bench-12", "x-bench-12-compose", "y-x-bench-1", ""])("leaves %s alone", (name) =>
  expect(isOfRun(name, "x-bench-1")).toBe(false),
);
