import { readKills } from "../../../../host/docker/findKilled";

const kill = (id: string, signal: string, seconds: number) =>
  JSON.stringify({
    Action: "kill",
    Actor: { ID: id, Attributes: { signal } },
    timeNano: seconds * 1e9,
  });

it("finds those that were killed after they were asked to end, with the seconds that they had", () => {
  const lines = [
    kill("slow", "15", 100),
    kill("quick", "15", 100),
    kill("interrupted", "2", 101),
    kill("slow", "9", 110.2),
    kill("interrupted", "9", 104.1),
    // Nobody asked it.
    kill("forced", "9", 120),
    '{"Action":"die","Actor":{"ID":"slow","Attributes":{}},"timeNano":1}',
    "",
  ];
  expect(readKills(lines.join("\n"))).toStrictEqual(
    new Map([
      ["slow", 10],
      ["interrupted", 3],
    ]),
  );
});
