import { countTargets } from "../../../../config/prometheus/countTargets";
import { buildSettings } from "../../support/testSettings";

describe("countTargets", () => {
  it("counts what Prometheus finds: every replica behind DNS, one target behind a name", () => {
    const image = "example/app:1";
    const settings = buildSettings({
      apps: [
        { name: "one", image },
        { name: "many", image, replicas: 3, jobName: "crowd" },
        { name: "behind", image, replicas: 3, discovery: "static" },
        { name: "none", image, replicas: 0 },
      ],
    });
    expect(countTargets(settings)).toStrictEqual({
      cadvisor: 1,
      containers: 1,
      node: 1,
      prometheus: 1,
      docker: 1,
      one: 1,
      crowd: 3,
      behind: 1,
    });
  });

  it("leaves out an engine that is not scraped", () => {
    const settings = buildSettings({
      apps: [],
      engineMetrics: { mode: "off" },
      exporters: { node: { deploy: false }, cadvisor: { deploy: false } },
      discovery: { enabled: false },
    });
    expect(countTargets(settings)).toStrictEqual({ prometheus: 1 });
  });
});
