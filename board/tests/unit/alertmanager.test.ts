import { expect, it } from "vitest";
import { findSuppression, listSuppressed } from "../../src/prometheus/alertmanager";

const status = (silencedBy: string[], inhibitedBy: string[]) => ({
  state: "suppressed" as const,
  silencedBy,
  inhibitedBy,
});

it("tells whether an alert is silenced or inhibited, also where Prometheus has external labels", () => {
  const suppressed = listSuppressed([
    { labels: { alertname: "Down", job: "a", cluster: "east" }, status: status(["id"], []) },
    { labels: { alertname: "Slow", job: "a" }, status: status([], ["other"]) },
    { labels: { alertname: "Full", job: "a" }, status: status([], []) },
  ]);
  expect(findSuppression(suppressed, { alertname: "Down", job: "a" })).toBe("silenced");
  expect(findSuppression(suppressed, { job: "a", alertname: "Slow" })).toBe("inhibited");
  expect(findSuppression(suppressed, { alertname: "Full", job: "a" })).toBeUndefined();
  expect(findSuppression(suppressed, { alertname: "Down", job: "b" })).toBeUndefined();
});
