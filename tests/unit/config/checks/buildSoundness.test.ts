import { buildSoundness } from "../../../../config/checks/buildSoundness";

describe("whether a setting is sound", () => {
  const isSound = buildSoundness(["apps[1].healthCheck.command", "apps[2]", "grafana.image"]);

  it.each([
    "apps[1].healthCheck.command",
    "apps[1].healthCheck",
    "apps[1].healthCheck.command[0]",
    "apps[1]",
    "apps",
    "apps[2].port",
    "grafana",
  ])("is denied at %s: at, around or within something broken", (path) => {
    expect(isSound(path)).toBe(false);
  });

  it.each([
    "apps[1].healthCheck.commander",
    "apps[1].healthCheck.retries",
    "apps[1].port",
    "apps[20]",
    "app",
    "grafana.imageName",
    "prometheus",
  ])("is granted at %s, beside all that is broken", (path) => {
    expect(isSound(path)).toBe(true);
  });

  it("is granted everywhere if nothing is broken", () => {
    expect(buildSoundness([])("apps")).toBe(true);
  });
});
