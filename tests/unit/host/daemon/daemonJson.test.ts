import { parseDaemonJson } from "../../../../host/daemon/daemonJson";
import { mergeKeys, removeOrRestoreKeys } from "../../../../host/daemon/daemonJsonEdit";

const ours = { "metrics-addr": "0.0.0.0:9323" };
const both = { ...ours, experimental: true };
const made = '{\n  "metrics-addr": "0.0.0.0:9323"\n}\n';

describe("mergeKeys", () => {
  it.each<[string, string | undefined, Record<string, unknown>, string]>([
    ["makes a missing file", undefined, ours, made],
    [
      "makes a missing file with both keys",
      undefined,
      both,
      '{\n  "metrics-addr": "0.0.0.0:9323",\n  "experimental": true\n}\n',
    ],
    ["fills an empty file", "", ours, made],
    ["fills a file of white space", " \n\t\n", ours, made],
    ["fills an empty object", "{}", ours, '{\n  "metrics-addr": "0.0.0.0:9323"\n}'],
    ["fills an empty object over two lines", "{\n}\n", ours, made],
    ["fills an empty file with a byte order mark", "\uFEFF", ours, `\uFEFF${made}`],
    [
      "keeps a byte order mark",
      '\uFEFF{\n  "a": 1\n}',
      ours,
      '\uFEFF{\n  "a": 1,\n  "metrics-addr": "0.0.0.0:9323"\n}',
    ],
    [
      "keeps Windows line ends",
      '{\r\n  "a": 1\r\n}\r\n',
      ours,
      '{\r\n  "a": 1,\r\n  "metrics-addr": "0.0.0.0:9323"\r\n}\r\n',
    ],
    [
      "fills an empty object with Windows line ends",
      "{\r\n}\r\n",
      ours,
      '{\r\n  "metrics-addr": "0.0.0.0:9323"\r\n}\r\n',
    ],
    [
      "keeps tabs",
      '{\n\t"a": 1\n}\n',
      both,
      '{\n\t"a": 1,\n\t"metrics-addr": "0.0.0.0:9323",\n\t"experimental": true\n}\n',
    ],
    [
      "keeps four spaces",
      '{\n    "a": 1\n}\n',
      ours,
      '{\n    "a": 1,\n    "metrics-addr": "0.0.0.0:9323"\n}\n',
    ],
    [
      "keeps a missing final newline",
      '{\n  "a": 1\n}',
      ours,
      '{\n  "a": 1,\n  "metrics-addr": "0.0.0.0:9323"\n}',
    ],
    ["keeps one line on one line", '{"a":1}', ours, '{"a":1,"metrics-addr":"0.0.0.0:9323"}'],
    [
      "keeps one airy line on one line",
      '{ "a": 1 }',
      ours,
      '{ "a": 1, "metrics-addr": "0.0.0.0:9323" }',
    ],
    [
      "keeps unknown keys and their order",
      '{\n  "z": 1,\n  "unknown": null,\n  "a": 2\n}\n',
      ours,
      '{\n  "z": 1,\n  "unknown": null,\n  "a": 2,\n  "metrics-addr": "0.0.0.0:9323"\n}\n',
    ],
    [
      "leaves nested values as they are written",
      '{\n  "log-opts": {"max-size":"10m",\n"max-file" : "3"},\n  "dns": [ "9.9.9.9",\n  "1.1.1.1"]\n}\n',
      ours,
      '{\n  "log-opts": {"max-size":"10m",\n"max-file" : "3"},\n  "dns": [ "9.9.9.9",\n  "1.1.1.1"],\n  "metrics-addr": "0.0.0.0:9323"\n}\n',
    ],
    [
      "ignores our key inside another object",
      '{\n  "o": { "metrics-addr": "x" }\n}',
      ours,
      '{\n  "o": { "metrics-addr": "x" },\n  "metrics-addr": "0.0.0.0:9323"\n}',
    ],
    [
      "replaces another address in place",
      '{\n  "metrics-addr" : "127.0.0.1:1",\n  "a": 1\n}\n',
      ours,
      '{\n  "metrics-addr" : "0.0.0.0:9323",\n  "a": 1\n}\n',
    ],
    [
      "replaces a value of a wrong type",
      '{"metrics-addr": ["x", {"y": 1}]}',
      ours,
      '{"metrics-addr": "0.0.0.0:9323"}',
    ],
    [
      "leaves an equal address alone",
      '{"metrics-addr":   "0.0.0.0:9323" }',
      ours,
      '{"metrics-addr":   "0.0.0.0:9323" }',
    ],
    [
      "leaves an equal address alone that is written with escapes",
      '{"metrics-addr": "0.0.0.0\\u003a9323"}',
      ours,
      '{"metrics-addr": "0.0.0.0\\u003a9323"}',
    ],
    [
      "turns experimental on",
      '{\n  "experimental": false\n}',
      both,
      '{\n  "experimental": true,\n  "metrics-addr": "0.0.0.0:9323"\n}',
    ],
    [
      "leaves experimental on",
      '{\n  "experimental": true\n}',
      both,
      '{\n  "experimental": true,\n  "metrics-addr": "0.0.0.0:9323"\n}',
    ],
    [
      "leaves experimental alone when it is not asked for",
      '{\n  "experimental": false\n}',
      ours,
      '{\n  "experimental": false,\n  "metrics-addr": "0.0.0.0:9323"\n}',
    ],
    [
      "keeps live-restore",
      '{\n  "live-restore": true\n}\n',
      ours,
      '{\n  "live-restore": true,\n  "metrics-addr": "0.0.0.0:9323"\n}\n',
    ],
    [
      "keeps numbers too large for JavaScript",
      '{"n": 12345678901234567890.5e400}',
      ours,
      '{"n": 12345678901234567890.5e400,"metrics-addr": "0.0.0.0:9323"}',
    ],
    [
      "keeps characters beyond ASCII and emoji",
      '{\n  "labels": ["größe=🐳"]\n}\n',
      ours,
      '{\n  "labels": ["größe=🐳"],\n  "metrics-addr": "0.0.0.0:9323"\n}\n',
    ],
    [
      "drops blank lines before the last key from its own gap",
      '{\n  "a": 1,\n\n  "b": 2\n}',
      ours,
      '{\n  "a": 1,\n\n  "b": 2,\n  "metrics-addr": "0.0.0.0:9323"\n}',
    ],
    [
      "writes into a deep object without a look at its depth",
      `{"d": ${'{"d": '.repeat(200)}1${"}".repeat(200)}}`,
      ours,
      `{"d": ${'{"d": '.repeat(200)}1${"}".repeat(200)},"metrics-addr": "0.0.0.0:9323"}`,
    ],
  ])("%s", (_name, text, desired, expected) => {
    expect(mergeKeys(text, desired)).toBe(expected);
    // What is written must be what was meant, and a second time changes nothing.
    expect(JSON.parse(expected.replace("\uFEFF", ""))).toMatchObject(desired);
    expect(mergeKeys(expected, desired)).toBe(expected);
  });
});

describe("removeOrRestoreKeys", () => {
  const absent = { "metrics-addr": { absent: true }, experimental: { absent: true } } as const;

  it.each([
    '{\n  "a": 1\n}\n',
    '{\r\n\t"a": 1,\r\n\t"b": [1,\r\n2]\r\n}',
    '{"a":1}',
    '{ "a": 1 }',
    '\uFEFF{\n    "a": {}\n}\n\n',
  ])("gives back what mergeKeys made of %j", (text) => {
    expect(removeOrRestoreKeys(mergeKeys(text, both), absent)).toBe(text);
  });

  it("removes keys wherever they stand", () => {
    const text = '{\n  "metrics-addr": "x",\n  "a": 1,\n  "experimental": true,\n  "b": 2\n}\n';
    expect(removeOrRestoreKeys(text, absent)).toBe('{\n  "a": 1,\n  "b": 2\n}\n');
  });

  it("empties an object that holds nothing else", () => {
    expect(removeOrRestoreKeys(made, absent)).toBe("{}\n");
  });

  it("puts an earlier value back, of whatever type", () => {
    const previous = { "metrics-addr": { value: "127.0.0.1:1" }, experimental: { value: null } };
    expect(removeOrRestoreKeys('{"metrics-addr": "x", "experimental": true}', previous)).toBe(
      '{"metrics-addr": "127.0.0.1:1", "experimental": null}',
    );
  });
});

describe("parseDaemonJson", () => {
  it.each([
    ["a line comment", '{\n  // why\n  "a": 1\n}', "comment at line 2, column 3"],
    ["a block comment", '{ /* why */ "a": 1 }', "comment at line 1, column 3"],
    ["an unfinished comment", '{"a": 1} /*', "comment"],
    ["a trailing comma", '{\n  "a": 1,\n}', "trailing comma before line 3, column 1"],
    ["a trailing comma in a list", '{"a": [1,]}', "trailing comma before line 1, column 10"],
    ["a list", '[{"a": 1}]', "outermost value is a list"],
    ["a string", '"a"', "outermost value is string"],
    ["a number", "1", "outermost value is number"],
    ["null", "null", "outermost value is null"],
    ["a key twice", '{"a": 1, "b": 2, "a": 3}', 'the key "a" is there more than once'],
    ["our key twice", '{"metrics-addr": "x", "metrics-addr": "x"}', '"metrics-addr"'],
    ["the same key spelled with an escape", '{"a": 1, "\\u0061": 3}', 'the key "a"'],
    ["a missing comma", '{\n  "a": 1\n  "b": 2\n}', "not valid JSON at line 3, column 3"],
    ["a missing brace", '{"a": 1', "not valid JSON"],
    ["text after the end", '{"a": 1} x', "not valid JSON"],
    ["single quotes", "{'a': 1}", "not valid JSON"],
    ["a raw tab in a string", '{"a": "x\ty"}', "not valid JSON"],
    ["NaN", '{"a": NaN}', "not valid JSON"],
  ])("refuses %s", (_name, text, reason) => {
    expect(parseDaemonJson(text).problem).toContain(reason);
  });

  it.each(["", "  \r\n", "\uFEFF", "{}"])("reads %j as no settings", (text) => {
    expect(parseDaemonJson(text)).toStrictEqual({ keys: {} });
  });

  it("does not mind a key twice in different objects", () => {
    expect(parseDaemonJson('{"a": {"x": 1}, "b": {"x": 2}}').problem).toBeUndefined();
  });
});
