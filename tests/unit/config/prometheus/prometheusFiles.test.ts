import { parse } from "yaml";
import { buildPrometheusFiles } from "../../../../config/prometheus/prometheusFiles";
import { settingsSchema } from "../../../../config/settings/settings";

describe("Prometheus' files", () => {
  const files = buildPrometheusFiles(settingsSchema.parse({}), "glasshouse-test");

  it("are the configuration and the rules that it names", () => {
    expect(Object.keys(files)).toStrictEqual(["prometheus.yml", "rules.yml"]);
    expect(parse(files["prometheus.yml"])).toHaveProperty("rule_files", ["rules.yml"]);
    expect(parse(files["rules.yml"])).toHaveProperty("groups");
  });
});
