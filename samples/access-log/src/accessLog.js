import { createServer } from "node:http";
import { hostname as osHostname } from "node:os";
import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import { parseClientIp } from "./clientIp.js";
import { ClientWindow } from "./clientWindow.js";
import { maxBodyBytes, readBody } from "./readBody.js";

/**
 * The HTTP server of the access log, not yet listening.
 *
 * @param writeLine receives one JSON line per access.
 */
export function createAccessLog({
  clientWindowSeconds,
  maxClients,
  hostname = osHostname(),
  writeLine = console.log,
}) {
  const registry = new Registry();
  registry.setDefaultLabels({ hostname });
  collectDefaultMetrics({ register: registry });

  const clients = new ClientWindow({ windowSeconds: clientWindowSeconds, maxClients });
  const accesses = new Counter({
    name: "access_log_total",
    help: "Accesses that were logged.",
    registers: [registry],
  });
  new Gauge({
    name: "access_client_ip_current",
    help: `Distinct client IP addresses of the last ${clientWindowSeconds} seconds.`,
    registers: [registry],
    collect() {
      this.set(clients.size);
    },
  });

  async function logAccess(request, response) {
    const body = await readBody(request);
    if (body === undefined) {
      response.setHeader("Connection", "close");
      return sendError(response, 413, `the body must not exceed ${maxBodyBytes} bytes`);
    }
    const clientIp = parseClientIp(parseJson(body)?.clientIp);
    if (clientIp === undefined) {
      return sendError(response, 400, 'the body must be JSON like {"clientIp": "192.0.2.1"}');
    }
    accesses.inc();
    clients.add(clientIp);
    writeLine(JSON.stringify({ time: new Date().toISOString(), hostname, clientIp }));
    response.writeHead(201).end();
  }

  async function showStats(_request, response) {
    const { values } = await accesses.get();
    sendJson(response, 200, { logs: values[0].value, hostname });
  }

  async function showMetrics(_request, response) {
    const metrics = await registry.metrics();
    response.writeHead(200, { "Content-Type": registry.contentType }).end(metrics);
  }

  function showHealth(_request, response) {
    sendJson(response, 200, { status: "up" });
  }

  const routes = new Map([
    ["/access-log", { POST: logAccess }],
    ["/stats", { GET: showStats }],
    ["/metrics", { GET: showMetrics }],
    ["/healthz", { GET: showHealth }],
  ]);

  return createServer(async (request, response) => {
    const [path] = request.url.split("?", 1);
    const handlers = routes.get(path);
    if (handlers === undefined) {
      return sendError(response, 404, "no such page");
    }
    if (!Object.hasOwn(handlers, request.method)) {
      response.setHeader("Allow", Object.keys(handlers).join(", "));
      return sendError(response, 405, "method not allowed");
    }
    try {
      await handlers[request.method](request, response);
    } catch (error) {
      console.error(`${request.method} ${path} failed:`, error);
      if (!response.headersSent) {
        sendError(response, 500, "internal error");
      }
    }
  });
}

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sendJson(response, status, value) {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(value));
}

function sendError(response, status, error) {
  sendJson(response, status, { error });
}
