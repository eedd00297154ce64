// Pulumi starts a pack with ts-node, which checks all types at every run. esbuild only strips them, as for the program.
require("../runtime/loadTypeScript.cjs");
require("./index.ts");
