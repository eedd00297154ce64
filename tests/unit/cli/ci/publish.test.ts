import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ciComment, ciIssue } from "../../../../cli/ci/publish";

interface Entry {
  readonly id: number;
  readonly number: number;
  readonly body: string;
  readonly state?: string;
  readonly user: { readonly type: string };
}

const bot = { type: "Bot" };
const foreign = { id: 1, number: 1, user: { type: "User" } };

/** GitHub as far as it is used: lists in pages, and notes down what is written. */
class FakeGitHub {
  entries: Entry[] = [];
  status = 200;
  readonly writes: [method: string, path: string, body: Record<string, string>][] = [];
  readonly tokens = new Set<string | undefined>();
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      const url = new URL(request.url ?? "", "http://localhost");
      this.tokens.add(request.headers.authorization);
      let text = "";
      request.on("data", (data: Buffer) => (text += data.toString()));
      request.on("end", () => {
        response.statusCode = this.status;
        if (this.status !== 200) return response.end('{"message":"Resource not accessible"}');
        if (request.method !== "GET") {
          const body = JSON.parse(text) as Record<string, string>;
          this.writes.push([request.method ?? "", url.pathname, body]);
          return response.end("{}");
        }
        const size = Number(url.searchParams.get("per_page"));
        const first = (Number(url.searchParams.get("page")) - 1) * size;
        return response.end(JSON.stringify(this.entries.slice(first, first + size)));
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe("what is posted on GitHub", () => {
  const before = { ...process.env };
  let folder: string;
  let github: FakeGitHub;
  let file: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "glasshouse-publish-"));
    file = join(folder, "text");
    github = new FakeGitHub();
    writeFileSync(join(folder, "event.json"), JSON.stringify({ pull_request: { number: 7 } }));
    Object.assign(process.env, {
      GITHUB_API_URL: await github.start(),
      GITHUB_REPOSITORY: "team/stack",
      GITHUB_TOKEN: "a test's",
      GITHUB_EVENT_PATH: join(folder, "event.json"),
    });
  });

  afterEach(async () => {
    process.env = { ...before };
    await github.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const marker = "<!-- glasshouse preview dev -->";
  const comment = () => ciComment({ from: file, stack: "dev" });

  it("is a new comment the first time, with a mark of the stack", async () => {
    writeFileSync(file, "### `dev`: nothing to do\n");
    await comment();
    expect(github.writes).toStrictEqual([
      [
        "POST",
        "/repos/team/stack/issues/7/comments",
        { body: `${marker}\n### \`dev\`: nothing to do\n` },
      ],
    ]);
    expect([...github.tokens]).toStrictEqual(["Bearer a test's"]);
  });

  it("is the same comment again, also behind a hundred others and a person's copy of the mark", async () => {
    const others = Array.from({ length: 150 }, () => ({ ...foreign, body: `${marker} mine` }));
    const other = { id: 8, number: 8, user: bot, body: "<!-- glasshouse preview prod -->\nx" };
    github.entries = [...others, other, { id: 9, number: 9, user: bot, body: `${marker}\nold` }];
    writeFileSync(file, "new");
    await comment();
    expect(github.writes).toStrictEqual([
      ["PATCH", "/repos/team/stack/issues/comments/9", { body: `${marker}\nnew` }],
    ]);
  });

  it("says which permission is missing", async () => {
    github.status = 403;
    writeFileSync(file, "new");
    await expect(comment()).rejects.toThrow(/403 Resource not accessible.*pull-requests: write/);
  });

  it.each([
    ["GITHUB_TOKEN", /runs in a job of GitHub Actions/],
    ["GITHUB_EVENT_PATH", /does not run for a pull request/],
  ])("needs %s", async (name, message) => {
    writeFileSync(file, "new");
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a variable that is set to undefined is a text
    delete process.env[name];
    await expect(comment()).rejects.toThrow(message);
    await expect(ciComment({ from: join(folder, "none"), stack: "dev" })).rejects.toThrow(
      "There is no",
    );
  });

  const finding = { subject: "shop", problem: "shop-1 was paused", fix: "docker unpause shop-1" };
  const writeDrift = (...findings: object[]) =>
    writeFileSync(file, JSON.stringify({ version: 1, stacks: [{ stack: "dev", findings }] }));
  const issue = { id: 5, number: 3, user: bot, body: "<!-- glasshouse drift -->\nold" };

  it("is one issue about drift: opened, brought up to date, closed", async () => {
    writeDrift(finding);
    await ciIssue({ from: file });
    github.entries = [{ ...foreign, body: issue.body }, issue];
    await ciIssue({ from: file });
    writeDrift();
    await ciIssue({ from: file });
    github.entries = [];
    await ciIssue({ from: file });
    expect(
      github.writes.map(([method, path, { state, title }]) => [method, path, state, title]),
    ).toStrictEqual([
      ["POST", "/repos/team/stack/issues", undefined, "What runs is not what was deployed"],
      ["PATCH", "/repos/team/stack/issues/3", undefined, undefined],
      ["PATCH", "/repos/team/stack/issues/3", "closed", undefined],
    ]);
    expect(github.writes[0]?.[2]["body"]).toContain("- `shop`: shop-1 was paused");
  });

  it("takes nothing but what ci:drift has written for drift", async () => {
    writeFileSync(file, "### text");
    await expect(ciIssue({ from: file })).rejects.toThrow("npm run ci:drift -- --json");
  });
});
