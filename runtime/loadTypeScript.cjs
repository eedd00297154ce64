"use strict";
// Has Node.js load TypeScript from here on, by tsx. The project's own files alone go through it: of everything in
// node_modules it would ask how to find it and whether it has to be translated, which takes as long as loading that twice.
const Module = require("node:module");
const { join, sep } = require("node:path");

// Node.js 22.1 and later can keep what they have compiled. It lies with the code that it is made from, so that nobody may
// write to the one who may not write to the other.
Module.enableCompileCache?.(join(__dirname, "..", "node_modules", ".cache", "glasshouse"));

const dependencies = `${sep}node_modules${sep}`;
const isDependency = (path) => path?.includes(dependencies) ?? false;

// Node.js' own ways to find a module and to load one; undocumented, and tsx puts its own in their places.
const { _extensions: loaders } = Module;
const plain = { find: Module._resolveFilename, load: loaders[".js"] };
require("tsx/cjs");
const byTsx = { find: Module._resolveFilename, load: loaders[".js"] };

Module._resolveFilename = function (request, parent, ...rest) {
  const { find } = isDependency(parent?.filename) ? plain : byTsx;
  return find.call(this, request, parent, ...rest);
};

let depth = 0;
loaders[".js"] = (module, path) => {
  if (!isDependency(path)) return byTsx.load(module, path);
  // tsx has Node.js read source maps, for our stack traces. Those of dependencies are many and large, and nobody needs them.
  if (depth === 0) process.setSourceMapsEnabled(false);
  depth += 1;
  try {
    return plain.load(module, path);
  } finally {
    depth -= 1;
    if (depth === 0) process.setSourceMapsEnabled(true);
  }
};
