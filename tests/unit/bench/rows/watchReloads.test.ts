import { readHangUp } from "../../../../bench/rows/watchReloads";

const event = (signal: string) =>
  JSON.stringify({
    Action: "kill",
    timeNano: 1_500_000_000_000_000_000,
    Actor: { Attributes: { name: "prometheus", signal } },
  });

it("reads when a container was told to read its files again", () => {
  expect(readHangUp(event("1"))).toBe(1_500_000_000);
});

it("takes no other signal for that", () => {
  expect(readHangUp(event("15"))).toBeUndefined();
});
