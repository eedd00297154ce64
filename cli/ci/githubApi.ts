import { SetupError } from "../setupError";

const pageSize = 100;

/** GitHub's REST API of one repository, as a job of GitHub Actions reaches it. */
export class GitHubApi {
  private constructor(
    private readonly repositoryUrl: string,
    private readonly token: string,
  ) {}

  /**
   * @throws SetupError outside of GitHub Actions, and in a job that was given no token
   * @see https://docs.github.com/actions/reference/workflows-and-actions/variables
   */
  static fromEnvironment(env: NodeJS.ProcessEnv = process.env): GitHubApi {
    const repository = env["GITHUB_REPOSITORY"] ?? "";
    const token = env["GITHUB_TOKEN"] ?? "";
    if (repository === "" || token === "") {
      throw new SetupError(
        "GITHUB_REPOSITORY and GITHUB_TOKEN are not set: this command runs in a job of GitHub Actions, with `GITHUB_TOKEN: ${{ github.token }}` in its `env`.",
      );
    }
    const base = env["GITHUB_API_URL"] ?? "https://api.github.com";
    return new GitHubApi(`${base}/repos/${repository}`, token);
  }

  /** Every entry of a list, page by page. */
  async list<T>(path: string): Promise<T[]> {
    const entries: T[] = [];
    for (let page = 1; ; page += 1) {
      const separator = path.includes("?") ? "&" : "?";
      const query = `${path}${separator}per_page=${pageSize}&page=${page}`;
      const found = (await this.request("GET", query)) as T[];
      entries.push(...found);
      if (found.length < pageSize) return entries;
    }
  }

  async send(method: "POST" | "PATCH", path: string, body: object): Promise<unknown> {
    return this.request(method, path, body);
  }

  private async request(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.repositoryUrl}${path}`, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${this.token}`,
        "x-github-api-version": "2022-11-28",
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    if (response.ok) return response.json();
    const { message = "" } = (await response.json().catch(() => ({}))) as { message?: string };
    const hint =
      response.status === 403
        ? " The job needs `permissions: pull-requests: write` for comments and `issues: write` for issues; pull requests from forks never get them."
        : "";
    throw new SetupError(`GitHub refused ${method} ${path}: ${response.status} ${message}.${hint}`);
  }
}
