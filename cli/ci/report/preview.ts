import { currentType, parseUrn } from "../../../resources/types";
/** Inputs or outputs of a resource; a secret in them reads `[secret]`, or has Pulumi's mark. */
export type Values = Readonly<Record<string, unknown>>;

export type Operation = "same" | "create" | "update" | "replace" | "delete";

/** What a preview would do with one resource. */
export interface Step {
  readonly operation: Operation;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Type and name of the component that it belongs to. */
  readonly ownerType: string;
  readonly owner: string;
  /** What the program asked for at the last update; undefined for a new resource. */
  readonly before: Values | undefined;
  /** What it asks for now; undefined for one that goes. */
  readonly after: Values | undefined;
  /** What the state says that there is: with a look at the host what was found there. */
  readonly found: Values;
  /** Properties that differ, as the provider names them; empty where it names none. */
  readonly reasons: readonly string[];
  /** Whether the state knew it before the look at the host: a new resource that is known was gone there. */
  readonly isKnown: boolean;
}

export interface Diagnostic {
  readonly urn: string | undefined;
  readonly severity: string;
  readonly message: string;
}

/** A rule of a policy pack that the plan breaks. */
export interface Violation {
  readonly policy: string;
  /** `advisory`, `mandatory`, … as Pulumi names it. */
  readonly level: string;
  readonly resource: string;
  readonly message: string;
}

/** What `pulumi preview` said. */
export interface Preview {
  readonly steps: readonly Step[];
  readonly diagnostics: readonly Diagnostic[];
  readonly violations: readonly Violation[];
  /** Whether it came to its end; without that the steps are only those until the failure. */
  readonly isComplete: boolean;
}

interface EventState {
  readonly parent?: string;
  readonly inputs?: Values;
  readonly outputs?: Values;
}

interface StepEvent {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly old?: EventState | null;
  readonly new?: EventState | null;
  readonly keys?: readonly string[] | null;
  readonly diffs?: readonly string[] | null;
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

/** @see https://pkg.go.dev/github.com/pulumi/pulumi/sdk/v3/go/common/apitype#EngineEvent */
interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: StepEvent };
  readonly diagnosticEvent?: {
    readonly urn?: string;
    readonly prefix?: string;
    readonly message: string;
    readonly severity: string;
    readonly ephemeral?: boolean;
  };
  readonly policyEvent?: {
    readonly resourceUrn?: string;
    readonly message: string;
    readonly policyName: string;
    readonly policyPackName: string;
    readonly enforcementLevel: string;
  };
  readonly summaryEvent?: { readonly result?: string };
}

const operations = new Set<string>(["same", "create", "update", "replace", "delete"]);

/**
 * Reads the events of `pulumi preview --json` with `PULUMI_ENABLE_STREAMING_JSON_PREVIEW`: one JSON document per line. The
 * digest that Pulumi prints without that variable leaves out policy violations and, after a refresh, what stays the same
 * (`ShowPreviewDigest` in Pulumi's pkg/backend/display/json.go).
 */
export function parsePreview(text: string): Preview {
  const events = text.split("\n").flatMap(parseLine);
  const steps = events.flatMap(({ resourcePreEvent }) =>
    resourcePreEvent ? [resourcePreEvent.metadata] : [],
  );
  const known = new Set(steps.filter(({ op }) => op === "refresh").map(({ urn }) => urn));
  return {
    steps: steps.filter(({ op }) => operations.has(op)).map((step) => buildStep(step, known)),
    diagnostics: events.flatMap(({ diagnosticEvent: event }) =>
      // Debug messages quote what Docker answers, environments of containers included.
      event === undefined || event.severity === "debug" || event.ephemeral === true
        ? []
        : [{ urn: event.urn, severity: event.severity, message: cleanMessage(event.message) }],
    ),
    violations: events.flatMap(({ policyEvent: event }) =>
      event === undefined
        ? []
        : [
            {
              policy: `${event.policyPackName}/${event.policyName}`,
              level: event.enforcementLevel,
              resource: parseUrn(event.resourceUrn ?? "").name,
              message: cleanMessage(event.message),
            },
          ],
    ),
    isComplete: events.some(({ summaryEvent }) => summaryEvent?.result === "succeeded"),
  };
}

/** Whether Pulumi keeps a value encrypted, as a whole or in part. */
export function holdsSecret(value: unknown): boolean {
  if (value === "[secret]") return true;
  if (typeof value !== "object" || value === null) return false;
  return "4dabf18193072939515e22adb298388d" in value || Object.values(value).some(holdsSecret);
}

function parseLine(line: string): EngineEvent[] {
  try {
    const event: unknown = JSON.parse(line);
    return typeof event === "object" && event !== null ? [event] : [];
  } catch {
    // The last line of a Pulumi that was killed, or a plugin's own words.
    return [];
  }
}

function buildStep(event: StepEvent, known: ReadonlySet<string>): Step {
  const parent = event.new?.parent ?? event.old?.parent ?? "";
  const differing = [
    ...(event.diffs ?? []),
    ...Object.keys(event.detailedDiff ?? {}),
    ...(event.keys ?? []),
  ];
  return {
    operation: event.op as Operation,
    urn: event.urn,
    type: currentType(event.type),
    name: parseUrn(event.urn).name,
    ownerType: parseUrn(parent).type,
    owner: parseUrn(parent).name,
    before: event.old?.inputs,
    after: event.op === "delete" ? undefined : event.new?.inputs,
    found: event.old?.outputs ?? {},
    reasons: [...new Set(differing.map((path) => /^[^.[]+/.exec(path)?.[0] ?? path))].sort(),
    isKnown: known.has(event.urn),
  };
}

/** Without Pulumi's colours, which stand in the text as `<{%reset%}>`. */
function cleanMessage(message: string): string {
  return message.replaceAll(/<\{%[^%]*%\}>/g, "").trim();
}
