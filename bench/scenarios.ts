import type Docker from "dockerode";
import type { AppSettingsInput } from "../config/settings/appSettings";
import type { BenchStack } from "./benchStack";
import type { Scenario } from "./peers/peer";
import { readStackPlan, type PreviewDocument } from "./readStackPlan";
import type { StackPlan } from "./stackPlan";

/**
 * What is deployed in a run: the chapter's stack; with another value of one environment variable; that with one more app,
 * and so one more scrape job; and a plain app with so many replicas.
 */
export type ScenarioId = keyof ReturnType<typeof buildScenarioSettings>;

/** Those that a run needs, planned beforehand. */
export type Scenarios = ReadonlyMap<ScenarioId, Scenario>;

export function scenarioOf(scenarios: Scenarios, id: ScenarioId): Scenario {
  const scenario = scenarios.get(id);
  if (scenario === undefined) throw new Error(`the scenario ${id} was not planned`);
  return scenario;
}

export interface ScenarioBasis {
  readonly apps: readonly AppSettingsInput[];
  readonly baseImage: string;
  /** Prometheus' image, where it is not the default. */
  readonly prometheusImage: string | undefined;
  /** Free ports of 127.0.0.1. */
  readonly ports: readonly [prometheus: number, ...apps: number[]];
}

/** Scrapes come often, so that a missed one shows soon. */
export const scrapeIntervalSeconds = 2;
/** The app that is added; its job's name is its own. */
export const addedApp = "added";

/** The chapter's stack measures neither the host nor what others run there. */
const withoutWatching = {
  exporters: { node: { deploy: false }, cadvisor: { deploy: false } },
  discovery: { enabled: false },
};

/** What the scenarios tell the program, by scenario. */
export function buildScenarioSettings({
  apps: samples,
  baseImage,
  prometheusImage,
  ports: [prometheusPort, ...appPorts],
}: ScenarioBasis) {
  const apps = samples.map((app, index) =>
    app.publishPort === undefined ? app : { ...app, publishPort: appPorts[index] ?? 0 },
  );
  const build = (list: readonly AppSettingsInput[]) => ({
    engineMetrics: { mode: "off" },
    ...withoutWatching,
    grafana: { deploy: "never" },
    builds: { baseImage },
    prometheus: {
      ...(prometheusImage !== undefined && { image: prometheusImage }),
      publishPort: prometheusPort,
      scrapeIntervalSeconds,
    },
    apps: list,
  });
  const listen =
    "$SIG{TERM} = sub { exit }; my $s = IO::Socket::INET->new(LocalPort => 80, Listen => 9) or die; close $s->accept while 1";
  const plain = (name: string, replicas: number): AppSettingsInput => ({
    name,
    image: baseImage,
    // Listens, and ends at once when it is told to, as a well-behaved server does.
    command: ["perl", "-MIO::Socket::INET", "-e", listen],
    memoryMb: 16,
    cpus: 0.1,
    replicas,
  });
  const changed = apps.map((app, index) =>
    index > 0 ? app : { ...app, environment: { ...app.environment, BENCH: "changed" } },
  );
  return {
    chapter: build(apps),
    otherValue: build(changed),
    oneMoreJob: build([...changed, plain(addedApp, 1)]),
    replicas1: build([plain("plain", 1)]),
    replicas3: build([plain("plain", 3)]),
    replicas30: build([plain("plain", 30)]),
    replicas50: build([plain("plain", 50)]),
    replicas200: build([plain("plain", 200)]),
  };
}

/** Asks the program what it declares for some settings, while nothing is deployed. */
export async function planScenario(
  stack: BenchStack,
  docker: Docker,
  settings: Readonly<Record<string, unknown>>,
): Promise<Scenario> {
  stack.write(settings);
  const { stdout } = await stack.run("preview", "--json");
  const plan = readStackPlan(JSON.parse(stdout) as PreviewDocument, stack.prefix);
  return { settings, plan, healthChecked: await findHealthChecked(docker, plan) };
}

async function findHealthChecked(docker: Docker, { containers }: StackPlan): Promise<string[]> {
  const images = [...new Set(containers.map(({ image }) => image))];
  const checked = await Promise.all(
    images.map(async (image) => {
      const { Config } = await docker.getImage(image).inspect();
      return (Config as { readonly Healthcheck?: unknown }).Healthcheck !== undefined;
    }),
  );
  return containers
    .filter(({ image, healthCheck }) => healthCheck ?? checked[images.indexOf(image)])
    .map(({ name }) => name);
}
