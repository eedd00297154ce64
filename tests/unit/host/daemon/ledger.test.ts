import { mergeKeys, removeOrRestoreKeys } from "../../../../host/daemon/daemonJsonEdit";
import {
  claimKeys,
  emptyFileLedger,
  parseLedger,
  releaseKeys,
  renderLedger,
  replaceFileLedger,
} from "../../../../host/daemon/ledger";

const ours = { "metrics-addr": "0.0.0.0:9323" };
const [one, two] = ["shop/dev", "shop/prod"] as const;

describe("claims", () => {
  it("note what was there before the first claim, and only then", () => {
    const first = claimKeys(emptyFileLedger, { "metrics-addr": "old" }, ours, two);
    const second = claimKeys(first, ours, ours, one);
    expect(second.keys["metrics-addr"]).toStrictEqual({
      previous: { value: "old" },
      value: "0.0.0.0:9323",
      claimants: [one, two],
    });
  });

  it("are entered once however often they are made", () => {
    const first = claimKeys(emptyFileLedger, {}, ours, one);
    expect(claimKeys(first, ours, ours, one)).toStrictEqual(first);
  });

  it.each([
    [one, two],
    [two, one],
  ])("of two stacks are put back by the last one: %s, then %s", (first, last) => {
    const page = claimKeys(claimKeys(emptyFileLedger, {}, ours, one), ours, ours, two);
    const afterFirst = releaseKeys(page, ours, first);
    expect(afterFirst.putBack).toStrictEqual({});
    const afterLast = releaseKeys(afterFirst.page, ours, last);
    expect(afterLast).toStrictEqual({
      page: { keys: {} },
      putBack: { "metrics-addr": { absent: true } },
    });
    expect(removeOrRestoreKeys(mergeKeys('{"a": 1}', ours), afterLast.putBack)).toBe('{"a": 1}');
  });

  it("leave a value alone that someone else has set since, or removed", () => {
    const page = claimKeys(emptyFileLedger, {}, ours, one);
    expect(releaseKeys(page, { "metrics-addr": "theirs" }, one).putBack).toStrictEqual({});
    expect(releaseKeys(page, {}, one).putBack).toStrictEqual({});
  });

  it("with another value than a holder's are refused by name", () => {
    const page = claimKeys(emptyFileLedger, {}, ours, one);
    const other = { "metrics-addr": "127.0.0.1:9323" };
    expect(() => claimKeys(page, ours, other, two)).toThrow(
      '"metrics-addr" of this engine is held at "0.0.0.0:9323" by shop/dev, so shop/prod cannot have "127.0.0.1:9323"',
    );
  });

  it("may be changed by their only holder, and still know the first value", () => {
    const page = claimKeys(emptyFileLedger, {}, ours, one);
    const changed = claimKeys(page, ours, { "metrics-addr": "127.0.0.1:1" }, one);
    expect(changed.keys["metrics-addr"]).toMatchObject({
      previous: { absent: true },
      value: "127.0.0.1:1",
    });
  });
});

describe("the ledger's text", () => {
  it("reads back as it was written, also with an earlier value of null", () => {
    const page = claimKeys(emptyFileLedger, { "metrics-addr": null }, ours, one);
    const ledger = replaceFileLedger({ version: 1, files: {} }, "/d.json", page);
    expect(parseLedger(renderLedger(ledger))).toStrictEqual({ ledger });
  });

  it.each([undefined, "", "\n"])("reads %j as an empty ledger", (text) => {
    expect(parseLedger(text)).toStrictEqual({ ledger: { version: 1, files: {} } });
  });

  it.each(["{", "[]", '{"version": 2, "files": {}}', '{"version":1,"files":{"/d":{"keys":3}}}'])(
    "reads %j as an empty ledger with a problem",
    (text) => {
      const { ledger, problem } = parseLedger(text);
      expect(ledger.files).toStrictEqual({});
      expect(problem).toEqual(expect.any(String));
    },
  );
});
