import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { policyRuleNames } from "../../config/policyRules";
import { sampleApps } from "../../config/samples";
import { policyPackFlags } from "../../cli/policyPack";
import { run, type RunResult } from "../../cli/run";
import { projectFolder } from "../../cli/versions";
import { findFreePorts } from "../support/freePorts";
import { type StackSettings, TestStack } from "../support/testStack";

/** A real pack, started by the real command line; nothing is deployed. */
describe("the policy pack", () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await TestStack.create("policy");
  });
  afterAll(() => stack.remove());

  const preview = (...flags: string[]): Promise<RunResult> =>
    stack.tryPulumi(
      "preview",
      "--refresh=false",
      "--color",
      "never",
      "--non-interactive",
      ...flags,
    );

  it("sees each rule broken by a program that breaks all, and ends the preview", async () => {
    const folder = mkdtempSync(join(tmpdir(), "glasshouse-breaker-"));
    try {
      const env = { ...stack.session.env, PULUMI_BACKEND_URL: `file://${folder}` };
      const cwd = join(projectFolder, "tests", "support", "policyBreaker");
      const name = `breaker-${process.pid}`;
      const pulumi = (...args: string[]) => run([stack.session.program, ...args], { cwd, env });
      await pulumi("stack", "init", name, "--no-select", "--non-interactive");
      const { exitCode, stdout } = await pulumi(
        ...["preview", "--stack", name, "--color", "never", ...policyPackFlags()],
      );
      rmSync(join(cwd, `Pulumi.${name}.yaml`), { force: true });
      const broken = [...stdout.matchAll(/\[mandatory\] +(\S+)/g)].map(([, rule]) => rule);
      expect([...new Set(broken)].sort()).toStrictEqual([...policyRuleNames].sort());
      expect(stdout).not.toContain("a-test's");
      expect(exitCode).not.toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it.each(["dev", "offline"])("finds nothing in Pulumi.%s.yaml", async (name) => {
    stack.write(await readStackFile(name));
    const { exitCode, stdout } = await preview(...policyPackFlags());
    expect(stdout).toContain("✅ glasshouse@");
    expect(exitCode).toBe(0);
  });

  it("lets a named exception pass, and shows it", async () => {
    const [publishPort = 0] = await findFreePorts(1);
    const reason = "the proxy with TLS runs on the next host";
    stack.write({
      engineMetrics: { mode: "off" },
      apps: [],
      grafana: { deploy: "never" },
      prometheus: { publishPort, publishAddress: "0.0.0.0" },
      policy: { allow: [{ rule: "loopback-only", resource: "prometheus", reason }] },
    });
    const { exitCode, stdout } = await preview(...policyPackFlags());
    expect(stdout).toContain("✅ glasshouse@");
    expect(stdout).toContain(reason);
    expect(exitCode).toBe(0);
  });
});

/** The settings of a committed stack file, on ports that are free. */
async function readStackFile(name: string): Promise<StackSettings> {
  const text = readFileSync(join(projectFolder, `Pulumi.${name}.yaml`), "utf8");
  const { config } = parse(text) as { config: Record<string, object | string> };
  const settings = new Map(
    Object.entries(config).map(([key, value]) => [key.replace("glasshouse:", ""), value]),
  );
  expect(settings.get("apps") ?? "samples").toBe("samples");
  const [prometheus = 0, grafana = 0, board = 0, ...ports] = await findFreePorts(
    3 + sampleApps.length,
  );
  return {
    ...Object.fromEntries(settings),
    apps: sampleApps.map((app, index) => ({
      ...app,
      ...(app.publishPort && { publishPort: ports[index] }),
    })),
    prometheus: { ...withoutText(settings.get("prometheus")), publishPort: prometheus },
    grafana: { ...withoutText(settings.get("grafana")), publishPort: grafana },
    board: { ...withoutText(settings.get("board")), publishPort: board },
  };
}

function withoutText(value: object | string | undefined): object {
  return typeof value === "object" ? value : {};
}
