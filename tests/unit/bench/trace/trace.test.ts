import { findPhases } from "../../../../bench/trace/findPhases";
import { readSpans } from "../../../../bench/trace/readSpans";
import { renderGantt } from "../../../../bench/trace/renderGantt";

interface Written {
  readonly id: string;
  readonly parent?: string;
  readonly name: string;
  readonly service?: string;
  readonly kind?: number;
  /** Milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** A line as Pulumi writes it. */
function writeLine({ id, parent, name, service = "pulumi-cli", kind = 1, ...rest }: Written) {
  const { from, to, attributes = {} } = rest;
  const toAttributes = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: toAttributes({ "service.name": service }) },
        scopeSpans: [
          {
            spans: [
              {
                spanId: id,
                ...(parent && { parentSpanId: parent }),
                name,
                kind,
                startTimeUnixNano: `${from}000000`,
                endTimeUnixNano: `${to}000000`,
                attributes: toAttributes(attributes),
              },
            ],
          },
        ],
      },
    ],
  });
}

const call = { name: "pulumirpc.ResourceProvider/Create", parent: "plan", kind: 3 };
const registration = { name: "pulumirpc.ResourceMonitor/RegisterResource", kind: 2 };
const trace = [
  { id: "root", name: "pulumi", from: 1000, to: 9000 },
  {
    id: "p",
    parent: "root",
    name: "newPlugin",
    from: 1100,
    to: 1300,
    attributes: { prefix: "nodejs" },
  },
  { id: "run", name: "pulumirpc.LanguageRuntime/Run", kind: 3, from: 1500, to: 8900 },
  { id: "r1", ...registration, from: 2500, to: 2501 },
  { id: "r2", ...registration, from: 3500, to: 3501 },
  { id: "c1", ...call, from: 4000, to: 6000 },
  { id: "s1", parent: "c1", service: "docker", name: call.name, kind: 2, from: 4001, to: 5999 },
  {
    id: "t1",
    parent: "s1",
    service: "docker",
    name: "sdkv2.Create",
    from: 4002,
    to: 5998,
    attributes: { urn: "urn:pulumi:b::glasshouse::docker:index/network:Network::network-bridge" },
  },
  { id: "c2", ...call, from: 6000, to: 8000 },
  { id: "c3", ...call, from: 6000, to: 6010 },
] satisfies Written[];
const text = `${trace.map(writeLine).reverse().join("\n")}\n`;

it("finds where the time went: plugins, program, calls of both providers, health", () => {
  const starts = [{ name: "shop-1", started: 5000, ready: 7500 }];
  expect(findPhases(readSpans(text), starts)).toStrictEqual([
    { section: "Pulumi", title: "the command", start: 0, end: 8000 },
    { section: "Pulumi", title: "start of the language host", start: 100, end: 300 },
    {
      section: "Program",
      title: "start of Node.js and of Pulumi's runtime",
      start: 500,
      end: 1500,
    },
    {
      section: "Program",
      title: "load of the program, until its first resource",
      start: 1500,
      end: 2500,
    },
    { section: "Program", title: "resources", start: 2500, end: 7900 },
    { section: "Docker provider", title: "create network-bridge", start: 3000, end: 5000 },
    { section: "Providers of our own", title: "create", start: 5000, end: 7000 },
    { section: "Engine: from start to ready", title: "shop-1", start: 4000, end: 6500 },
  ]);
});

it("refuses a trace without a command", () => {
  expect(() => findPhases([], [])).toThrow("no command of Pulumi");
});

it("draws a Gantt chart, in sections, without what Mermaid would misunderstand", () => {
  const bars = [
    { section: "Engine: up", title: "a: b, c", start: 0.4, end: 1500 },
    { section: "Program", title: "load", start: 10, end: 10.2 },
    { section: "Engine: up", title: "d", start: 20, end: 30 },
  ];
  expect(renderGantt("first up", bars).split("\n")).toStrictEqual([
    "```mermaid",
    "gantt",
    "  title first up",
    "  dateFormat x",
    "  axisFormat %M:%S",
    "  section Engine  up",
    "    a  b  c (1.50 s) : 0, 1500",
    "    d (0.01 s) : 20, 30",
    "  section Program",
    "    load (0.00 s) : 10, 11",
    "```",
  ]);
});
