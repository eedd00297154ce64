import { expect, it } from "vitest";
import { renderAge } from "../../src/pages/renderAge";
import { renderFacts } from "../../src/pages/renderFacts";

it("says what Prometheus says of itself in words and local times, without what is empty", () => {
  const startTime = "2026-11-27T04:31:46.526149259Z";
  expect(
    renderFacts({
      startTime,
      CWD: "/",
      reloadConfigSuccess: true,
      GODEBUG: "",
      goroutineCount: 87,
    }),
  ).toEqual({
    "Start time": new Date(startTime).toLocaleString(),
    CWD: "/",
    "Reload config success": "yes",
    "Goroutine count": "87",
  });
});

it("counts ages in whole seconds", () => {
  const now = Date.parse("2026-11-27T04:31:46Z");
  const ago = (seconds: number) => renderAge(new Date(now - seconds * 1000).toISOString(), now);
  expect([0.06, 0.9, 1.2, 59, 61].map(ago)).toEqual([
    ...["now", "now", "1 s ago", "59 s ago", "1 min ago"],
  ]);
});
