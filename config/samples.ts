import type { AppSettingsInput } from "./settings/appSettings";

/** The apps that come along, under the names that the chapter gives their jobs, aliases and targets. */
export const sampleApps: AppSettingsInput[] = [
  {
    name: "image-gallery",
    build: { context: "samples/image-gallery" },
    publishPort: 8010,
    memoryMb: 128,
    environment: {
      IMAGE_API_URL: "http://iotd/image",
      ACCESS_API_URL: "http://accesslog/access-log",
    },
    dashboard: "image-gallery",
  },
  {
    name: "iotd",
    build: { context: "samples/image-of-the-day" },
    publishPort: 8011,
    memoryMb: 512,
    metricsPath: "/actuator/prometheus",
    jobName: "iotd-api",
    dashboard: "image-of-the-day",
  },
  {
    name: "access-log",
    alias: "accesslog",
    build: { context: "samples/access-log" },
    replicas: 3,
    memoryMb: 192,
    dashboard: "access-log",
  },
];
