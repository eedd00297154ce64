/**
 * Attacks the proxy of the engine's API as a container on discovery's network could, over raw sockets: no client library
 * tidies a request up. Prints what was let through and ends with 1 if anything was.
 * usage: attackDockerApi.ts <address of the proxy> <port> <name or id of a container>
 */
import { connect } from "node:net";

interface Attack {
  readonly name: string;
  /** The whole request, as it is sent. */
  readonly request: string;
}

const [host = "127.0.0.1", port = "2375", container = "victim"] = process.argv.slice(2);
const refusals = [400, 403, 405, 408, 413, 414, 431, 501];
const answerTimeoutMilliseconds = 8000;

const line = (method: string, target: string, ...headers: string[]) =>
  [`${method} ${target} HTTP/1.1`, "Host: docker", "Connection: close", ...headers, "", ""].join(
    "\r\n",
  );
const withBody = (method: string, target: string, body: string, ...headers: string[]) =>
  line(
    method,
    target,
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
    ...headers,
  ) + body;
const get = (name: string, target: string, ...headers: string[]): Attack => ({
  name,
  request: line("GET", target, ...headers),
});
const raw = (name: string, request: string): Attack => ({ name, request });

const id = container;
const create = JSON.stringify({ Image: "x", HostConfig: { Binds: ["/:/host"], Privileged: true } });

const allowed: readonly Attack[] = [
  raw("HEAD /_ping", line("HEAD", "/_ping")),
  get("GET /_ping", "/_ping"),
  get("GET /v1.41/_ping", "/v1.41/_ping"),
  get("list of containers", "/v1.41/containers/json"),
  get("list without a version", "/containers/json"),
  get("list of networks", "/v1.41/networks"),
];

const reads = [
  `/containers/${id}/json`,
  `/containers/${id}/json?size=1`,
  `/containers/${id}/logs?stdout=1`,
  `/containers/${id}/top`,
  `/containers/${id}/stats?stream=0`,
  `/containers/${id}/changes`,
  `/containers/${id}/export`,
  `/containers/${id}/archive?path=/etc/passwd`,
  `/containers/${id}/attach/ws?logs=1`,
  "/info",
  "/version",
  "/events?until=1",
  "/images/json",
  "/images/x/json",
  "/images/x/history",
  "/images/x/get",
  "/images/search?term=x",
  "/volumes",
  "/networks/bridge",
  "/containers/json?all=1",
  "/containers/json?size=1",
  "/containers/json?filters=%7B%22network%22%3A%7B%22x%22%3Atrue%7D%7D",
  "/system/df",
  "/secrets",
  "/configs",
  "/services",
  "/tasks",
  "/nodes",
  "/swarm",
  "/plugins",
  "/distribution/x/json",
  "/exec/x/json",
  "/session",
  "/grpc",
  "/",
  "/debug/pprof/",
  "/metrics",
];

const changes: readonly Attack[] = [
  raw("create", withBody("POST", "/v1.41/containers/create?name=own", create)),
  ...[
    "start",
    "stop",
    "restart",
    "kill",
    "pause",
    "unpause",
    "wait",
    "resize?h=1&w=1",
    "rename?name=x",
    "attach?stream=1",
  ].map((verb) => raw(verb, withBody("POST", `/v1.41/containers/${id}/${verb}`, ""))),
  raw(
    "exec",
    withBody("POST", `/v1.41/containers/${id}/exec`, '{"Cmd":["id"],"AttachStdout":true}'),
  ),
  raw("start of an exec", withBody("POST", "/v1.41/exec/x/start", "{}")),
  raw(
    "update",
    withBody("POST", `/v1.41/containers/${id}/update`, '{"RestartPolicy":{"Name":"no"}}'),
  ),
  raw("archive, written", withBody("PUT", `/v1.41/containers/${id}/archive?path=/`, "x")),
  raw("archive, asked for", line("HEAD", `/v1.41/containers/${id}/archive?path=/etc/passwd`)),
  raw("removal", line("DELETE", `/v1.41/containers/${id}?force=1`)),
  raw("commit", withBody("POST", `/v1.41/commit?container=${id}`, "{}")),
  raw("build", withBody("POST", "/v1.41/build", "x")),
  raw("pull", withBody("POST", "/v1.41/images/create?fromImage=x", "")),
  raw("image load", withBody("POST", "/v1.41/images/load", "x")),
  raw("prune", withBody("POST", "/v1.41/containers/prune", "")),
  raw("new network", withBody("POST", "/v1.41/networks/create", '{"Name":"x"}')),
  raw(
    "network connect",
    withBody("POST", "/v1.41/networks/bridge/connect", `{"Container":"${id}"}`),
  ),
  raw("removal of a network", line("DELETE", "/v1.41/networks/x")),
  raw("new volume", withBody("POST", "/v1.41/volumes/create", "{}")),
  raw("plugin", withBody("POST", "/v1.41/plugins/pull?remote=x", "[]")),
  raw("swarm", withBody("POST", "/v1.41/swarm/init", "{}")),
  raw("credentials", withBody("POST", "/v1.41/auth", "{}")),
];

const inspect = `/v1.41/containers/${id}/json`;
const disguises: readonly Attack[] = [
  ...[
    `//v1.41/containers/${id}/json`,
    `/v1.41//containers/${id}/json`,
    `/v1.41/containers//${id}/json`,
    `/./v1.41/containers/${id}/json`,
    `/v1.41/./containers/${id}/json`,
    `/v1.41/containers/./${id}/json`,
    `/v1.41/containers/json/../${id}/json`,
    `/v1.41/networks/../containers/${id}/json`,
    `/_ping/../containers/${id}/json`,
    `/v1.41/containers/${id}/../json/../${id}/json`,
    `/v1.41/containers/json%2f..%2f${id}%2fjson`,
    `/v1.41/containers/json/%2e%2e/${id}/json`,
    `/v1.41/containers/${id}%2fjson`,
    `/v1.41/%63ontainers/${id}/json`,
    `/v1.41/containers/json%00/../${id}/json`,
    `/v1.41/containers/json%0d%0aX:%20y`,
    `/v1.41/containers/json\\..\\${id}\\json`,
    `/v1.41/containers/json;/../${id}/json`,
    `/v1.41/containers/json/`,
    `/v1.41/containers/json#/../${id}/json`,
    `/v1.41/containers/json?/../../${id}/json`,
    `/v1.41/containers/json?x=1#/../${id}/json`,
    `/v1.41/containers/json&x=/${id}/json`,
    `/v1.41/containers/json?filters={"id":["${id}"]}`,
    `/v1.41/containers/json?size=1;all=1`,
    `/V1.41/containers/json`,
    `/v1.41/CONTAINERS/json`,
    `/v9999.1/containers/json`,
    `/v1.41.1/containers/json`,
    `/v1.41/v1.41/containers/json`,
    `/v1.41/../containers/${id}/json`,
    `/v1.41/networks/bridge`,
    `/v1.41/networks?verbose=/../x`,
    `/v1.41/networks/`,
    `/v1.41/_ping/`,
    `/_ping/${id}`,
    `/_ping?/../containers/${id}/json`,
    `/../containers/${id}/json`,
    `containers/json`,
    `http://docker/v1.41/containers/${id}/json`,
    "http://docker/v1.41/containers/json",
    `http://docker@x/v1.41/containers/json/../${id}/json`,
    `unix:///var/run/docker.sock`,
    "*",
    `docker:2375`,
    `/containers/json ${inspect}`,
  ].map((target) => get(`path ${target}`, target)),
  ...["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"].map((header) =>
    raw(`${header}: POST`, withBody("GET", "/v1.41/containers/create", create, `${header}: POST`)),
  ),
  ...["X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Prefix"].map((header) =>
    get(`${header} on a refused path`, "/v1.41/info", `${header}: /_ping`),
  ),
  ...[
    "TRACE",
    "OPTIONS",
    "PATCH",
    "PUT",
    "POST",
    "DELETE",
    "CONNECT",
    "PROPFIND",
    "get",
    "G\u0000T",
    "PRI",
  ].map((method) => raw(`${method} on an allowed path`, line(method, "/v1.41/containers/json"))),
  raw("CONNECT to the engine", "CONNECT docker:2375 HTTP/1.1\r\nHost: docker:2375\r\n\r\n"),
  get("upgrade to TCP", "/v1.41/containers/json", "Upgrade: tcp", "Connection: Upgrade"),
  get(
    "upgrade to a websocket",
    `/v1.41/containers/${id}/attach/ws`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: eA==",
  ),
  raw(
    "HTTP/2 at once",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000",
  ),
  raw("PROXY protocol", `PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n${line("GET", inspect)}`),
  raw("TLS", "\u0016\u0003\u0001\u0000\u0005hello"),
  raw("HTTP/0.9", `GET ${inspect}\r\n\r\n`),
  raw("HTTP/1.0", `GET ${inspect} HTTP/1.0\r\n\r\n`),
  raw("HTTP/1.2 with a body", `GET /_ping HTTP/1.2\r\nHost: x\r\nContent-Length: 4\r\n\r\nGET `),
  raw("no version", `GET ${inspect} HTTP\r\n\r\n`),
  raw("two hosts", `GET ${inspect} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`),
  raw(
    "two lengths",
    `GET /_ping HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\nHello`,
  ),
  raw("folded header", `GET ${inspect} HTTP/1.1\r\nHost: a\r\n b\r\n\r\n`),
  raw(
    "space before the colon",
    `GET /_ping HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nHello`,
  ),
  raw("bare line feeds", `GET ${inspect} HTTP/1.1\nHost: a\n\n`),
  raw("bare carriage return", `GET ${inspect} HTTP/1.1\rHost: a\r\r`),
  raw("tab in the request line", `GET\t${inspect}\tHTTP/1.1\r\nHost: a\r\n\r\n`),
  raw("long URL", line("GET", `/containers/json?${"a".repeat(20_000)}`)),
  raw("long header", line("GET", "/_ping", `X: ${"a".repeat(20_000)}`)),
  raw(
    "many headers",
    line("GET", "/_ping", ...Array.from({ length: 300 }, (_, index) => `X-${index}: x`)),
  ),
  raw("body with GET", withBody("GET", "/v1.41/containers/json", create)),
  raw(
    "chunked body with GET",
    line("GET", "/v1.41/containers/json", "Transfer-Encoding: chunked") + "1\r\nx\r\n0\r\n\r\n",
  ),
];

/** A request hidden behind an allowed one: the allowed one may be answered, the hidden one must not be. */
const smuggled = line("GET", inspect);
const smuggling: readonly Attack[] = [
  // HAProxy takes this one header away by itself, so that it is a plain request.
  get(
    "upgrade to HTTP/2",
    "/v1.41/containers/json",
    "Upgrade: h2c",
    "Connection: Upgrade, HTTP2-Settings",
    "HTTP2-Settings: AAMAAABk",
  ),
  raw(
    "length 0 and chunks",
    `GET /_ping HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  ),
  raw(
    "chunks, spelled oddly",
    `GET /_ping HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`,
  ),
  raw(
    "chunks behind a tab",
    `GET /_ping HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n${smuggled}`,
  ),
  raw(
    "body that is a request",
    `GET /_ping HTTP/1.1\r\nHost: a\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
  ),
  raw("pipelined inspect", `GET /_ping HTTP/1.1\r\nHost: a\r\n\r\n${smuggled}`),
  raw("pipelined behind HEAD", `HEAD /_ping HTTP/1.1\r\nHost: a\r\n\r\n${smuggled}`),
  raw("line break in a header", `GET /_ping HTTP/1.1\r\nHost: a\r\nX: a\n\n${smuggled}`),
  raw("negative length", `GET /_ping HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n${smuggled}`),
  raw(
    "length with a sign",
    `GET /_ping HTTP/1.1\r\nHost: a\r\nContent-Length: +${smuggled.length}\r\n\r\n${smuggled}`,
  ),
];

const attacks = [
  ...reads.flatMap((target) => [
    get(`GET ${target}`, target),
    get(`GET /v1.41${target}`, `/v1.41${target}`),
  ]),
  ...changes,
  ...disguises,
];

function send(request: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(port), host);
    const chunks: Buffer[] = [];
    const finish = () => {
      socket.destroy();
      resolve(Buffer.concat(chunks).toString("latin1"));
    };
    socket.setTimeout(answerTimeoutMilliseconds, finish);
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", finish);
    socket.on("close", finish);
    socket.write(request, "latin1");
  });
}

/** Every status line in what came back: a hidden request shows as a second one. */
const readStatuses = (answer: string) =>
  [...answer.matchAll(/^HTTP\/[\d.]+ (\d{3})/gm)].map(([, status]) => Number(status));
/** What only the engine says. */
const isFromEngine = (answer: string) => /^(Api-Version|Server: Docker|Ostype):?/im.test(answer);

async function main(): Promise<void> {
  const failures: string[] = [];
  for (const { name, request } of allowed) {
    const answer = await send(request);
    if (readStatuses(answer)[0] !== 200)
      failures.push(`refused, but needed: ${name}: ${answer.slice(0, 80)}`);
  }
  for (const { name, request } of attacks) {
    const answer = await send(request);
    const statuses = readStatuses(answer);
    const isRefused =
      statuses.every((status) => refusals.includes(status)) && !isFromEngine(answer);
    if (!isRefused) failures.push(`let through: ${name}: ${answer.slice(0, 120)}`);
  }
  for (const { name, request } of smuggling) {
    const answer = await send(request);
    const [first, ...others] = readStatuses(answer);
    const isRefused =
      others.every((status) => refusals.includes(status)) &&
      !answer.includes('"Config"') &&
      !answer.includes('"Env"');
    if (!isRefused || first === 101)
      failures.push(`smuggled: ${name}: ${String(first)} ${others.join(" ")}`);
  }
  for (const failure of failures) console.log(failure);
  console.log(
    `${allowed.length} needed requests, ${attacks.length + smuggling.length} attacks, ${failures.length} failures`,
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
}

void main();
