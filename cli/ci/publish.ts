import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { renderDrift, type StackDrift } from "./report/renderDrift";
import { callersFolder } from "../backup/callersFolder";
import { SetupError } from "../setupError";
import { GitHubApi } from "./githubApi";

interface Posted {
  readonly id: number;
  readonly number: number;
  readonly body?: string | null;
  readonly user?: { readonly type?: string } | null;
  readonly pull_request?: object;
}

const issueTitle = "What runs is not what was deployed";

/** Posts a report as a comment on a pull request, or brings the one that was posted before up to date. */
export async function ciComment(options: {
  readonly from: string | undefined;
  /** Keeps the comments of several stacks apart. */
  readonly stack: string | undefined;
}): Promise<void> {
  const text = readInput(options.from);
  const api = GitHubApi.fromEnvironment();
  const marker = renderMarker(`preview ${options.stack ?? "all"}`);
  const comments = `/issues/${readPullRequest()}/comments`;
  const own = (await api.list<Posted>(comments)).find((comment) => isOwn(comment, marker));
  const body = { body: `${marker}\n${text}` };
  if (own === undefined) await api.send("POST", comments, body);
  else await api.send("PATCH", `/issues/comments/${own.id}`, body);
}

/** Opens one issue about what differs, brings it up to date as long as it is open, and closes it when nothing differs. */
export async function ciIssue(options: { readonly from: string | undefined }): Promise<void> {
  const { stacks } = readDrift(readInput(options.from));
  const api = GitHubApi.fromEnvironment();
  const marker = renderMarker("drift");
  const open = (await api.list<Posted>("/issues?state=open")).find(
    (issue) => issue.pull_request === undefined && isOwn(issue, marker),
  );
  const body = `${marker}\n${renderDrift(stacks)}`;
  if (stacks.some(({ findings }) => findings.length > 0)) {
    if (open === undefined) await api.send("POST", "/issues", { title: issueTitle, body });
    else await api.send("PATCH", `/issues/${open.number}`, { body });
  } else if (open !== undefined) {
    await api.send("PATCH", `/issues/${open.number}`, { body, state: "closed" });
  }
}

/** An HTML comment, which is not shown: it marks what the last run posted. */
function renderMarker(purpose: string): string {
  return `<!-- glasshouse ${purpose.replaceAll(/[^\w ./-]|--/g, "_")} -->`;
}

/** Only a bot's: a person could have copied the marker. */
function isOwn({ body, user }: Posted, marker: string): boolean {
  return user?.type === "Bot" && body?.startsWith(marker) === true;
}

function readInput(from: string | undefined): string {
  if (from === undefined) throw new SetupError("--from names the file to post.");
  const path = resolve(callersFolder(), from);
  if (!existsSync(path)) throw new SetupError(`There is no ${path} to post.`);
  return readFileSync(path, "utf8");
}

function readDrift(text: string): { stacks: readonly StackDrift[] } {
  try {
    const { stacks } = JSON.parse(text) as { stacks?: readonly StackDrift[] };
    if (Array.isArray(stacks)) return { stacks: stacks as readonly StackDrift[] };
  } catch {
    // Told below, like JSON of another kind.
  }
  throw new SetupError(
    "--from must name what `npm run ci:drift -- --json --to <file>` has written.",
  );
}

/** @see https://docs.github.com/webhooks/webhook-events-and-payloads#pull_request */
function readPullRequest(): number {
  const path = process.env["GITHUB_EVENT_PATH"];
  const event = path === undefined ? {} : (JSON.parse(readFileSync(path, "utf8")) as object);
  const { pull_request: pullRequest } = event as { pull_request?: { number?: number } };
  if (typeof pullRequest?.number === "number") return pullRequest.number;
  throw new SetupError("This job does not run for a pull request, so there is none to comment on.");
}
