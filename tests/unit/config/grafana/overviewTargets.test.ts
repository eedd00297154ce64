import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { buildOverviewDashboard } from "../../../../config/grafana/dashboards/overview";
import { listQueries } from "../../../../config/grafana/listQueries";
import { settingsSchema } from "../../../../config/settings/settings";

const shop = { name: "shop", image: "shop", replicas: 2 };

function findQuery(dashboard: Dashboard): string | undefined {
  return listQueries(dashboard).find(({ panel }) => panel === "Targets up")?.query;
}

describe("the targets on the dashboard Overview", () => {
  it("are counted, out of those that are declared", () => {
    const settings = settingsSchema.parse({ apps: [shop] });
    expect(findQuery(buildOverviewDashboard(settings))).toBe(
      'sum(up{job=~"cadvisor|containers|docker|node|prometheus|shop"}) or vector(0)',
    );
  });

  it("are a share in a Swarm, where each node has some: as many nodes as answer and take replicas", () => {
    const settings = settingsSchema.parse({ apps: [shop], swarm: { mode: "use" } });
    expect(findQuery(buildOverviewDashboard(settings))).toBe(
      '(sum(up{job=~"cadvisor|containers|docker|node|prometheus|shop|swarm"}) or vector(0)) / ' +
        '(4 + (4 * count(glasshouse_swarm_node_ready{job="swarm"} == 1 and on (node) ' +
        'glasshouse_swarm_node_info{job="swarm",availability!="drain"}) or ' +
        'count(up{job=~"cadvisor|containers|docker|node"})))',
    );
  });
});
