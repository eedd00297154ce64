"use strict";
// Has Node.js load TypeScript from here on, by tsx. The project's own files alone go through it: of everything in
// node_modules it would ask how to find it and whether it has to be translated, which takes as long as loading that twice.
const Module = require("node:module");
const { sep } = require("node:path");

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
loaders[".js"] = (module, path) => (isDependency(path) ? plain : byTsx).load(module, path);
