import assert from "node:assert/strict";
import { once } from "node:events";
import { afterEach, beforeEach, test } from "node:test";
import { createAccessLog } from "../src/accessLog.js";
import { maxBodyBytes } from "../src/readBody.js";

let server;
let base;
let lines;

beforeEach(async () => {
  lines = [];
  server = createAccessLog({
    clientWindowSeconds: 60,
    maxClients: 100,
    hostname: "replica-1",
    writeLine: (line) => lines.push(JSON.parse(line)),
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  base = `http://127.0.0.1:${server.address().port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

const post = (body) => fetch(`${base}/access-log`, { method: "POST", body });
const metrics = async () => (await fetch(`${base}/metrics`)).text();

test("accesses are counted, logged, and shown as stats", async () => {
  for (const clientIp of ["192.0.2.1", "192.0.2.2:4711", "192.0.2.2:4712"]) {
    const response = await post(JSON.stringify({ clientIp }));
    assert.equal(response.status, 201);
  }
  assert.deepEqual(
    lines.map(({ hostname, clientIp }) => [hostname, clientIp]),
    [
      ["replica-1", "192.0.2.1"],
      ["replica-1", "192.0.2.2"],
      ["replica-1", "192.0.2.2"],
    ],
  );
  assert.deepEqual(await (await fetch(`${base}/stats`)).json(), { logs: 3, hostname: "replica-1" });
  const text = await metrics();
  assert.match(text, /^access_log_total\{hostname="replica-1"\} 3$/m);
  assert.match(text, /^access_client_ip_current\{hostname="replica-1"\} 2$/m);
});

test("every series carries the host name, from the first scrape on", async () => {
  const samples = (await metrics()).split("\n").filter((line) => line && !line.startsWith("#"));
  assert.deepEqual(
    samples.filter((sample) => !sample.includes('hostname="replica-1"')),
    [],
  );
  assert.ok(samples.includes('access_log_total{hostname="replica-1"} 0'));
});

test("metrics name their format", async () => {
  const response = await fetch(`${base}/metrics`);
  assert.match(response.headers.get("content-type"), /^text\/plain; version=0\.0\.4/);
});

for (const body of ["", "{", "null", "[]", "{}", '{"clientIp":"gallery"}', '{"clientIp":7}']) {
  test(`the body '${body}' is refused and not counted`, async () => {
    assert.equal((await post(body)).status, 400);
    assert.match(await metrics(), /^access_log_total\{hostname="replica-1"\} 0$/m);
  });
}

test("a body above the limit is refused", async () => {
  assert.equal((await post("x".repeat(maxBodyBytes + 1))).status, 413);
  assert.equal((await post(" ".repeat(maxBodyBytes))).status, 400);
});

test("other paths and methods are refused", async () => {
  assert.equal((await fetch(`${base}/nowhere`)).status, 404);
  const response = await fetch(`${base}/access-log`);
  assert.equal(response.status, 405);
  assert.equal(response.headers.get("allow"), "POST");
});

test("the health page answers", async () => {
  assert.equal((await fetch(`${base}/healthz?from=docker`)).status, 200);
});
