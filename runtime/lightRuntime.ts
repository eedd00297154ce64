import Module from "node:module";
import { sep } from "node:path";
import { version } from "@pulumi/pulumi/package.json";

/** The version that what follows was tried with. With another one nothing is changed: the program starts more slowly. */
const testedPulumiVersion = "3.256.0";

/** Modules that are loaded when they are used, and not when they are required. */
interface Deferral {
  /** Who names them: the end of a module's path, or a folder in it. */
  readonly by: string;
  /** As they are named there. */
  readonly modules: readonly string[];
  /** Whether their functions and classes are taken out of them at once, to be called later. */
  readonly isTakenApart?: true;
}

/** What a program that only declares resources would load for nothing, where that takes a measurable time. */
const deferrals: readonly Deferral[] = [
  // The first two serialize functions, the last one drives Pulumi from within a program.
  {
    by: "/node_modules/@pulumi/pulumi/",
    modules: ["typescript", "@npmcli/arborist", "./automation"],
  },
  // Sends spans to Zipkin, which `pulumi --tracing` asks for.
  {
    by: "/node_modules/@pulumi/pulumi/cmd/run/tracing.js",
    modules: [
      "@opentelemetry/resources",
      "@opentelemetry/sdk-trace-base",
      "@opentelemetry/exporter-zipkin",
      "@opentelemetry/instrumentation-grpc",
      "@opentelemetry/sdk-trace-node",
      "@opentelemetry/instrumentation",
    ],
    isTakenApart: true,
  },
  // Messages in fifty languages.
  { by: "/node_modules/zod/", modules: ["../locales/index.cjs"] },
  // dockerode's own ways over ssh and to BuildKit; ours are in `host/`.
  { by: "/node_modules/docker-modem/", modules: ["./ssh"] },
  { by: "/node_modules/dockerode/", modules: ["./session"] },
];

type Load = (request: string, parent: NodeJS.Module | undefined, isMain: boolean) => unknown;

// Node.js' own hook for what `require` answers; undocumented, and used by tracing tools for the same purpose.
const loader = Module as unknown as { _load: Load };
const load = loader._load;

/** `Pulumi.yaml` has Node.js load this file before everything else, and `resources/plugin` does so itself. */
if (version === testedPulumiVersion) loader._load = loadLightly;

function loadLightly(request: string, parent: NodeJS.Module | undefined, isMain: boolean): unknown {
  const by = (parent?.filename ?? "").replaceAll(sep, "/");
  const deferral = deferrals.find(
    (known) => by.includes(known.by) && known.modules.includes(request),
  );
  if (deferral !== undefined) {
    const loadNow = () => load(request, parent, isMain) as Members;
    return deferral.isTakenApart ? deferMembers(loadNow) : defer(loadNow);
  }
  const loaded = load(request, parent, isMain);
  if (by.includes("/node_modules/@pulumi/pulumi/") && request.endsWith("/debuggable")) {
    dropStackTraces(loaded as Debuggable);
  }
  return loaded;
}

/** `runtime/debuggable.js` of `@pulumi/pulumi`. */
interface Debuggable {
  debuggablePromise: (...args: unknown[]) => unknown;
}

const lightened = new WeakSet();

/**
 * Pulumi's runtime notes down a stack trace for each of its thousands of promises, an eighth of a preview's work in the
 * program, and shows them to those who ask with this variable.
 */
function dropStackTraces(debuggable: Debuggable): void {
  if (process.env["PULUMI_DEBUG_PROMISE_LEAKS"] || lightened.has(debuggable)) return;
  lightened.add(debuggable);
  const { debuggablePromise } = debuggable;
  debuggable.debuggablePromise = (...args) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(...args);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
}

type Members = Readonly<Record<string | symbol, unknown>>;

/** Stands for a module, and for each of its functions and classes, until one of them is called. */
function deferMembers(loadNow: () => Members): object {
  function standIn(): void {
    // Never runs: the traps below do.
  }
  const member = (key: string | symbol) =>
    new Proxy(standIn, {
      apply: (_target, self, args) =>
        Reflect.apply(loadNow()[key] as () => unknown, self, args) as unknown,
      construct: (_target, args) =>
        Reflect.construct(loadNow()[key] as new () => object, args) as object,
    });
  return new Proxy({}, { get: (_target, key) => member(key) });
}

/** Stands for a module until one of its properties is read. */
function defer(loadNow: () => Members): object {
  let loaded: Members | undefined;
  const real = () => (loaded ??= loadNow());
  // A function, so that a module that is one can be called; an arrow has no properties that would have to be matched.
  return new Proxy(() => undefined, {
    apply: (_target, self, args) =>
      Reflect.apply(real() as unknown as () => unknown, self, args) as unknown,
    get: (_target, key) => {
      // TypeScript's helper for `import * as` asks this first, and copies every property unless it is true.
      if (key === "__esModule") return true;
      const value: unknown = Reflect.get(real(), key);
      return value ?? (key === "default" ? real() : value);
    },
    has: (_target, key) => Reflect.has(real(), key),
    ownKeys: () => Reflect.ownKeys(real()),
    getOwnPropertyDescriptor: (_target, key) => {
      const descriptor = Reflect.getOwnPropertyDescriptor(real(), key);
      // The stand-in has no such property, and a proxy must not say that one of those is there for good.
      return descriptor && { ...descriptor, configurable: true };
    },
  });
}
