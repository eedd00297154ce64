import assert from "node:assert/strict";
import { test } from "node:test";
import { ClientWindow } from "../src/clientWindow.js";

function windowAt(start, limits = {}) {
  const clock = { now: start };
  const clients = new ClientWindow({
    windowSeconds: 60,
    maxClients: 100,
    now: () => clock.now,
    ...limits,
  });
  return { clients, clock };
}

test("a client that comes twice counts once", () => {
  const { clients } = windowAt(0);
  clients.add("192.0.2.1");
  clients.add("192.0.2.1");
  clients.add("192.0.2.2");
  assert.equal(clients.size, 2);
});

test("a client leaves when the window has passed since its last access", () => {
  const { clients, clock } = windowAt(0);
  clients.add("192.0.2.1");
  clients.add("192.0.2.2");
  clock.now = 30_000;
  clients.add("192.0.2.1");
  clock.now = 60_000;
  assert.equal(clients.size, 1);
  clock.now = 90_000;
  assert.equal(clients.size, 0);
});

test("the oldest client makes room when the limit is reached", () => {
  const { clients, clock } = windowAt(0, { maxClients: 2 });
  clients.add("192.0.2.1");
  clients.add("192.0.2.2");
  clock.now = 59_000;
  clients.add("192.0.2.3");
  assert.equal(clients.size, 2);
  clock.now = 60_000;
  assert.equal(clients.size, 1);
});
