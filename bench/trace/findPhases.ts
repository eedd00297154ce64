import type { Span } from "./readSpans";

/** A bar of the picture; milliseconds from the start of the command. */
export interface Bar {
  readonly section: string;
  readonly title: string;
  readonly start: number;
  readonly end: number;
}

/** When a container started and when it first passed its health check, in milliseconds since 1970; see the engine's events. */
export interface ContainerStart {
  readonly name: string;
  readonly started: number;
  readonly ready: number;
}

/** Shorter calls would be too many bars, and say nothing. */
const shortestCallMilliseconds = 150;
const programLoad = "load of the program, until its first resource";

/**
 * Where the time of one command went.
 *
 * @throws Error for a trace that has no command in it
 */
export function findPhases(spans: readonly Span[], containers: readonly ContainerStart[]): Bar[] {
  const root = spans.find(({ name, parent }) => name === "pulumi" && parent === "");
  if (root === undefined) throw new Error("the trace has no command of Pulumi in it");
  const bar = (section: string, title: string, { start, end }: Pick<Span, "start" | "end">) => ({
    section,
    title,
    start: start - root.start,
    end: end - root.start,
  });
  return [
    bar("Pulumi", "the command", root),
    ...pluginStarts(spans).map(({ title, span }) => bar("Pulumi", title, span)),
    ...programPhases(spans).map(({ title, span }) => bar("Program", title, span)),
    ...providerCalls(spans).map(({ section, title, span }) => bar(section, title, span)),
    ...containers.map(({ name, started, ready }) =>
      bar("Engine: from start to ready", name, { start: started, end: ready }),
    ),
  ];
}

/** Seconds from the program's start to its first resource; undefined for a command that runs no program. */
export function findLoadSeconds(spans: readonly Span[]): number | undefined {
  const load = programPhases(spans).find(({ title }) => title === programLoad)?.span;
  return load && (load.end - load.start) / 1000;
}

function pluginStarts(spans: readonly Span[]): { title: string; span: Span }[] {
  return spans
    .filter(({ name }) => name === "newPlugin")
    .map((span) => ({ title: `start of ${pluginTitle(span)}`, span }));
}

const pluginTitles: Readonly<Record<string, string>> = {
  nodejs: "the language host",
  "docker (resource)": "the Docker provider",
  "glasshouse (resource)": "the providers of our own",
};

function pluginTitle({ attributes }: Span): string {
  const prefix = String(attributes["prefix"]);
  return pluginTitles[prefix] ?? prefix;
}

/** Node.js starts with `Run`; the stack registers itself before the program is loaded, and all else after it. */
function programPhases(spans: readonly Span[]) {
  const run = spans.find(({ name }) => name === "pulumirpc.LanguageRuntime/Run");
  const [stack, first] = spans.filter(
    ({ name, start }) =>
      name === "pulumirpc.ResourceMonitor/RegisterResource" && start >= (run?.start ?? Infinity),
  );
  if (run === undefined || stack === undefined || first === undefined) return [];
  return [
    {
      title: "start of Node.js and of Pulumi's runtime",
      span: { start: run.start, end: stack.start },
    },
    {
      title: programLoad,
      span: { start: stack.start, end: first.start },
    },
    { title: "resources", span: { start: first.start, end: run.end } },
  ];
}

function providerCalls(spans: readonly Span[]) {
  const urnByCall = new Map(
    spans.flatMap((span) => {
      const urn = span.attributes["urn"];
      return typeof urn === "string" ? [[span.parent, urn] as const] : [];
    }),
  );
  const servedBy = new Map(spans.map((span) => [span.parent, span] as const));
  return spans.flatMap((span) => {
    const verb = /^pulumirpc\.ResourceProvider\/(Create|Read|Update|Delete)$/.exec(span.name)?.[1];
    if (verb === undefined || !span.isCall) return [];
    if (span.end - span.start < shortestCallMilliseconds) return [];
    // Pulumi's side of a call; a plugin that writes traces has its own side below.
    const served = servedBy.get(span.id);
    const urn = served && urnByCall.get(served.id);
    const section = served === undefined ? "Providers of our own" : "Docker provider";
    const name = urn === undefined ? "" : ` ${urn.split("::").at(-1) ?? ""}`;
    return [{ section, title: `${verb.toLowerCase()}${name}`, span }];
  });
}
