import { request } from "node:http";
import type { FetchedText, FetchRequest } from "./hostAccess";

// An engine's /metrics is about 100 kB; anything far beyond that is another server.
const bodyLimitBytes = 8 * 1024 * 1024;

/**
 * One HTTP GET, over TCP or a unix socket. Plain `node:http`, because `fetch` cannot use unix sockets and would follow
 * redirects and proxies.
 */
export function fetchTextOverHttp({
  url,
  socketPath,
  timeoutSeconds = 5,
}: FetchRequest): Promise<FetchedText> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    const sent = request(
      url,
      { agent: false, signal, ...(socketPath === undefined ? {} : { socketPath }) },
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
