import { askOnce } from "../../../../host/docker/askOnce";

it("asks each engine once, however many ask at the same time", async () => {
  const asked: string[] = [];
  const ask = askOnce(async (dockerHost) => {
    asked.push(dockerHost);
    return dockerHost.length;
  });
  expect(await Promise.all([ask("a"), ask("a"), ask("bb")])).toStrictEqual([1, 1, 2]);
  expect(await ask("a")).toBe(1);
  expect(asked).toStrictEqual(["a", "bb"]);
});

it("asks again after a failure", async () => {
  let asked = 0;
  const ask = askOnce(async () => {
    asked += 1;
    if (asked === 1) throw new Error("not yet");
    return asked;
  });
  await expect(ask("a")).rejects.toThrow("not yet");
  expect(await ask("a")).toBe(2);
});
