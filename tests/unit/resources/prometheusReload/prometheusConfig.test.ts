import { findDifference } from "../../../../resources/prometheusReload/prometheusConfig";

const asked = `
global:
  scrape_interval: 10s
rule_files: [rules.yml]
scrape_configs:
  - job_name: shop
    static_configs:
      - targets: [shop:80]
`;

describe("findDifference", () => {
  it("finds none in what Prometheus filled in itself", () => {
    const running = `
global: { scrape_interval: 10s, scrape_timeout: 10s, evaluation_interval: 1m }
rule_files: [/etc/prometheus/rules.yml]
scrape_configs:
  - job_name: shop
    honor_labels: false
    static_configs: [{ targets: [shop:80] }]
`;
    expect(findDifference(running, asked)).toBeUndefined();
  });

  it("knows a file by its path in Prometheus' folder", () => {
    const ask = (path: string) => `scrape_configs: [{ basic_auth: { password_file: ${path} } }]`;
    const running = ask("/etc/prometheus/secrets/nas.password");
    expect(findDifference(running, ask("secrets/nas.password"))).toBeUndefined();
    expect(findDifference(running, ask("secrets/old.password"))).toContain("password_file is");
  });

  it.each([
    ["10s", "15s", 'global.scrape_interval is "15s" where "10s" is wanted'],
    ["shop:80", "shop:81", /targets\[0\] is "shop:81" where "shop:80" is wanted$/],
    ["[shop:80]", "[shop:80, more:80]", /targets has 2 entries where 1 are wanted$/],
    ["[rules.yml]", "[/etc/prometheus/old.yml]", /^rule_files\[0\] is "\/etc/],
    ["rule_files: [rules.yml]", "", 'rule_files is not there where ["rules.yml"] is wanted'],
    ["[shop:80]", "shop:80", /targets is "shop:80" where \["shop:80"\] is wanted$/],
  ])("names the place when %s has become %s", (before, after, difference) => {
    expect(findDifference(asked.replace(before, after), asked)).toEqual(
      typeof difference === "string" ? difference : expect.stringMatching(difference),
    );
  });

  it("sees that nothing of it is running", () => {
    expect(findDifference("", asked)).toContain("global");
  });
});
