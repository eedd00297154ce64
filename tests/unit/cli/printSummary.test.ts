import { printSummary } from "../../../cli/printSummary";

const up = { job: "shop", url: "", health: "up", lastError: "" } as const;
const outputs = {
  prometheusUrl: "http://127.0.0.1:9090",
  appUrls: { shop: ["http://127.0.0.1:7000", "http://127.0.0.1:7001"], hidden: [] },
  scrapeTargets: { shop: 2 },
};

function print(
  more: object,
  shellHint?: string,
  dockerHost = { uri: "unix:///var/run/docker.sock" },
): string {
  const log = jest.spyOn(console, "log").mockImplementation();
  printSummary({
    stack: "dev",
    dockerHost,
    outputs: { ...outputs, ...more },
    targets: [up, up],
    shellHint,
  });
  const text = log.mock.calls.flat().join("\n");
  log.mockRestore();
  return text;
}

describe("printSummary", () => {
  it("names every address, and where Grafana's password is shown", () => {
    const text = print({
      grafanaUrl: "http://127.0.0.1:3000",
      engineMetricsAddress: "0.0.0.0:9323",
    });
    const table = text
      .split("\n")
      .filter((line) => /^ {2}\S.* {2}\S/.test(line) && !/curl/.test(line));
    expect(text).toContain("The stack dev is live: 2 of 2 scrape targets are up.");
    expect(table).toEqual(
      expect.arrayContaining([
        "  shop                   http://127.0.0.1:7000",
        "  shop                   http://127.0.0.1:7001",
        "  Prometheus             http://127.0.0.1:9090",
        "  Grafana                http://127.0.0.1:3000  (user admin)",
        "  Docker Engine metrics  http://127.0.0.1:9323/metrics",
      ]) as unknown,
    );
    expect(text).toContain("pulumi stack output grafanaAdminPassword --show-secrets");
    expect(text).not.toContain("No dashboards");
    expect(text).not.toContain("hidden");
  });

  it("sends its reader to an app that counts", () => {
    const appUrls = { mute: ["http://127.0.0.1:6999"], ...outputs.appUrls };
    expect(print({ appUrls })).toContain("curl http://127.0.0.1:7000   and watch");
    expect(print({ appUrls: { mute: appUrls.mute } })).not.toContain("curl");
  });

  it("says plainly that there are no dashboards, and how to add them", () => {
    const text = print({});
    expect(text).toContain("No dashboards are deployed");
    expect(text).toContain("glasshouse:dashboards: board");
    expect(text).toContain("docker load");
    expect(text).not.toContain("grafanaAdminPassword");
    expect(text).not.toContain("Docker Engine metrics");
  });

  it("begins with the dashboards page where there is one, and leads to its pages", () => {
    const text = print({ boardUrl: "http://127.0.0.1:3030" });
    expect(text).toMatch(/^ {2}Dashboards +http:\/\/127\.0\.0\.1:3030$/m);
    expect(text).toContain("http://127.0.0.1:3030/targets");
    expect(text).not.toContain("No dashboards");
  });

  it("gives the line that a shell needs first, if it needs one", () => {
    expect(print({}, 'eval "$(npm run --silent env)"')).toContain('eval "$(npm run --silent env)"');
    expect(print({})).not.toContain("eval");
  });

  it("says how the addresses of another host are opened", () => {
    const text = print({}, undefined, { uri: "ssh://me@staging" });
    expect(text).toContain("ssh -N -L 7000:127.0.0.1:7000");
    expect(text).toContain("-L 9090:127.0.0.1:9090 me@staging");
    expect(print({})).not.toContain("ssh -N");
  });
});
