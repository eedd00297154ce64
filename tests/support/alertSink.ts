import { waitUntil } from "./waitUntil";

/** What a receiver got. */
export interface SunkMessage {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Path of the request; `smtp` for a mail. */
  readonly path: string;
  readonly authorization: string;
  readonly body: string;
}

/** What Alertmanager's own document says, as far as it is looked at. */
export interface WebhookDocument {
  readonly status: "firing" | "resolved";
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly alerts: readonly {
    readonly status: "firing" | "resolved";
    readonly labels: Readonly<Record<string, string>>;
  }[];
}

/** The receivers of `tests/support/apps/sink`, as a test looks into them. */
export class AlertSink {
  constructor(private readonly port: number) {}

  /** Messages, oldest first. */
  async read(isMeant: (message: SunkMessage) => boolean = () => true): Promise<SunkMessage[]> {
    const response = await fetch(`http://127.0.0.1:${this.port}/messages`, {
      signal: AbortSignal.timeout(10_000),
    });
    const messages = (await response.json()) as SunkMessage[];
    return messages
      .map(({ at, path, authorization, body }) => ({
        at: at * 1000,
        path: decode(path),
        authorization: decode(authorization),
        body: decode(body),
      }))
      .filter(isMeant);
  }

  /** Documents that came to a webhook, of the alerts about an app, or about none. */
  async readDocuments(
    path: string,
    app: string | undefined,
  ): Promise<(WebhookDocument & { at: number })[]> {
    return (await this.read((message) => message.path === path))
      .map(({ at, body }) => ({ at, ...(JSON.parse(body) as WebhookDocument) }))
      .filter(({ groupLabels }) => groupLabels["app"] === app);
  }

  /** Waits until a webhook was told so often of an app; more messages than that are the test's to find. */
  async waitForDocuments(path: string, app: string, count: number) {
    return waitUntil(
      `${count} messages about ${app} at ${path}`,
      () => this.readDocuments(path, app),
      (documents) => documents.length >= count,
      120,
    );
  }
}

function decode(hexadecimal: string): string {
  return Buffer.from(hexadecimal, "hex").toString("utf8");
}
