import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parse, stringify } from "yaml";
import { pulumi, tryPulumi, type PulumiSession } from "../../cli/pulumiSession";
import { pulumiBinFolder } from "../../cli/install/pulumiHome";
import { run, type RunResult } from "../../cli/run";
import { projectFolder, readPulumiVersions } from "../../cli/versions";
import { listDataVolumes, listRemains } from "./dockerCommands";

/** What a stack file says, without `glasshouse:` before each key. */
export type StackSettings = Readonly<Record<string, unknown>>;

interface StackFile {
  readonly encryptionsalt?: string;
  readonly config?: Readonly<Record<string, unknown>>;
}

/** What looks at the whole host has tests of its own; elsewhere it would only take time. */
export const withoutExporters: StackSettings = {
  exporters: { node: { deploy: false }, cadvisor: { deploy: false } },
  discovery: { enabled: false },
};

const upFlags = ["up", "--yes", "--skip-preview", "--non-interactive", "--color", "never"];

/**
 * A stack of a test's own: with a name, a state and a passphrase that nothing else uses, driven by Pulumi's command
 * line. The stack that the user has selected in this checkout stays selected.
 */
export class TestStack {
  /** Starts the name of everything that the stack deploys. */
  readonly prefix: string;
  readonly session: PulumiSession;
  private readonly folder = mkdtempSync(join(tmpdir(), "glasshouse-stack-"));
  private readonly file: string;

  private constructor(readonly name: string) {
    this.prefix = `glasshouse-${name}`;
    this.file = join(projectFolder, `Pulumi.${name}.yaml`);
    const stateFolder = join(this.folder, "state");
    mkdirSync(stateFolder);
    const bin = pulumiBinFolder(readPulumiVersions().pulumi);
    this.session = {
      program: join(bin, "pulumi"),
      stateFolder,
      hasGeneratedPassphrase: false,
      env: {
        PATH: [bin, process.env["PATH"]].join(delimiter),
        PULUMI_BACKEND_URL: `file://${stateFolder}`,
        PULUMI_CONFIG_PASSPHRASE: "a test's",
        PULUMI_SKIP_UPDATE_CHECK: "true",
      },
    };
  }

  /** Makes an empty stack; its name holds this process' id, so that two test runs share a machine. */
  static async create(purpose: string): Promise<TestStack> {
    const stack = new TestStack(`e2e-${purpose}-${process.pid}`);
    await pulumi(stack.session, "stack", "init", stack.name, "--no-select", "--non-interactive");
    return stack;
  }

  /** Forgets everything that was deployed; it stays on the engine. */
  async loseState(): Promise<void> {
    await this.pulumi("stack", "rm", "--force", "--preserve-config", "--yes");
    await this.pulumi("stack", "init", "--no-select", "--non-interactive");
  }

  /** Replaces the settings in the stack file; what Pulumi itself has written there stays. */
  write(settings: StackSettings): void {
    const { config = {}, ...own } = this.readFile();
    const secrets = Object.entries(config).filter(
      ([, value]) => typeof value === "object" && value !== null && "secure" in value,
    );
    const wanted = Object.entries({ ...withoutExporters, ...settings }).map(
      ([key, value]): [string, unknown] => [`glasshouse:${key}`, value],
    );
    const text = stringify({
      ...own,
      config: { ...Object.fromEntries(secrets), ...Object.fromEntries(wanted) },
    });
    writeFileSync(this.file, text);
  }

  /** Encrypts a value in the stack's config. */
  async setSecret(key: string, value: string): Promise<void> {
    await this.pulumi("config", "set", "--secret", key, value);
  }

  /** Runs a Pulumi command on this stack; its failure is the test's. */
  async pulumi(...args: string[]): Promise<string> {
    return pulumi(this.session, ...args, "--stack", this.name);
  }

  async tryPulumi(...args: string[]): Promise<RunResult> {
    return tryPulumi(this.session, ...args, "--stack", this.name);
  }

  /** @returns what a user sees in the terminal */
  async up(...flags: string[]): Promise<string> {
    return this.pulumi(...upFlags, ...flags);
  }

  /** An update that takes over what runs and is in no state. */
  async adopt(): Promise<void> {
    const env = { ...this.session.env, GLASSHOUSE_ADOPT: "true" };
    await pulumi({ ...this.session, env }, ...upFlags, "--stack", this.name);
  }

  /** An update that has to fail. @returns what a user sees in the terminal */
  async failToUp(...flags: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.tryPulumi(...upFlags, ...flags);
    if (exitCode === 0) throw new Error(`this update should have failed:\n${stdout}`);
    return stdout + stderr;
  }

  /** The command of an update, for a test that kills it. */
  get upCommand(): string[] {
    return [this.session.program, ...upFlags, "--stack", this.name];
  }

  async readOutputs<T>(): Promise<T> {
    return JSON.parse(await this.pulumi("stack", "output", "--json", "--show-secrets")) as T;
  }

  async destroy(): Promise<void> {
    await this.pulumi("destroy", "--yes", "--skip-preview", "--non-interactive");
  }

  /**
   * Destroys the stack and leaves nothing of it behind, also where the product would.
   *
   * @throws Error with what the product left behind, volumes with data excepted
   */
  async remove(): Promise<void> {
    try {
      await this.destroy();
      const kept = (await listDataVolumes(this.prefix)).map((name) => `volume ${name}`);
      const remains = (await listRemains(this.prefix)).filter((remain) => !kept.includes(remain));
      if (remains.length > 0) throw new Error(`destroy left behind: ${remains.join(", ")}`);
    } finally {
      for (const [kind = "", name = ""] of (await listRemains(this.prefix)).map((remain) =>
        remain.split(" "),
      )) {
        await run(["docker", kind, "rm", ...(kind === "network" ? [] : ["--force"]), name]);
      }
      rmSync(this.file, { force: true });
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  private readFile(): StackFile {
    return (parse(readFileSync(this.file, "utf8")) ?? {}) as StackFile;
  }
}
