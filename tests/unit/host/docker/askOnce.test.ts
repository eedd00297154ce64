import { askOnce } from "../../../../host/docker/askOnce";

it("asks each engine once, however many ask at the same time", async () => {
  const asked: string[] = [];
  const ask = askOnce(async ({ uri }) => {
    asked.push(uri);
    return uri.length;
  });
  const answers = [ask({ uri: "a" }), ask({ uri: "a" }), ask({ uri: "bb" })];
  expect(await Promise.all(answers)).toStrictEqual([1, 1, 2]);
  expect(await ask({ uri: "a" })).toBe(1);
  expect(asked).toStrictEqual(["a", "bb"]);
});

it("asks again after a failure", async () => {
  let asked = 0;
  const ask = askOnce(async () => {
    asked += 1;
    if (asked === 1) throw new Error("not yet");
    return asked;
  });
  await expect(ask({ uri: "a" })).rejects.toThrow("not yet");
  expect(await ask({ uri: "a" })).toBe(2);
});
