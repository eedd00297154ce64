import assert from "node:assert/strict";
import { test } from "node:test";
import { parseClientIp } from "../src/clientIp.js";

const accepted = {
  "192.0.2.1": "192.0.2.1",
  "192.0.2.1:4711": "192.0.2.1",
  "2001:db8::1": "2001:db8::1",
  "[2001:db8::1]:4711": "2001:db8::1",
};
for (const [value, address] of Object.entries(accepted)) {
  test(`${value} names ${address}`, () => assert.equal(parseClientIp(value), address));
}

for (const value of [
  undefined,
  null,
  7,
  "",
  "gallery",
  "192.0.2.256",
  "192.0.2.1:",
  "[192.0.2.1",
]) {
  test(`${JSON.stringify(value)} names no address`, () =>
    assert.equal(parseClientIp(value), undefined));
}
