import { FieldColorModeId, FieldType } from "@grafana/data";
import { describe, expect, it } from "vitest";
import { buildEvents } from "../../src/dashboard/annotations";
import {
  buildFrames,
  decorateFrames,
  hasValues,
  plainTheme,
  renderSeriesName,
} from "../../src/dashboard/buildFrames";
import { chooseStep, rateInterval } from "../../src/dashboard/chooseStep";
import { parseDuration, renderDuration } from "../../src/dashboard/duration";
import { findMergedConfig } from "../../src/dashboard/findMergedConfig";
import { interpolateQuery, interpolateText } from "../../src/dashboard/interpolate";
import { layOutSections } from "../../src/dashboard/layOutSections";
import { findHome, parseBoardIndex } from "../../src/dashboard/readDashboards";
import { transformFrames } from "../../src/dashboard/transformFrames";
import { readVariables, type VariableSource } from "../../src/dashboard/variables";
import { listSeries, type QueryResult } from "../../src/prometheus/api";

const vector: QueryResult = {
  resultType: "vector",
  result: [
    { metric: { __name__: "up", job: "a" }, value: [10, "1"] },
    { metric: { __name__: "up", job: "b", zone: "z" }, value: [10, "NaN"] },
  ],
};

describe("durations", () => {
  it.each([
    ["15s", 15],
    ["1m30s", 90],
    [">10s", 10],
    ["2d", 172_800],
    ["100ms", 0.1],
    ["", undefined],
    ["ten", undefined],
    ["1m x", undefined],
  ])("reads %s", (text, seconds) => expect(parseDuration(text)).toBe(seconds));

  it.each([
    [90, "90s"],
    [120, "2m"],
    [0.25, "250ms"],
    [3600, "1h"],
  ])("writes %d", (seconds, text) => expect(renderDuration(seconds)).toBe(text));
});

describe("the step of a range query", () => {
  const choice = { fromSeconds: 0, toSeconds: 900, maxDataPoints: 450, scrapeIntervalSeconds: 10 };

  it("is never below the scrape interval", () => expect(chooseStep(choice)).toBe(10));

  it("follows what the panel asks for", () =>
    expect(chooseStep({ ...choice, minStepSeconds: 60 })).toBe(60));

  it("grows with the range and never asks for more points than Prometheus gives", () => {
    expect(chooseStep({ ...choice, toSeconds: 86_400 })).toBe(120);
    expect(chooseStep({ ...choice, toSeconds: 86_400 * 365, maxDataPoints: 100_000 })).toBe(2867);
  });

  it("leaves a rate two samples", () => {
    expect(rateInterval(10, 10)).toBe(40);
    expect(rateInterval(60, 10)).toBe(70);
  });
});

describe("variables in texts", () => {
  const values = { one: "a.b", many: ["a.b", "c"], single: ["x"] };

  it.each([
    ['up{job=~"$many"}', 'up{job=~"(a\\\\.b|c)"}'],
    ['up{job="$one"}', 'up{job="a.b"}'],
    ['up{job="${one:regex}"}', 'up{job="a\\\\.b"}'],
    ["[[one]] ${many:pipe} ${many:csv} $single", "a.b a.b|c a.b,c x"],
    ["rate(x[$__rate_interval]) $unknown", "rate(x[$__rate_interval]) $unknown"],
  ])("fills %s", (text, filled) => expect(interpolateQuery(text, values)).toBe(filled));

  it("lists values for people", () =>
    expect(interpolateText("Jobs $many", values)).toBe("Jobs a.b, c"));
});

describe("a dashboard's variables", () => {
  const asked: unknown[] = [];
  const source: VariableSource = {
    readLabelValues: async (label, matcher) => {
      asked.push([label, matcher]);
      return ["b", "a", "c-10", "c-9"];
    },
    readQuery: async () => vector,
  };
  const query = { name: "job", type: "query", query: 'label_values(up{zone="$zone"}, job)' };

  it("ask for label values, with those chosen before them", async () => {
    const [, job] = await readVariables(
      [
        { name: "zone", type: "custom", query: "east, west : w" },
        { ...query, sort: 3 },
      ],
      { zone: ["w"] },
      source,
    );
    expect(asked.at(-1)).toEqual(["job", 'up{zone="w"}']);
    expect(job?.options.map(({ value }) => value)).toEqual(["a", "b", "c-9", "c-10"]);
    expect(job?.value).toBe("a");
  });

  it("stand for all values, or for what the dashboard says instead", async () => {
    const all = { ...query, multi: true, includeAll: true, current: { value: "$__all" } };
    const [listed, written] = await readVariables(
      [all, { ...all, name: "other", allValue: ".*" }],
      {},
      source,
    );
    expect(listed?.value).toEqual(["b", "a", "c-10", "c-9"]);
    expect(written?.value).toBe(".*");
  });

  it("keep a choice only while it exists", async () => {
    const [job] = await readVariables([{ ...query, multi: true }], { job: ["a", "gone"] }, source);
    expect(job?.selected).toEqual(["a"]);
  });

  it("take parts of values by regular expression", async () => {
    const [job] = await readVariables([{ ...query, regex: "/c-(\\d+)/" }], {}, source);
    expect(job?.options.map(({ value }) => value)).toEqual(["10", "9"]);
  });
});

describe("frames", () => {
  const target = { refId: "A", expr: "up", legendFormat: "{{job}}" };

  it("are one for each series, named by the legend", () => {
    const frames = buildFrames([{ target, expr: "up", stepSeconds: undefined, result: vector }]);
    expect(frames.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(frames[1]?.fields[1]?.values).toEqual([null]);
  });

  it("tell an answer of nothing but NaN from values", () => {
    const frames = (value: string) =>
      buildFrames([
        {
          target,
          expr: "x",
          stepSeconds: undefined,
          result: { resultType: "vector", result: [{ metric: {}, value: [1, value] }] },
        },
      ]);
    expect(hasValues(frames("NaN"))).toBe(false);
    expect(hasValues(frames("0"))).toBe(true);
  });

  it("are one table where the panel asks for it", async () => {
    const table = { ...target, format: "table" as const };
    const frames = buildFrames([
      { target: table, expr: "up", stepSeconds: undefined, result: vector },
    ]);
    expect(frames[0]?.fields.map(({ name }) => name)).toEqual([
      "Time",
      "__name__",
      "job",
      "zone",
      "Value",
    ]);
    const organized = await transformFrames(frames, [
      { id: "organize", options: { excludeByName: { Time: true }, renameByName: { job: "Job" } } },
    ]);
    expect(organized[0]?.fields.map(({ name, config }) => config.displayName ?? name)).toEqual([
      "__name__",
      "Job",
      "zone",
      "Value",
    ]);
  });

  it("without a legend are named by their labels", () => {
    expect(renderSeriesName("", { __name__: "up", job: "a" }, "up")).toBe('up{job="a"}');
    expect(renderSeriesName("__auto", {}, "sum(up)")).toBe("sum(up)");
  });

  it("show values by unit and mapping", () => {
    const [frame] = decorateFrames(
      buildFrames([{ target, expr: "up", stepSeconds: undefined, result: vector }]),
      {
        fieldConfig: { defaults: { unit: "bytes" } },
        theme: plainTheme,
        defaultColorMode: FieldColorModeId.Thresholds,
      },
    );
    const shown = frame?.fields[1]?.display?.(2048);
    expect(`${shown?.text}${shown?.suffix}`).toBe("2 KiB");
  });

  it("take a scalar for a series", () =>
    expect(listSeries({ resultType: "scalar", result: [1, "2"] })).toEqual([
      { metric: {}, value: [1, "2"] },
    ]));
});

describe("a field's configuration", () => {
  const merge = (name: string) =>
    findMergedConfig(
      {
        defaults: {
          unit: "s",
          custom: { lineWidth: 2 },
          thresholds: {
            mode: "absolute" as never,
            steps: [{ value: null as never, color: "red" }],
          },
        },
        overrides: [
          {
            matcher: { id: "byRegexp", options: "/^a/" },
            properties: [
              { id: "unit", value: "bytes" },
              { id: "custom.fillOpacity", value: 50 },
            ],
          },
        ],
      },
      { name, refId: "A", type: FieldType.number },
      FieldColorModeId.PaletteClassic,
    );

  it("is the defaults, with the overrides that fit", () => {
    expect(merge("abc")).toMatchObject({
      unit: "bytes",
      custom: { lineWidth: 2, fillOpacity: 50 },
    });
    expect(merge("xyz")).toMatchObject({ unit: "s", custom: { lineWidth: 2 } });
  });

  it("starts thresholds at minus infinity, which JSON cannot hold", () =>
    expect(merge("a").thresholds?.steps[0]?.value).toBe(-Infinity));
});

describe("rows", () => {
  const panel = (id: number, y: number, more = {}) => ({
    id,
    type: "stat",
    gridPos: { x: 0, y, w: 6, h: 4 },
    ...more,
  });
  const row = (id: number, y: number, more = {}) => ({
    id,
    type: "row",
    title: `Row ${id}`,
    gridPos: { x: 0, y, w: 24, h: 1 },
    ...more,
  });

  it("hold the panels below them, from their own first line", () => {
    const sections = layOutSections([panel(1, 0), row(2, 4), panel(3, 5), panel(4, 9)], {});
    expect(sections.map(({ title }) => title)).toEqual([undefined, "Row 2"]);
    expect(sections[1]?.panels.map(({ position }) => position.y)).toEqual([0, 4]);
  });

  it("keep the panels of a folded row", () => {
    const [section] = layOutSections([row(1, 0, { collapsed: true, panels: [panel(2, 1)] })], {});
    expect(section).toMatchObject({ isCollapsed: true });
    expect(section?.panels).toHaveLength(1);
  });

  it("repeat a panel for each value, and move what is below", () => {
    const [section] = layOutSections([panel(1, 0, { repeat: "job", maxPerRow: 2 }), panel(2, 4)], {
      job: ["a", "b", "c"],
    });
    expect(
      section?.panels.map(({ position, repeated }) => [position.x, position.y, repeated]),
    ).toEqual([
      [0, 0, { job: "a" }],
      [12, 0, { job: "b" }],
      [0, 4, { job: "c" }],
      [0, 8, {}],
    ]);
  });
});

describe("events", () => {
  const result: QueryResult = {
    resultType: "matrix",
    result: [
      {
        metric: { alertname: "Down" },
        values: [
          [0, "1"],
          [15, "1"],
          [30, "0"],
          [60, "1"],
        ],
      },
    ],
  };

  it("last as long as their series is not 0", () =>
    expect(
      buildEvents({ name: "Alerts", titleFormat: "{{alertname}}" }, result, 15).map(
        ({ from, to, title }) => [from, to, title],
      ),
    ).toEqual([
      [0, 15_000, "Down"],
      [60_000, undefined, "Down"],
    ]));

  it("are at the time that the value tells", () => {
    const starts: QueryResult = {
      resultType: "matrix",
      result: [
        {
          metric: {},
          values: [
            [0, "5000"],
            [15, "5000"],
            [30, "9000"],
          ],
        },
      ],
    };
    expect(
      buildEvents({ name: "Deploys", useValueForTime: "on" }, starts, 15).map(({ from }) => from),
    ).toEqual([5000, 9000]);
  });
});

describe("the index", () => {
  const entries = [
    { uid: "first", title: "First", tags: [], file: "first.json" },
    { uid: "glasshouse-overview", title: "Overview", tags: [], file: "overview.json" },
  ];

  it("starts with the overview, or else with the first", () => {
    expect(findHome(parseBoardIndex(entries))?.uid).toBe("glasshouse-overview");
    expect(findHome(parseBoardIndex(entries.slice(0, 1)))?.uid).toBe("first");
    expect(findHome(parseBoardIndex([]))).toBeUndefined();
  });

  it("may tell of Prometheus and Alertmanager", () =>
    expect(
      parseBoardIndex({ dashboards: entries, scrapeIntervalSeconds: 5, hasAlertmanager: true }),
    ).toMatchObject({ scrapeIntervalSeconds: 5, hasAlertmanager: true }));
});
