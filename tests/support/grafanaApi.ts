export interface GrafanaAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

/** Who asks: a user with a password, or a browser with a session. */
export type GrafanaLogin =
  { readonly user: string; readonly password: string } | { readonly cookie: string };

/** Grafana's HTTP API as a script or a browser uses it. */
export class GrafanaApi {
  constructor(
    private readonly url: string,
    private readonly login?: GrafanaLogin,
  ) {}

  as(login: GrafanaLogin): GrafanaApi {
    return new GrafanaApi(this.url, login);
  }

  async get<T = unknown>(path: string): Promise<T> {
    const { status, body } = await this.send("GET", path);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
    return body as T;
  }

  async post<T = unknown>(path: string, content: unknown): Promise<T> {
    const { status, body } = await this.send("POST", path, content);
    if (status !== 200) throw new Error(`POST ${path}: ${status} ${JSON.stringify(body)}`);
    return body as T;
  }

  /** The status alone, for what has to be refused. */
  async readStatus(path: string, method = "GET", content?: unknown): Promise<number> {
    return (await this.send(method, path, content)).status;
  }

  /** Logs in as the form in the browser does. @returns the session's cookie */
  async openSession(user: string, password: string): Promise<string> {
    const { status, headers } = await new GrafanaApi(this.url).send("POST", "/login", {
      user,
      password,
    });
    const [cookie] = headers.getSetCookie().filter((text) => text.startsWith("grafana_session="));
    if (cookie === undefined) throw new Error(`the login form gave no session: ${status}`);
    return cookie.split(";")[0]!;
  }

  private async send(method: string, path: string, content?: unknown): Promise<GrafanaAnswer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { "Content-Type": "application/json", ...this.identify() },
      ...(content !== undefined && { body: JSON.stringify(content) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
    const body: unknown = isJson ? JSON.parse(text) : text;
    return { status: response.status, body, headers: response.headers };
  }

  private identify(): Record<string, string> {
    if (this.login === undefined) return {};
    if ("cookie" in this.login) return { Cookie: this.login.cookie };
    const { user, password } = this.login;
    return { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
  }
}
