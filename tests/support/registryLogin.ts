import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import { closeServer, portOf } from "./freePorts";

/** How a registry asks for a log-in: with each request, or once for a token. */
export type LoginKind = "basic" | "bearer";

/** A door before an image registry on loopback that lets nobody in without a user name and a password. */
export class RegistryLogin {
  kind: LoginKind = "basic";
  /** How many requests were let through, by what they showed. */
  readonly letIn: Record<LoginKind, number> = { basic: 0, bearer: 0 };
  private readonly token = `token-${Math.random().toString(36).slice(2)}`;
  private readonly server: Server;

  private constructor(
    private readonly registryHost: string,
    private readonly user: { readonly name: string; readonly password: string },
  ) {
    this.server = createServer((asked, response) => this.answer(asked, response));
  }

  static async start(
    registryHost: string,
    user: { readonly name: string; readonly password: string },
  ): Promise<RegistryLogin> {
    const login = new RegistryLogin(registryHost, user);
    await new Promise<void>((resolve) => login.server.listen(0, "127.0.0.1", resolve));
    return login;
  }

  /** What stands before the first slash of an image's name. */
  get host(): string {
    return `127.0.0.1:${portOf(this.server)}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await closeServer(this.server);
  }

  private answer(asked: IncomingMessage, response: ServerResponse): void {
    const shown = asked.headers.authorization ?? "";
    const knowsPassword = shown === `Basic ${this.encodeUser()}`;
    if (asked.url?.startsWith("/token") === true) {
      if (!knowsPassword) {
        this.refuse(response, 'Basic realm="test"');
        return;
      }
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ token: this.token }));
      return;
    }
    if (this.kind === "basic" && !knowsPassword) {
      this.refuse(response, 'Basic realm="test"');
      return;
    }
    if (this.kind === "bearer" && shown !== `Bearer ${this.token}`) {
      this.refuse(response, `Bearer realm="http://${this.host}/token",service="test"`);
      return;
    }
    this.letIn[this.kind] += 1;
    this.forward(asked, response);
  }

  private encodeUser(): string {
    return Buffer.from(`${this.user.name}:${this.user.password}`).toString("base64");
  }

  /** @see https://distribution.github.io/distribution/spec/auth/token/ */
  private refuse(response: ServerResponse, challenge: string): void {
    const body = { errors: [{ code: "UNAUTHORIZED", message: "authentication required" }] };
    response
      .writeHead(401, { "www-authenticate": challenge, "content-type": "application/json" })
      .end(JSON.stringify(body));
  }

  private forward(asked: IncomingMessage, response: ServerResponse): void {
    const { authorization: _, ...headers } = asked.headers;
    const url = `http://${this.registryHost}${asked.url ?? "/"}`;
    const forwarded = request(url, { method: asked.method ?? "GET", headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.on("error", () => response.destroy());
    asked.pipe(forwarded);
  }
}
