import { findUpPhases } from "../../../bench/findUpPhases";

it("cuts the output of `npm run up` into its phases, and adds up those of one title", () => {
  const lines = [
    { at: 1, text: "Installing the project's dependencies into node_modules (npm ci) …" },
    { at: 11, text: "added 700 packages in 10s" },
    { at: 12, text: "Network: package registries only (…). Stack: offline." },
    { at: 13, text: "  … Building a Prometheus image from Debian's packages" },
    { at: 33, text: "  ✓ Building a Prometheus image from Debian's packages: 20 s" },
    { at: 35, text: "Deploying the stack offline (pulumi up)" },
    { at: 50, text: "  … Waiting until every scrape target is up" },
    { at: 53, text: "  ✓ Waiting until every scrape target is up: 3 s" },
  ];
  expect(findUpPhases(lines, 54)).toStrictEqual([
    { title: "looking at engine, network, Pulumi and images", seconds: 1 + 2 + 2 + 1 },
    { title: "the project's dependencies (npm ci)", seconds: 10 },
    { title: "Building a Prometheus image from Debian's packages", seconds: 20 },
    { title: "pulumi up", seconds: 15 },
    { title: "Waiting until every scrape target is up", seconds: 3 },
  ]);
});
