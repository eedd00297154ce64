import { parseSettings } from "../../config/settings/parseSettings";
import { buildPrometheusFiles } from "../../config/prometheus/prometheusFiles";

// Runs as a process of its own, so that its memory is that of this work alone: checks and renders so many scrape jobs, and
// writes how long that took, as JSON.

const jobs = Number(process.argv[2]);
const apps = Array.from({ length: jobs }, (_, index) => ({
  name: `app-${index}`,
  image: "example/app:1.0.0",
  replicas: 1 + (index % 3),
  publishPort: 10_000 + 3 * index,
}));
const start = performance.now();
const parsed = parseSettings(
  { apps, engineMetrics: { mode: "off" } },
  { fileExists: () => true, secretKeys: new Set() },
);
if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems[0]));
const checked = performance.now();
const files = buildPrometheusFiles(parsed.settings, "glasshouse-bench");
const rendered = performance.now();
console.log(
  JSON.stringify({
    seconds: (rendered - start) / 1000,
    checkSeconds: (checked - start) / 1000,
    renderSeconds: (rendered - checked) / 1000,
    bytes: Object.values(files).join("").length,
    peakMb: process.resourceUsage().maxRSS / 1024,
  }),
);
