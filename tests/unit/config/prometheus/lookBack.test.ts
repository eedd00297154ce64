import { lookBackSeconds } from "../../../../config/prometheus/lookBack";
import { settingsSchema } from "../../../../config/settings/settings";

const lookBackOf = (settings: object) => lookBackSeconds(settingsSchema.parse(settings));

it("remembers a value for two minutes where everything is asked every 30 s at least", () => {
  expect(lookBackOf({})).toBe(120);
  expect(lookBackOf({ prometheus: { scrapeIntervalSeconds: 30 } })).toBe(120);
});

it.each([
  ["Prometheus", { prometheus: { scrapeIntervalSeconds: 31 } }],
  ["an app", { apps: [{ name: "shop", image: "shop:1", scrapeIntervalSeconds: 31 }] }],
  ["a job", { scrapeJobs: [{ name: "nas", targets: ["nas:1"], scrapeIntervalSeconds: 31 }] }],
  ["a probe", { probes: [{ name: "site", url: "http://a/", intervalSeconds: 31 }] }],
])(
  "remembers it as long as Prometheus does by itself for a longer interval of %s",
  (_, settings) => {
    expect(lookBackOf(settings)).toBe(300);
  },
);
