import Module from "node:module";

/**
 * Makes Pulumi's runtime load two modules only when it uses them: TypeScript's compiler and npm's Arborist, which
 * `@pulumi/pulumi` 3.256 loads on start and uses only to serialize functions. This program has none (see
 * `components/shared/hostResource.ts`), and the two are half of the runtime's load time. Whoever does use them gets them.
 *
 * `Pulumi.yaml` has Node.js load this file before everything else.
 */
const deferred: readonly string[] = ["typescript", "@npmcli/arborist"];

type Load = (request: string, parent: NodeJS.Module | undefined, isMain: boolean) => unknown;

// Node.js' own hook for what `require` answers; undocumented, and used by tsx and by tracing tools for the same purpose.
const loader = Module as unknown as { _load: Load };
const load = loader._load;

loader._load = (request, parent, isMain) =>
  deferred.includes(request) && isPulumisRuntime(parent?.filename ?? "")
    ? defer(() => load(request, parent, isMain) as object)
    : load(request, parent, isMain);

function isPulumisRuntime(path: string): boolean {
  return /[\\/]node_modules[\\/]@pulumi[\\/]pulumi[\\/]/.test(path);
}

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
