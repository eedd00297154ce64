"use strict";
// Has Node.js load TypeScript from here on: esbuild strips the types of each file when it is loaded for the first time, and again
// when it has changed. What esbuild made is kept, so that a start costs as much as that of a program in JavaScript.
const { hash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { join } = require("node:path");
const sourceMaps = require("source-map-support");

// It lies with the code that it is made from, so that nobody may write to the one who may not write to the other.
const cache = join(__dirname, "..", "node_modules", ".cache", "glasshouse");
// Node.js 22.1 and later can keep what they have compiled, too.
Module.enableCompileCache?.(cache);

const esbuildVersion = require("esbuild/package.json").version;
const options = {
  loader: "ts",
  format: "cjs",
  platform: "node",
  target: `node${process.versions.node}`,
  // `import()` becomes `require`, for which one way to load is enough.
  supported: { "dynamic-import": false },
  sourcemap: "external",
  sourcesContent: false,
};

// Node.js' own table of how a file is loaded, by its ending; what is in it is found without the ending, too.
Module._extensions[".ts"] = (module, path) => module._compile(translate(path), path);

/** Source maps of what could not be kept, by path. */
const ownMaps = new Map();

function translate(path) {
  const source = readFileSync(path, "utf8");
  const kept = keptPath(path);
  const key = `\n//# ${digest(JSON.stringify([esbuildVersion, options, source]))}`;
  const known = readKept(kept);
  if (known?.endsWith(key)) return known;

  const { transformSync } = require("esbuild");
  const { code, map } = transformSync(source, { ...options, sourcefile: path });
  if (!keep(`${kept}.map`, map) || !keep(kept, code + key)) ownMaps.set(path, map);
  return code;
}

// A stack trace names the lines as they were written. Maps of dependencies are many and large, and nobody needs them.
sourceMaps.install({
  overrideRetrieveSourceMap: true,
  retrieveSourceMap(path) {
    if (!path.endsWith(".ts")) return null;
    const map = ownMaps.get(path) ?? readKept(`${keptPath(path)}.map`);
    return map === undefined ? null : { url: path, map };
  },
});

function keptPath(path) {
  return join(cache, `${digest(path)}.js`);
}

function digest(text) {
  return hash("sha256", text).slice(0, 32);
}

// Who may not read or write here, or finds the disk full, translates anew each time.

function readKept(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/**
 * As a whole or not at all: several processes may start at once.
 *
 * @returns whether it is there now
 */
function keep(path, text) {
  const unfinished = `${path}.${process.pid}`;
  try {
    mkdirSync(cache, { recursive: true });
    writeFileSync(unfinished, text);
    renameSync(unfinished, path);
    return true;
  } catch {
    rmSync(unfinished, { force: true });
    return false;
  }
}
