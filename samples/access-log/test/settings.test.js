import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../src/settings.js";

test("an empty environment means the defaults", () => {
  assert.deepEqual(readSettings({}), { port: 80, clientWindowSeconds: 300, maxClients: 10_000 });
});

test("every wrong setting is reported at once", () => {
  assert.throws(
    () => readSettings({ PORT: "65536", CLIENT_WINDOW_SECONDS: "1.5", MAX_CLIENTS: "0" }),
    /PORT must be .*\nCLIENT_WINDOW_SECONDS must be .*\nMAX_CLIENTS must be /,
  );
});
