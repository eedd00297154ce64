import type { SettingsProblem } from "../../../../../config/settings/settingsProblem";

export type Raw = Record<string, unknown>;

type Mistake = Omit<SettingsProblem, "value">;
/** What is wrong, a stack file's settings, and what is said of them. */
export type MistakeCase = [title: string, raw: Raw, ...expected: Mistake[]];

export const secretValues = { shopKey: "hunter2", payKey: "hunter3" };
/** A stack with one sound app, changed. */
export function app(change: Raw): Raw {
  return { apps: [{ name: "shop", image: "shop:1", ...change }] };
}

/** A stack with several sound apps, changed. */
export function apps(...changes: Raw[]): Raw {
  return {
    apps: changes.map((change, index) => ({ name: `app-${index}`, image: "app:1", ...change })),
  };
}

/** A stack with sound scrape jobs, changed. */
export function jobs(...changes: Raw[]): Raw {
  return {
    scrapeJobs: changes.map((change) => ({ name: "nas", targets: ["nas:9100"], ...change })),
  };
}

/** A stack with sound probes, changed. */
export function probes(...changes: Raw[]): Raw {
  return {
    probes: changes.map((change) => ({ name: "home", url: "https://shop.example", ...change })),
  };
}

export const wholeNumberOf = (min: number, max: number) =>
  `must be a whole number from ${min} to ${max}`;
export const label = "must be 1 to 40 lower-case letters, digits and inner hyphens";
export const settingsOfGrafana =
  "deploy, image, publishPort, publishAddress, passwordVersion, memoryMb, cpus";
export const topLevel =
  "host, swarm, network, engineMetrics, imageMirror, registryAuth, builds, apps, prometheus, alertmanager, grafana, dashboards, board, exporters, dockerApi, discovery, scrapeJobs, probes, policy";
export const hostRule =
  "must be a registry's host, with its port if it has one, such as `registry.example:5000`";
export const login = { registry: "r.example", username: "ci", password: { config: "shopKey" } };
export const groupRule = "must be a group of settings";
export const imageRule = "must be an image reference such as `name:1.2.3`";
export const pinRule = "must name a version: a tag other than `latest`, or a digest";
export const addressRule = "must be an IPv4 address and a port such as `0.0.0.0:9323`";
