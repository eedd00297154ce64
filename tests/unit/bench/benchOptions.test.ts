import { parseBenchOptions } from "../../../bench/benchOptions";

const none = { rounds: undefined, only: undefined, peers: undefined, trace: false };

it("measures everything in three rounds, and keeps that", () => {
  const options = parseBenchOptions(none);
  expect(options).toMatchObject({ rounds: 3, isWhole: true });
  expect(options.peers).toHaveLength(5);
});

it("measures rows by the start of their names, and some of the tools, and keeps nothing then", () => {
  const options = parseBenchOptions({ ...none, only: "scale, render-time", peers: "engine" });
  expect(options).toStrictEqual({
    rounds: 3,
    rows: ["scale-30", "scale-3", "render-time"],
    peers: ["engine"],
    trace: false,
    isWhole: false,
  });
});

it.each([
  [{ rounds: "0" }, "--rounds must be a whole number from 1 to 100, got 0"],
  [{ rounds: "many" }, "got many"],
  [{ only: "speed" }, /--only must be of chapter-first-up, .*; got speed/],
  [{ peers: "compose,podman" }, /--peers must be of glasshouse, .*; got podman/],
  [{ peers: "" }, "got nothing"],
])("refuses %j", (words, message) => {
  expect(() => parseBenchOptions({ ...none, ...words })).toThrow(message);
});
