import Module from "node:module";
import { sep } from "node:path";

/** Modules that are loaded when somebody uses them, and not when somebody names them. */
interface Deferral {
  /** Who names them: the end of a module's path, or a folder in it. */
  readonly by: string;
  /** As they are named there. */
  readonly modules: readonly string[];
}

/** Most of what a program that only declares resources would load for nothing, by the time that it takes. */
const deferrals: readonly Deferral[] = [
  // The first two serialize functions, which this program does not need; the third drives Pulumi from within a program.
  {
    by: "/node_modules/@pulumi/pulumi/",
    modules: ["typescript", "@npmcli/arborist", "./automation"],
  },
  // Messages in fifty languages.
  { by: "/node_modules/zod/", modules: ["../locales/index.cjs"] },
  // The dashboards' SDK, for stacks with Grafana.
  { by: "/index.ts", modules: ["./config/grafana/grafanaFiles"] },
  { by: "/components/grafana.ts", modules: ["../config/grafana/grafanaFiles"] },
  // What changes daemon.json; a program plans such a change in a preview only.
  { by: "/components/engineMetrics.ts", modules: ["../engine/daemonSettings"] },
  { by: "/engine/renderUnifiedDiff.ts", modules: ["diff"] },
];

/**
 * Pulumi's runtime notes down a stack trace for each promise it makes, and with this each of them is translated by source
 * maps. tsx has Node.js itself do that for our own files.
 */
const unneeded = "source-map-support/register";

type Load = (request: string, parent: NodeJS.Module | undefined, isMain: boolean) => unknown;

// Node.js' own hook for what `require` answers; undocumented, and used by tsx and by tracing tools for the same purpose.
const loader = Module as unknown as { _load: Load };
const load = loader._load;

/** `Pulumi.yaml` has Node.js load this file before everything else. */
loader._load = (request, parent, isMain) => {
  const by = (parent?.filename ?? "").replaceAll(sep, "/");
  if (request === unneeded && by.includes("/node_modules/@pulumi/")) return {};
  return deferrals.some(
    (deferral) => by.includes(deferral.by) && deferral.modules.includes(request),
  )
    ? defer(() => load(request, parent, isMain) as object)
    : load(request, parent, isMain);
};

/** Stands for a module until somebody asks it for anything. */
function defer(loadNow: () => object): object {
  let loaded: object | undefined;
  const real = () => (loaded ??= loadNow());
  // A function, so that a module that is one could be called; an arrow has no properties that would have to be matched.
  return new Proxy(() => undefined, {
    get: (_target, key) => {
      // TypeScript's helper for `import * as` asks this first, and copies every property unless it is true.
      if (key === "__esModule") return true;
      const value: unknown = Reflect.get(real(), key);
      return value ?? (key === "default" ? real() : value);
    },
    has: (_target, key) => Reflect.has(real(), key),
    ownKeys: () => Reflect.ownKeys(real()),
    getOwnPropertyDescriptor: (_target, key) => {
      // tsx asks for this of every module: it marks those that were written as an ES module.
      if (key === "module.exports") return undefined;
      const descriptor = Reflect.getOwnPropertyDescriptor(real(), key);
      // The stand-in has no such property, and a proxy must not say that one of those is there for good.
      return descriptor && { ...descriptor, configurable: true };
    },
  });
}
