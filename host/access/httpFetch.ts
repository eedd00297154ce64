import { request as requestPlainly, type Agent } from "node:http";
import { request as requestEncrypted } from "node:https";
import type { FetchedText, FetchRequest } from "./hostAccess";

// An engine's /metrics is about 100 kB; anything far beyond that is another server.
const bodyLimitBytes = 8 * 1024 * 1024;

/** How a connection is made, where that is not what the URL says. */
export interface HttpConnection {
  readonly agent?: Agent;
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/**
 * One HTTP GET, over TCP or a unix socket. Plain `node:http`, because `fetch` cannot use unix sockets and would follow
 * redirects and proxies.
 */
export function fetchTextOverHttp(
  { url, socketPath, timeoutSeconds = 5 }: FetchRequest,
  connection: HttpConnection = {},
): Promise<FetchedText> {
  const request = url.startsWith("https:") ? requestEncrypted : requestPlainly;
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    const sent = request(
      url,
      {
        agent: false,
        signal,
        ...connection,
        ...(socketPath === undefined ? {} : { socketPath }),
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
          if (text.length > bodyLimitBytes) sent.destroy(new Error("the answer is far too long"));
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
        response.on("error", reject);
      },
    );
    sent.on("error", (thrown) =>
      reject(signal.aborted ? new Error(`no answer within ${timeoutSeconds} s`) : thrown),
    );
    sent.end();
  });
}
