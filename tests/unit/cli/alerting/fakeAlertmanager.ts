import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { localDockerHost } from "../../../../host/access/dockerHost";
import type { AlertmanagerPlace } from "../../../../cli/alerting/askAlertmanager";
import type { ListedSilence, Matcher } from "../../../../cli/alerting/silences";

export interface FakeCall {
  readonly call: string;
  readonly body: unknown;
}

/** Alertmanager's and Prometheus' API, as far as the commands about alerts ask. */
export class FakeAlertmanager {
  /** What was asked that changes something. */
  readonly changes: FakeCall[] = [];
  /** Answers by `METHOD path`, without what is behind a question mark; a number is a status. */
  readonly answers: Record<string, (body: unknown) => unknown> = {
    "POST /api/v2/silences": () => ({ silenceID: "new-id" }),
    "GET /api/v2/silences": () => this.silences,
    "POST /api/v2/alerts": () => "",
  };
  silences: ListedSilence[] = [];
  private readonly server: Server = createServer((request, response) => {
    void (async () => {
      const call = `${request.method ?? ""} ${(request.url ?? "").split("?")[0] ?? ""}`;
      const sent = await text(request);
      const body: unknown = sent === "" ? undefined : JSON.parse(sent);
      if (request.method !== "GET") this.changes.push({ call, body });
      const answer = this.answers[call]?.(body) ?? 404;
      if (typeof answer === "number") response.writeHead(answer).end("refused by the fake");
      else response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
    })();
  });

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get place(): AlertmanagerPlace {
    return {
      url: this.url,
      dockerHost: localDockerHost,
      container: "glasshouse-test-alertmanager",
    };
  }

  /** What `openDeployed` answers for a stack with this Alertmanager. */
  get deployed() {
    return {
      stack: "test",
      dockerHost: localDockerHost,
      outputs: {
        prometheusUrl: this.url,
        alertmanagerUrl: this.url,
        appUrls: { shop: [], till: [] },
        scrapeTargets: {},
      },
    };
  }
}

export function buildSilence(id: string, more: Partial<ListedSilence> = {}): ListedSilence {
  return {
    id,
    matchers: [isEqual("app", "shop")],
    startsAt: "2026-11-27T05:00:00.000Z",
    endsAt: "2026-11-27T07:30:00.000Z",
    updatedAt: "2026-11-27T05:00:00.000Z",
    createdBy: "ada",
    comment: "new disks",
    status: { state: "active" },
    ...more,
  };
}

export function isEqual(name: string, value: string): Matcher {
  return { name, value, isRegex: false, isEqual: true };
}
