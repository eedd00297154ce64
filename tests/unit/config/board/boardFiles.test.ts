import { buildBoardFiles } from "../../../../config/board/boardFiles";
import { settingsSchema } from "../../../../config/settings/settings";

it("tells the page how many targets each job has when all is well", () => {
  const settings = settingsSchema.parse({
    engineMetrics: { mode: "off" },
    apps: [{ name: "shop", image: "shop:1", memoryMb: 64, replicas: 3 }],
  });
  const { dashboards } = buildBoardFiles(settings, "dev", "glasshouse-dev");
  expect(JSON.parse(dashboards["index.json"] ?? "")).toMatchObject({
    title: "dev",
    expectedTargets: { prometheus: 1, shop: 3 },
  });
});
