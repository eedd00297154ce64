// Serves dist/ as the web server does, in as few lines as the tests need: for where no Caddy is at hand.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, request as ask } from "node:http";
import { extname, join, normalize } from "node:path";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".woff2": "font/woff2",
};

/** Content-Security-Policy of server/renderWebServerConfig.ts, which a unit test compares with this one. */
export const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** @returns {Promise<{ url: string, close: () => Promise<void>, setAway: (away: boolean) => void, asked: string[] }>} */
export function serveBoard({ dist, dashboards, prometheusUrl, port = 0 }) {
  let isAway = false;
  const asked = [];
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? "/", "http://localhost");
    response.setHeader("Content-Security-Policy", contentSecurityPolicy);
    if (pathname.startsWith("/prometheus/")) {
      asked.push(pathname + search);
      if (isAway) {
        response.writeHead(502).end();
        return;
      }
      const upstream = ask(
        prometheusUrl + pathname.slice("/prometheus".length) + search,
        { headers: { "accept-encoding": request.headers["accept-encoding"] ?? "identity" } },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        },
      );
      upstream.on("error", () => response.writeHead(502).end());
      upstream.end();
      return;
    }
    const file = findFile(pathname, dist, dashboards);
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader("Content-Type", types[extname(file)] ?? "application/octet-stream");
    if (existsSync(`${file}.gz`)) {
      response.setHeader("Content-Encoding", "gzip");
    }
    createReadStream(existsSync(`${file}.gz`) ? `${file}.gz` : file).pipe(response);
  });
  return new Promise((resolve) => {
    server.listen(port, "127.0.0.1", () =>
      resolve({
        url: `http://127.0.0.1:${server.address().port}`,
        close: () =>
          new Promise((done) => {
            server.closeAllConnections();
            server.close(done);
          }),
        setAway: (away) => {
          isAway = away;
        },
        asked,
      }),
    );
  });
}

function findFile(pathname, dist, dashboards) {
  const isPage = /^\/($|d\/|targets$|alerts$|query$|status$)/.test(pathname);
  const path = normalize(decodeURIComponent(pathname));
  const file = path.startsWith("/dashboards/")
    ? join(dashboards, path.slice("/dashboards/".length))
    : join(dist, isPage ? "index.html" : path);
  return existsSync(file) && statSync(file).isFile() ? file : undefined;
}
