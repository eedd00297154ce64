import { describe, expect, it } from "vitest";
import {
  buildWebServerConfig,
  contentSecurityPolicy,
  renderWebServerConfig,
  type WebServerOptions,
} from "../../server/renderWebServerConfig";

const options: WebServerOptions = {
  prometheusUrl: "http://prometheus:9090",
  allowedHosts: ["localhost", "[::1]"],
  port: 8080,
};

interface Route {
  readonly match?: readonly Record<string, unknown>[];
  readonly handle: readonly Record<string, unknown>[];
  readonly terminal?: boolean;
}

function routesOf(given: WebServerOptions = options): readonly Route[] {
  const config = buildWebServerConfig(given) as {
    apps: { http: { servers: { board: { routes: Route[] } } } };
  };
  return config.apps.http.servers.board.routes;
}

function pathsOf(given: WebServerOptions = options): string[] {
  return routesOf(given).flatMap(({ match = [], handle }) =>
    handle.some(({ handler }) => handler === "reverse_proxy")
      ? match.flatMap(({ path, path_regexp }) =>
          path === undefined ? [(path_regexp as { pattern: string }).pattern] : (path as string[]),
        )
      : [],
  );
}

describe("the web server's configuration", () => {
  it("passes on exactly these paths of Prometheus", () => {
    expect(pathsOf()).toEqual([
      "/prometheus/api/v1/query",
      "/prometheus/api/v1/query_range",
      "/prometheus/api/v1/labels",
      "/prometheus/api/v1/series",
      "/prometheus/api/v1/targets",
      "/prometheus/api/v1/rules",
      "/prometheus/api/v1/alerts",
      "/prometheus/api/v1/metadata",
      "/prometheus/api/v1/status/config",
      "/prometheus/api/v1/status/flags",
      "/prometheus/api/v1/status/runtimeinfo",
      "/prometheus/api/v1/status/buildinfo",
      "/prometheus/api/v1/status/tsdb",
      "^/prometheus/api/v1/label/([A-Za-z_][A-Za-z0-9_]*)/values$",
    ]);
  });

  it("knows Alertmanager only where it is deployed", () => {
    expect(pathsOf().some((path) => path.includes("alertmanager"))).toBe(false);
    expect(
      pathsOf({ ...options, alertmanagerUrl: "http://alertmanager:9093" }).filter((path) =>
        path.startsWith("/alertmanager"),
      ),
    ).toEqual([
      "/alertmanager/api/v2/alerts",
      "/alertmanager/api/v2/silences",
      "/alertmanager/api/v2/status",
    ]);
  });

  it("writes the upstream path itself, below a path that Prometheus is served at", () => {
    const rewrites = routesOf({ ...options, prometheusUrl: "https://metrics.example/prom/" })
      .flatMap(({ handle }) => handle)
      .filter(({ handler, uri }) => handler === "rewrite" && String(uri).startsWith("/prom"));
    expect(rewrites.map(({ uri }) => uri)).toContain("/prom/api/v1/query?{http.request.uri.query}");
  });

  it("reaches an upstream without a port by its protocol's", () => {
    const text = renderWebServerConfig({ ...options, prometheusUrl: "https://metrics.example" });
    expect(text).toContain('"dial": "metrics.example:443"');
    expect(text).toContain('"tls": {}');
  });

  it("answers health checks, refuses other hosts, then other methods, before anything else", () => {
    const [, health, hosts, methods] = routesOf();
    expect(health?.match).toEqual([{ path: ["/healthz"] }]);
    expect(hosts?.match).toEqual([{ not: [{ host: ["localhost", "::1"] }] }]);
    expect(hosts?.handle[0]).toMatchObject({ status_code: 421 });
    expect(methods?.match).toEqual([{ not: [{ method: ["GET", "HEAD"] }] }]);
    expect(methods?.handle[0]).toMatchObject({ status_code: 405 });
  });

  it("answers 404 to everything else", () => {
    const last = routesOf().at(-1);
    expect(last?.match).toBeUndefined();
    expect(last?.handle).toMatchObject([{ handler: "static_response", status_code: 404 }]);
  });

  it("lets every route but the one that sets headers end the search", () => {
    expect(routesOf().map(({ terminal }) => terminal === true)).toEqual([
      false,
      ...Array.from({ length: routesOf().length - 1 }, () => true),
    ]);
  });

  it("is without an admin API and without certificates", () => {
    expect(buildWebServerConfig(options)).toMatchObject({
      admin: { disabled: true },
      apps: { http: { servers: { board: { automatic_https: { disable: true } } } } },
    });
  });

  it("allows inline styles and no other source than the page's own", () => {
    expect(contentSecurityPolicy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe/);
  });
});
