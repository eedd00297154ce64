import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { basename, join } from "node:path";
import { portOf } from "../freePorts";

/** How the server treats a request for a file: properly, or like a network that fails. */
export type Treatment = "serve" | "break off" | "stall" | "cut short" | 404;

/** A folder over HTTP on 127.0.0.1, in place of Pulumi's own downloads. */
export class DownloadServer {
  /** Names of the files that were asked for, in order. */
  readonly requests: string[] = [];
  /** Chooses the treatment of a file. */
  treat: (file: string) => Treatment = () => "serve";

  private constructor(
    private readonly folder: string,
    private readonly server: Server,
  ) {
    server.on("request", (request: IncomingMessage, response: ServerResponse) =>
      this.answer(basename(request.url ?? ""), response),
    );
  }

  static async start(folder: string): Promise<DownloadServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new DownloadServer(folder, server);
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.server)}`;
  }

  forget(): void {
    this.requests.length = 0;
    this.treat = () => "serve";
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(file: string, response: ServerResponse): void {
    this.requests.push(file);
    const path = join(this.folder, file);
    const treatment = this.treat(file);
    if (treatment === 404 || !existsSync(path)) {
      response.writeHead(404).end("no such file");
      return;
    }
    const { size } = statSync(path);
    if (treatment === "serve") {
      response.writeHead(200, { "content-length": size });
      createReadStream(path).pipe(response);
      return;
    }
    const half = Math.floor(size / 2);
    // Only with a length can a client tell that half of a file is not all of it.
    response.writeHead(200, treatment === "cut short" ? {} : { "content-length": size });
    const part = createReadStream(path, { end: half });
    part.pipe(response, { end: treatment === "cut short" });
    if (treatment === "break off") part.on("end", () => setTimeout(() => response.destroy(), 100));
  }
}
