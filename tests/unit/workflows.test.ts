import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectFolder } from "../../cli/versions";
import { skip } from "../support/skip";

const actionlint = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.7";
const folder = join(projectFolder, ".github", "workflows");
const files = readdirSync(folder);

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly group: string };
  readonly environment?: string;
  readonly if?: string;
  readonly steps: readonly {
    readonly uses?: string;
    readonly run?: string;
    readonly env?: object;
  }[];
}

const read = (file: string) => readFileSync(join(folder, file), "utf8");
const parseFile = (file: string) => parse(read(file)) as Workflow;
const jobsOf = (file: string) => Object.entries(parseFile(file).jobs);

describe.each(files)("%s", (file) => {
  it("pins every action by its commit, with the version beside it", () => {
    const uses = read(file)
      .split("\n")
      .filter((line) => line.includes("uses:"));
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses)
      expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("asks for no permission that a job does not need", () => {
    expect(parseFile(file).permissions).toStrictEqual({});
    const allowed = new Set(["contents: read", "pull-requests: write", "issues: write"]);
    for (const [, { permissions = {} }] of jobsOf(file)) {
      const asked = Object.entries(permissions).map((entry) => entry.join(": "));
      expect(asked.filter((permission) => !allowed.has(permission))).toStrictEqual([]);
    }
  });

  it("holds no logic: what a step runs is a script of package.json, which runs on any machine", () => {
    const { scripts } = JSON.parse(readFileSync(join(projectFolder, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const commands = jobsOf(file).flatMap(([, { steps }]) => steps.flatMap(({ run }) => run ?? []));
    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands) {
      expect(command).toMatch(
        /^(npm (ci|test|run [\w:]+( -- [^|&;$]*("\$\w+"[^|&;$]*)*)?)|echo "[^"]*(\$\(npm run --silent [\w:]+\))?" .*|echo "::notice::[^"$]*")$/,
      );
      const script = /npm run (?:--silent )?([\w:]+)/.exec(command)?.[1];
      if (script !== undefined) expect(Object.keys(scripts)).toContain(script);
    }
  });

  it("does not run a pull request's code with the rights of the repository", () => {
    expect(Object.keys(parseFile(file).on)).not.toContain("pull_request_target");
  });
});

const ofPullRequests = files.filter((file) => "pull_request" in parseFile(file).on);

it("runs something for a pull request", () => expect(ofPullRequests).not.toStrictEqual([]));

it.each(ofPullRequests)("%s never hands secrets to a pull request from a fork", (file) => {
  const own = "github.event.pull_request.head.repo.full_name == github.repository";
  const open = jobsOf(file).filter(
    ([, job]) => job.if !== own && /\{\{\s*secrets\b/.test(JSON.stringify(job)),
  );
  expect(open.map(([name]) => name)).toStrictEqual([]);
});

it("deploys behind an environment, one update of a stack at a time", () => {
  const [[, job] = []] = jobsOf("deploy.yml");
  expect(job?.environment).toBe("${{ matrix.stack }}");
  expect(job?.concurrency).toStrictEqual({
    group: "stack-${{ matrix.stack }}",
    "cancel-in-progress": false,
  });
});

// actionlint is a Go module, so it comes over the same route as Pulumi where there are package registries only.
const probe = spawnSync("go", ["run", actionlint, "-version"], {
  encoding: "utf8",
  timeout: 120_000,
});
if (probe.status === 0) {
  it("actionlint finds nothing", () => {
    const { status, stdout } = spawnSync("go", ["run", actionlint, "-no-color"], {
      cwd: projectFolder,
      encoding: "utf8",
    });
    expect([status, stdout]).toStrictEqual([0, ""]);
  });
} else {
  const reason = probe.stderr || String(probe.error);
  skip("actionlint finds nothing", `it needs Go and a Go module proxy: ${reason.split("\n")[0]!}`);
}
