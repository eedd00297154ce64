import { renderStatus } from "../../../cli/status";

const target = (job: string, health: "up" | "down", lastError = "") => ({
  job,
  url: "",
  health,
  lastError,
});

it("shows jobs, alerts and the busiest containers in one screen", () => {
  const text = renderStatus({
    stack: "dev",
    expected: { lights: 1, shop: 2, till: 1 },
    targets: [target("shop", "up"), target("shop", "up"), target("till", "down", "no such host")],
    alerts: [
      { name: "ContainerDown", state: "firing", summary: "till-1 is down" },
      { name: "ContainerOomKilled", state: "pending", summary: "till-1 was killed" },
    ],
    containers: [{ container: "glasshouse-dev-shop-1", cpu: 0.25, memory: 64 * 1024 * 1024 }],
  });
  expect(text.split("\n")).toStrictEqual([
    "The stack dev:",
    "",
    "Targets",
    "  ✗ lights   0 of 1 up",
    "  ✓ shop     2 of 2 up",
    expect.stringMatching(/^ {2}✗ till {5}0 of 1 up {3}its name is not known/),
    "",
    "Alerts",
    "  ✗ ContainerDown        firing    till-1 is down",
    "  ✗ ContainerOomKilled   pending   till-1 was killed",
    "",
    "Busiest containers",
    "    25.0 % CPU      64 MiB   glasshouse-dev-shop-1",
  ]);
});

it("counts the targets of all nodes of a Swarm, of which one at least is expected", () => {
  const text = renderStatus({
    stack: "swarm",
    expected: { node: 1 },
    targets: [target("node", "up"), target("node", "up"), target("node", "down", "timeout")],
    alerts: [],
    containers: [],
  });
  expect(text).toContain("✗ node   2 of 3 up");
});

it("says that there are no alerts, and leaves out what nothing measures", () => {
  const text = renderStatus({
    stack: "dev",
    expected: { shop: 1 },
    targets: [target("shop", "up"), target("found", "up")],
    alerts: [],
    containers: [],
  });
  expect(text).toContain("Alerts\n  none");
  expect(text).toContain("✓ found   1 of 1 up");
  expect(text).not.toContain("Busiest");
});
