/** What the web server in front of the page is told. */
export interface WebServerOptions {
  /** Where the web server reaches Prometheus, such as `http://prometheus:9090`. A path is put before the API's. */
  readonly prometheusUrl: string;
  /** The same for Alertmanager; without it `/alertmanager/` does not exist. */
  readonly alertmanagerUrl?: string | undefined;
  /**
   * Names and addresses, without port, by which browsers may call the page. A request with another Host header is
   * refused: a foreign web page whose name was pointed at this machine (DNS rebinding) reads nothing.
   */
  readonly allowedHosts: readonly string[];
  /** Above 1024: the web server is not root. */
  readonly port: number;
  /** Folder of the built files. @default "/srv" */
  readonly siteFolder?: string | undefined;
  /** Folder of `index.json` and the dashboard files. @default "/dashboards" */
  readonly dashboardsFolder?: string | undefined;
}

/**
 * Scripts, fonts and data come from the page's own origin only. Styles may be inline: Grafana's libraries make them
 * while they draw.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Paths below Prometheus' `/api/v1/` that the page reads. None of them changes anything. */
export const prometheusPaths = [
  "query",
  "query_range",
  "labels",
  "series",
  "targets",
  "rules",
  "alerts",
  "metadata",
  "status/config",
  "status/flags",
  "status/runtimeinfo",
  "status/buildinfo",
  "status/tsdb",
] as const;

/** Paths below Alertmanager's `/api/v2/` that the page reads. */
export const alertmanagerPaths = ["alerts", "silences", "status"] as const;

/** Addresses of the page that are no files: `index.html` draws them. */
const pagePaths = ["/", "/d/*", "/targets", "/alerts", "/query", "/status"];

/** Answers under any host name, without asking anything: for health checks. */
export const healthPath = "/healthz";

type Json = Readonly<Record<string, unknown>>;

/**
 * Caddy's configuration in its native JSON, which Caddy 2.6 (Debian's) and later understand. Needs no writable folder,
 * opens no port but `port`, and asks nobody for certificates.
 */
export function renderWebServerConfig(options: WebServerOptions): string {
  return `${JSON.stringify(buildWebServerConfig(options), null, 2)}\n`;
}

export function buildWebServerConfig({
  prometheusUrl,
  alertmanagerUrl,
  allowedHosts,
  port,
  siteFolder = "/srv",
  dashboardsFolder = "/dashboards",
}: WebServerOptions): Json {
  return {
    admin: { disabled: true, config: { persist: false } },
    logging: { logs: { default: { level: "WARN" } } },
    // Nothing is stored; the default folder would be below a home that this user lacks.
    storage: { module: "file_system", root: "/tmp/caddy" },
    apps: {
      http: {
        // A container is told to stop and has ten seconds.
        grace_period: "5s",
        servers: {
          board: {
            listen: [`:${port}`],
            automatic_https: { disable: true },
            // HTTP/2 and 3 need certificates; h2c would be one more protocol to guard.
            protocols: ["h1"],
            read_header_timeout: "10s",
            read_timeout: "30s",
            write_timeout: "120s",
            idle_timeout: "120s",
            max_header_bytes: 32_768,
            routes: buildRoutes({
              prometheusUrl,
              alertmanagerUrl,
              allowedHosts,
              siteFolder,
              dashboardsFolder,
            }),
          },
        },
      },
    },
  };
}

interface RouteOptions {
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string | undefined;
  readonly allowedHosts: readonly string[];
  readonly siteFolder: string;
  readonly dashboardsFolder: string;
}

/** The first terminal route that fits answers. */
function buildRoutes(options: RouteOptions): Json[] {
  const { prometheusUrl, alertmanagerUrl, allowedHosts, siteFolder, dashboardsFolder } = options;
  return [
    { handle: [securityHeaders, { handler: "request_body", max_size: 1024 }] },
    route([{ path: [healthPath] }], { handler: "static_response", status_code: 200, body: "ok\n" }),
    route(
      [{ not: [{ host: allowedHosts.map(withoutBrackets) }] }],
      refuse(421, "This host name is not allowed."),
    ),
    route([{ not: [{ method: ["GET", "HEAD"] }] }], {
      ...refuse(405, "Only GET is allowed."),
      headers: { Allow: ["GET, HEAD"] },
    }),
    ...apiRoutes("/prometheus/api/v1", "/api/v1", prometheusUrl, prometheusPaths),
    route(
      [
        {
          path_regexp: {
            name: "label",
            pattern: "^/prometheus/api/v1/label/([A-Za-z_][A-Za-z0-9_]*)/values$",
          },
        },
      ],
      rewriteTo(prometheusUrl, "/api/v1/label/{http.regexp.label.1}/values"),
      proxyTo(prometheusUrl),
    ),
    ...(alertmanagerUrl === undefined
      ? []
      : apiRoutes("/alertmanager/api/v2", "/api/v2", alertmanagerUrl, alertmanagerPaths)),
    route(
      [{ path: ["/dashboards/*.json"] }],
      setHeader("Cache-Control", "no-cache"),
      { handler: "rewrite", strip_path_prefix: "/dashboards" },
      { handler: "encode", encodings: { gzip: {}, zstd: {} }, prefer: ["zstd", "gzip"] },
      { handler: "file_server", root: dashboardsFolder },
    ),
    // Their names hold a hash of what is in them.
    route(
      // A file that is not there yet must not be kept as missing for a year.
      [{ path: ["/assets/*.*"], file: { root: siteFolder } }],
      setHeader("Cache-Control", "public, max-age=31536000, immutable"),
      serveFiles(siteFolder),
    ),
    route(
      [{ path: ["/build/img/icons/*", "/favicon.svg"], file: { root: siteFolder } }],
      setHeader("Cache-Control", "public, max-age=86400"),
      serveFiles(siteFolder),
    ),
    route(
      [{ path: pagePaths }],
      setHeader("Cache-Control", "no-cache"),
      { handler: "rewrite", uri: "/index.html" },
      serveFiles(siteFolder),
    ),
    route([], refuse(404, "Not found.")),
  ];
}

/**
 * One route a path, each with an upstream path of its own: nothing of the path that a client sends reaches the server
 * behind, however it is spelled. Other sites may link to the page, but not load from the API.
 */
function apiRoutes(from: string, to: string, upstream: string, paths: readonly string[]): Json[] {
  return [
    route(
      [{ path: [`${from}/*`], header: { "Sec-Fetch-Site": ["cross-site", "same-site"] } }],
      refuse(403, "Other sites may not ask."),
    ),
    ...paths.map((path) =>
      route(
        [{ path: [`${from}/${path}`] }],
        rewriteTo(upstream, `${to}/${path}`),
        proxyTo(upstream),
      ),
    ),
  ];
}

function route(match: readonly Json[], ...handle: readonly Json[]): Json {
  return { ...(match.length === 0 ? {} : { match }), handle, terminal: true };
}

function refuse(status: number, body: string): Json {
  return { handler: "static_response", status_code: status, body: `${body}\n` };
}

function setHeader(name: string, value: string): Json {
  return { handler: "headers", response: { set: { [name]: [value] } } };
}

const securityHeaders: Json = {
  handler: "headers",
  response: {
    // What a proxied server says of itself, or what a refusal lacks, is replaced when the answer goes out.
    deferred: true,
    set: {
      "Content-Security-Policy": [contentSecurityPolicy],
      "X-Content-Type-Options": ["nosniff"],
      "X-Frame-Options": ["DENY"],
      "Referrer-Policy": ["no-referrer"],
      "Cross-Origin-Resource-Policy": ["same-origin"],
      "Permissions-Policy": ["camera=(), geolocation=(), microphone=(), payment=(), usb=()"],
    },
    delete: ["Server", "Access-Control-Allow-Origin"],
  },
};

function serveFiles(root: string): Json {
  return {
    handler: "file_server",
    root,
    precompressed: { br: {}, gzip: {} },
    precompressed_order: ["br", "gzip"],
  };
}

function rewriteTo(upstream: string, path: string): Json {
  const { pathname } = new URL(upstream);
  const prefix = pathname.replace(/\/$/, "");
  return { handler: "rewrite", uri: `${prefix}${path}?{http.request.uri.query}` };
}

function proxyTo(upstream: string): Json {
  const { protocol, hostname, port } = new URL(upstream);
  const isTls = protocol === "https:";
  return {
    handler: "reverse_proxy",
    upstreams: [{ dial: `${hostname}:${port === "" ? (isTls ? "443" : "80") : port}` }],
    headers: {
      request: {
        set: { Host: ["{http.reverse_proxy.upstream.hostport}"] },
        // None of a visitor's secrets for other pages of this host.
        delete: ["Cookie", "Authorization", "Origin", "Referer"],
      },
      response: {
        set: { "Cache-Control": ["no-store"] },
        delete: ["Set-Cookie", "Access-Control-Allow-Origin", "Server"],
      },
    },
    transport: {
      protocol: "http",
      ...(isTls ? { tls: {} } : {}),
      dial_timeout: "5s",
      response_header_timeout: "60s",
      max_response_header_size: 65_536,
      // A page asks for its visible panels at once; more wait their turn.
      max_conns_per_host: 40,
      keep_alive: { idle_timeout: "60s", max_idle_conns_per_host: 20 },
    },
  };
}

/** Caddy compares IPv6 addresses without their brackets. */
function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}
