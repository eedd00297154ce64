import { isWithin } from "../../../../config/settings/settingsProblem";

describe("whether a setting is within another", () => {
  it.each([
    ["grafana", "grafana"],
    ["apps[1].healthCheck.command", "apps[1].healthCheck.command"],
    ["apps[1].healthCheck.command", "apps[1].healthCheck"],
    ["apps[1].healthCheck.command[0]", "apps[1].healthCheck.command"],
    ["apps[1].healthCheck.command", "apps[1]"],
    ["apps[1].healthCheck.command", "apps"],
    ["apps[2].port", "apps[2]"],
    ["grafana.image", "grafana"],
  ])("%s is within %s", (path, group) => {
    expect(isWithin(path, group)).toBe(true);
  });

  it.each([
    ["apps[1].healthCheck.commander", "apps[1].healthCheck.command"],
    ["apps[1].healthCheck.retries", "apps[1].healthCheck.command"],
    ["apps[1].port", "apps[2]"],
    ["apps[20]", "apps[2]"],
    ["apps", "app"],
    ["grafana.imageName", "grafana.image"],
    ["grafana", "grafana.image"],
    ["prometheus", "grafana"],
  ])("%s is not within %s", (path, group) => {
    expect(isWithin(path, group)).toBe(false);
  });
});
