/** A piece of work in a trace; times in milliseconds since 1970. */
export interface Span {
  readonly id: string;
  readonly parent: string;
  /** Process that did it: `pulumi-cli`, or the name of a plugin. */
  readonly service: string;
  readonly name: string;
  /** Whether it is a call to another process. */
  readonly isCall: boolean;
  readonly start: number;
  readonly end: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** A line of what `pulumi --otel-traces file://…` writes: OpenTelemetry's JSON. @see opentelemetry-proto, trace.proto */
interface TraceLine {
  readonly resourceSpans?: readonly {
    readonly resource: { readonly attributes?: readonly Attribute[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly spanId: string;
        readonly parentSpanId?: string;
        readonly name: string;
        readonly kind: number;
        readonly startTimeUnixNano: string;
        readonly endTimeUnixNano: string;
        readonly attributes?: readonly Attribute[];
      }[];
    }[];
  }[];
}

/** `SPAN_KIND_CLIENT` of OpenTelemetry. */
const callKind = 3;
const nanosecondsPerMillisecond = 1e6;

/** Reads a trace file, sorted by start. */
export function readSpans(text: string): Span[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .flatMap((line) => (JSON.parse(line) as TraceLine).resourceSpans ?? [])
    .flatMap(({ resource, scopeSpans }) => {
      const service = String(readAttributes(resource.attributes)["service.name"]);
      return scopeSpans.flatMap(({ spans }) =>
        spans.map((span) => ({
          id: span.spanId,
          parent: span.parentSpanId ?? "",
          service,
          name: span.name,
          isCall: span.kind === callKind,
          start: Number(span.startTimeUnixNano) / nanosecondsPerMillisecond,
          end: Number(span.endTimeUnixNano) / nanosecondsPerMillisecond,
          attributes: readAttributes(span.attributes),
        })),
      );
    })
    .sort((a, b) => a.start - b.start);
}

function readAttributes(attributes: readonly Attribute[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
