import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { ActiveAlerts, countAlerts } from "../../src/pages/ActiveAlerts";
import { listSuppressed } from "../../src/prometheus/alertmanager";
import type { Alert } from "../../src/prometheus/answers";

const alert = (alertname: string, state: Alert["state"]): Alert => ({
  labels: { alertname, job: "shop" },
  annotations: { summary: `${alertname} of shop` },
  state,
  value: "1",
});

const alerts = [alert("Down", "firing"), alert("Slow", "firing"), alert("Full", "pending")];

/** As Alertmanager has it: with Prometheus' external labels. */
const suppressed = listSuppressed([
  {
    labels: { alertname: "Down", job: "shop", cluster: "east" },
    status: { state: "suppressed", silencedBy: ["an id"], inhibitedBy: [] },
  },
]);

function readRows(given: typeof suppressed | undefined): string[] {
  const markup = renderToStaticMarkup(createElement(ActiveAlerts, { alerts, suppressed: given }));
  return markup
    .split("<tr>")
    .slice(2)
    .map((row) => [...row.matchAll(/badge-(\w+)/g)].map(([, badge]) => badge).join(" "));
}

it("shows of each alert that fires whether it is silenced", () => {
  expect(readRows(suppressed)).toEqual(["firing silenced", "firing", "pending"]);
  expect(readRows(undefined)).toEqual(["firing", "firing", "pending"]);
});

it("counts those that are silenced, where there are any", () => {
  expect(countAlerts(alerts, suppressed)).toBe("2 firing (1 silenced), 1 pending");
  expect(countAlerts(alerts, undefined)).toBe("2 firing, 1 pending");
});
