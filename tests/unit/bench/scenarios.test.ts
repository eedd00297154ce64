import { addedApp, buildScenarioSettings } from "../../../bench/scenarios";
import { parseSettings } from "../../../config/settings/parseSettings";
import { sampleApps } from "../../../config/samples";

const settingsById = buildScenarioSettings({
  apps: sampleApps.map(({ build: _, ...app }) => ({ ...app, image: "example/app:1.0.0" })),
  baseImage: "example/base:1.0.0",
  prometheusImage: undefined,
  ports: [20_000, 20_001, 20_002],
});
const { chapter, otherValue, oneMoreJob } = settingsById;
const surroundings = { fileExists: () => true, secretKeys: new Set<string>() };

it.each(Object.entries(settingsById))(
  "tells the program only what it takes: %s",
  (_name, settings) => {
    expect(parseSettings(settings, surroundings)).not.toHaveProperty("problems");
  },
);

it("never touches the engine's settings, and publishes at the ports that are free", () => {
  expect(chapter.engineMetrics).toStrictEqual({ mode: "off" });
  expect(chapter.prometheus.publishPort).toBe(20_000);
  const ports = chapter.apps.flatMap(({ publishPort = [] }) => publishPort);
  expect(ports).toStrictEqual([20_001, 20_002]);
});

it("changes one thing at a time", () => {
  const [first, ...others] = otherValue.apps;
  expect(first?.environment).toStrictEqual({
    ...chapter.apps[0]?.environment,
    BENCH: "changed",
  });
  expect(others).toStrictEqual(chapter.apps.slice(1));
  expect(oneMoreJob.apps.slice(0, -1)).toStrictEqual(otherValue.apps);
  expect(oneMoreJob.apps.at(-1)?.name).toBe(addedApp);
});
