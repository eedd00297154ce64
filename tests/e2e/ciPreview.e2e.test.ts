import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../cli/run";
import { projectFolder } from "../../cli/versions";
import { runCommandLine } from "../support/runCommandLine";
import { ShopStack, till } from "../support/shopStack";
import { readTestNetwork } from "../support/testNetwork";

const planted = ["planted-file-secret", "planted-environment-secret", "planted-plain-value"];
const healthCheck = { command: ["true"], intervalSeconds: 1 };
const reason = "a test looks at what a reviewer is told";
const environmentSecret = { rule: "no-plain-secrets", resource: "till", reason };
const hostile = "`x` @team | <img src=x> </details>";

interface JsonReport {
  readonly stacks: readonly {
    readonly isRisky: boolean;
    readonly changes: readonly { readonly subject: string; readonly text: string }[];
    readonly unknowns: readonly string[];
  }[];
}

describe("a preview for reviewers", () => {
  let folder: string;
  let link: string;
  let shop: ShopStack;

  const call = (command: "ci:preview" | "ci:drift", ...flags: string[]) =>
    runCommandLine(shop.stack, command, {}, "--network", readTestNetwork(), ...flags);
  const reach = () => symlinkSync("/var/run/docker.sock", link);
  const loseSight = () => rmSync(link);
  const apps = (plain: string) => [
    { ...shop.shop, healthCheck, replicas: 2, environment: { PLAIN: plain } },
    till({
      healthCheck,
      secrets: {
        API_KEY: { config: "fileSecret", as: "file" },
        TOKEN: { config: "environmentSecret", as: "environment" },
      },
    }),
  ];
  const readHost = async () =>
    Promise.all(
      [
        ["ps", "--all", "--no-trunc", "--format", "{{.ID}} {{.Names}} {{.State}}"],
        ["volume", "ls", "--quiet"],
        ["image", "ls", "--quiet", "--no-trunc"],
      ].map(async (command) => {
        const { stdout } = await run(["docker", ...command]);
        return stdout
          .split("\n")
          .filter((line) => line.includes(shop.stack.prefix))
          .sort();
      }),
    );
  const readStackFile = () =>
    readFileSync(join(projectFolder, `Pulumi.${shop.stack.name}.yaml`), "utf8");
  const expectNoSecret = (text: string) => {
    for (const secret of planted) expect(text).not.toContain(secret);
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "glasshouse-ci-"));
    link = join(folder, "docker.sock");
    reach();
    // The engine by a path of its own, which can be taken away without touching the engine.
    shop = await ShopStack.create("ci", {
      settings: { host: { uri: `unix://${link}` }, policy: { allow: [environmentSecret] } },
    });
    await shop.stack.setSecret("fileSecret", planted[0] ?? "");
    await shop.stack.setSecret("environmentSecret", planted[1] ?? "");
    shop.write(...apps("first"));
    await shop.stack.up();
  });

  afterAll(async () => {
    try {
      await shop.stack.remove();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("tells several changes at once, risky ones first, and touches neither host nor stack file", async () => {
    const [first, second] = apps(planted[2] ?? "");
    const published = {
      ...first!,
      publishAddress: "0.0.0.0",
      replicas: 3,
      environment: { PLAIN: planted[2] ?? "", NEW: hostile },
    };
    shop.stack.write({
      ...shop.buildSettings([published, { ...second!, replicas: 0 }]),
      policy: { allow: [environmentSecret, { rule: "loopback-only", resource: "shop", reason }] },
    });
    const before = [await readHost(), readStackFile()];
    const { exitCode, stdout, stderr } = await call("ci:preview", "--fail-on", "risky");
    expect([exitCode, exitCode === 3 ? "" : stdout]).toStrictEqual([3, ""]);
    const risky = stdout.indexOf("**⚠️ Look twice**");
    expect(risky).toBeGreaterThan(0);
    expect(stdout.indexOf("**till**: 1 → 0 replicas")).toBeGreaterThan(risky);
    expect(stdout.indexOf("**shop**: published beyond loopback at `0.0.0.0:")).toBeGreaterThan(
      risky,
    );
    const everyday = stdout.indexOf("**Changes**");
    expect(everyday).toBeGreaterThan(risky);
    expect(stdout.indexOf("**shop**: 2 → 3 replicas")).toBeGreaterThan(everyday);
    expect(stdout).toContain("environment: `PLAIN` changes, `NEW` is new");
    expect(stdout).toContain("job `till` goes");
    expect(stdout).toContain("reloaded without restart");
    // Two replicas are replaced as well, so the plan does touch other containers.
    expect(stdout).not.toContain("no other container touched");
    expect(stdout).toContain("-  - job_name: till\n");
    expect(stdout).toContain("<details><summary>Pulumi's detail");
    expect(stdout).not.toContain("@team");
    expectNoSecret(stdout + stderr);
    expect([await readHost(), readStackFile()]).toStrictEqual(before);
  });

  it("says the same without seeing the engine, and what it could not know", async () => {
    loseSight();
    try {
      const { exitCode, stdout, stderr } = await call(
        "ci:preview",
        "--json",
        "--fail-on",
        "changes",
      );
      expect(exitCode).toBe(3);
      const [report] = (JSON.parse(stdout) as JsonReport).stacks;
      expect(report?.isRisky).toBe(true);
      expect(report?.unknowns.join(" ")).toContain("does not answer");
      expect(report?.unknowns.join(" ")).toContain("the host was not checked");
      const texts = report?.changes.map(({ subject, text }) => `${subject}: ${text}`);
      expect(texts).toContain("shop: 2 → 3 replicas");
      expectNoSecret(stdout + stderr);
    } finally {
      reach();
    }
  });

  it("compares with nothing for those who may not see the state, and knows no secret then", async () => {
    const { exitCode, stdout, stderr } = await call("ci:preview", "--against-nothing");
    expect([exitCode, stderr]).toStrictEqual([0, ""]);
    expect(stdout).toContain(": first deployment, ");
    expect(stdout).toContain("this preview compares with nothing");
    expectNoSecret(stdout);
  });

  it("shows what the policy forbids, and fails", async () => {
    shop.write(...apps("first").map((app) => ({ ...app, user: "0:0" })));
    const { exitCode, stdout } = await call("ci:preview");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("The policy forbids what is mandatory below");
    expect(stdout).toContain("`glasshouse/non-root`");
    expect(stdout).toContain("`user` of the app `till`");
  });

  it("shows all mistakes of a stack file, and fails", async () => {
    shop.write({ ...shop.shop, replicas: -1, port: 99999 });
    const { exitCode, stdout } = await call("ci:preview");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("the preview failed");
    expect(stdout).toContain("apps[0].replicas must be a whole number from 0 to 200");
    expect(stdout).toContain("apps[0].port must be a whole number from 1 to 65535");
  });

  it("has nothing to do where nothing changed; a stopped container is drift, also when it is not seen", async () => {
    shop.write(...apps("first"));
    const quiet = await call("ci:preview", "--fail-on", "changes");
    expect([quiet.exitCode, quiet.stdout]).toStrictEqual([
      0,
      `### \`${shop.stack.name}\`: nothing to do\n`,
    ]);
    await run(["docker", "stop", "--time", "1", `${shop.stack.prefix}-shop-2`]);
    const drift = await call("ci:drift");
    expect(drift.exitCode).toBe(1);
    expect(drift.stdout).toMatch(/- `shop-2`: .*stopped/);
    expect(drift.stdout).toContain(` start ${shop.stack.prefix}-shop-2`);
    loseSight();
    try {
      const blind = await call("ci:drift", "--json");
      expect(blind.exitCode).toBe(1);
      expect(blind.stdout).toContain('"subject": "engine"');
    } finally {
      reach();
    }
  });
});
