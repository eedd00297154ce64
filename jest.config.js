// As in tsconfig.json, but for how modules are found and loaded: jest runs `import()` only as `require`.
const tsconfig = {
  target: "es2022",
  module: "commonjs",
  moduleResolution: "node10",
  esModuleInterop: true,
  isolatedModules: true,
};

const suite = (name) => ({
  displayName: name,
  testEnvironment: "node",
  roots: [`<rootDir>/tests/${name}`],
  // Types are checked by `npm run typecheck`, once for everything.
  transform: { "^.+\\.ts$": ["ts-jest", { diagnostics: false, tsconfig }] },
});

/** @type {import("jest").Config} */
module.exports = {
  projects: ["unit", "core", "e2e", "alone", "faults", "long"].map(suite),
  // Of end-to-end tests; a unit test is far below it.
  testTimeout: 600_000,
};
