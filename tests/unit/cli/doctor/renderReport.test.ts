import type { Report } from "../../../../cli/doctor/report";
import { renderReport, renderReportJson } from "../../../../cli/doctor/renderReport";

const well: Report = {
  stack: "test",
  rows: [
    { subject: "engine", detail: "Docker Engine 28.0.0", findings: [] },
    { subject: "network", detail: "glasshouse-test", findings: [] },
  ],
  notes: [{ subject: "grafana", text: "not deployed: as asked" }],
};

const ill: Report = {
  ...well,
  rows: [
    ...well.rows,
    {
      subject: "target shop",
      detail: "1 of 2 up",
      findings: [{ subject: "target shop", problem: "1 of 2 found", fix: "wait", weight: 30 }],
    },
    {
      subject: "shop",
      detail: "2 containers",
      findings: [
        { subject: "shop-1", problem: "was paused", fix: "docker unpause shop-1", weight: 50 },
        { subject: "shop-2", problem: "is gone", fix: "pulumi up", weight: 70 },
      ],
    },
  ],
};

describe("the screen", () => {
  it("has a line for each subject when all is well", () => {
    expect(renderReport(well)).toBe(
      [
        "The stack test is what was deployed, and all of it works.",
        "",
        "  ✓ engine   Docker Engine 28.0.0",
        "  ✓ network  glasshouse-test",
        "  – grafana  not deployed: as asked",
        "",
      ].join("\n"),
    );
  });

  it("begins with the heaviest finding, and has the fix under each", () => {
    expect(renderReport(ill)).toBe(
      [
        "The stack test has 3 findings.",
        "",
        "  ✗ shop",
        "      shop-2 is gone",
        "        fix: pulumi up",
        "      shop-1 was paused",
        "        fix: docker unpause shop-1",
        "  ✗ target shop",
        "      1 of 2 found",
        "        fix: wait",
        "",
        "  ✓ engine       Docker Engine 28.0.0",
        "  ✓ network      glasshouse-test",
        "  – grafana      not deployed: as asked",
        "",
      ].join("\n"),
    );
  });
});

describe("the JSON document", () => {
  it("has the findings in order, without their weights", () => {
    expect(JSON.parse(renderReportJson(ill))).toStrictEqual({
      version: 1,
      stack: "test",
      ok: false,
      findings: [
        { subject: "shop-2", problem: "is gone", fix: "pulumi up" },
        { subject: "shop-1", problem: "was paused", fix: "docker unpause shop-1" },
        { subject: "target shop", problem: "1 of 2 found", fix: "wait" },
      ],
      subjects: [
        { subject: "engine", ok: true, detail: "Docker Engine 28.0.0" },
        { subject: "network", ok: true, detail: "glasshouse-test" },
        { subject: "target shop", ok: false, detail: "" },
        { subject: "shop", ok: false, detail: "" },
      ],
      notes: [{ subject: "grafana", text: "not deployed: as asked" }],
    });
  });

  it("says ok when all is well", () => {
    expect(JSON.parse(renderReportJson(well))).toMatchObject({ ok: true, findings: [] });
  });
});
