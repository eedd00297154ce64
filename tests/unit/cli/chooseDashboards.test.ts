import { chooseDashboards, wantsBoard } from "../../../cli/chooseDashboards";
import { parseSettings } from "../../../config/settings/parseSettings";

const silent = "config:\n  # glasshouse:dashboards: both\n  glasshouse:host: {}\n";
const recorded = "config:\n  glasshouse:dashboards: board\n";

describe("which page draws a stack's dashboards", () => {
  it("is decided at the first `up`, by whether Grafana's image can be reached", () => {
    const first = { isNew: true, stackFile: silent };
    expect(chooseDashboards({ ...first, network: "registries" })).toBe("board");
    expect(chooseDashboards({ ...first, network: "internet" })).toBeUndefined();
    expect(chooseDashboards({ isNew: true, network: "registries", stackFile: "" })).toBe("board");
  });

  it.each([
    "config:\n  glasshouse:dashboards: grafana\n",
    'config: { "glasshouse:dashboards": both }',
    "config:\n  glasshouse:grafana:\n    deploy: ifImagePresent\n",
  ])("is what the stack file says, where it says something: %s", (stackFile) => {
    expect(chooseDashboards({ isNew: true, network: "registries", stackFile })).toBeUndefined();
  });

  it("does not change with a registry that is down, or back, at a later `up`", () => {
    for (const network of ["internet", "registries"] as const) {
      for (const stackFile of [silent, recorded]) {
        expect(chooseDashboards({ isNew: false, network, stackFile })).toBeUndefined();
      }
    }
  });

  it("is a setting like any other to the program, which asks no registry", () => {
    const read = (dashboards?: string) => {
      const parsed = parseSettings(
        { apps: [], ...(dashboards && { dashboards }) },
        { fileExists: () => true, secretKeys: new Set() },
      );
      return "settings" in parsed ? parsed.settings.dashboards : parsed.problems;
    };
    expect(read()).toBe("grafana");
    expect(read("board")).toBe("board");
  });
});

it("the page that comes along is built where a stack file wants it", () => {
  expect(
    [silent, recorded, "config:\n  glasshouse:dashboards: both\n", ""].map(wantsBoard),
  ).toEqual([false, true, true, false]);
});
