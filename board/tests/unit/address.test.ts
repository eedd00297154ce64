import { describe, expect, it } from "vitest";
import { parseAddress, renderAddress } from "../../src/address/address";

describe("the address", () => {
  it("holds a whole view", () => {
    const href = renderAddress({
      page: "dashboard",
      uid: "a/b",
      from: "now-15m",
      to: "now",
      refresh: "10s",
      theme: "light",
      viewPanel: 7,
      variables: { job: ["x", "y"], host: ["z"] },
    });
    expect(href).toBe(
      "/d/a%2Fb?from=now-15m&to=now&refresh=10s&theme=light&viewPanel=7&var-job=x&var-job=y&var-host=z",
    );
    const { pathname, search } = new URL(href, "http://localhost");
    expect(parseAddress(pathname, search)).toMatchObject({
      page: "dashboard",
      uid: "a/b",
      from: "now-15m",
      refresh: "10s",
      theme: "light",
      viewPanel: 7,
      variables: { job: ["x", "y"], host: ["z"] },
    });
  });

  it("understands Grafana's links, with a slug and without", () => {
    expect(parseAddress("/d/glasshouse/overview", "").uid).toBe("glasshouse");
    expect(parseAddress("/d/glasshouse", "?viewPanel=panel-3").viewPanel).toBe(3);
  });

  it("keeps queries in order", () => {
    const { search } = new URL(
      renderAddress({ page: "query", queries: ["up", "a+b"] }),
      "http://x",
    );
    expect(parseAddress("/query", search).queries).toEqual(["up", "a+b"]);
  });

  it.each([
    ["/", "home"],
    ["/targets", "targets"],
    ["/d/", "unknown"],
    ["/nothing", "unknown"],
  ])("takes %s for %s", (path, page) => {
    expect(parseAddress(path, "").page).toBe(page);
  });
});
