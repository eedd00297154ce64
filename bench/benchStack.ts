import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { pulumi, type PulumiSession } from "../cli/pulumiSession";
import { projectFolder } from "../cli/versions";
import { runMeasured } from "./runMeasured";

/** A stack of the bench's own in this checkout: with a name, a state and a passphrase that nothing else uses. */
export class BenchStack {
  /** Starts the name of everything that the stack deploys. */
  readonly prefix: string;
  readonly session: PulumiSession;
  private readonly file: string;
  private readonly stateFolder: string;

  private constructor(
    readonly name: string,
    folder: string,
    program: PulumiSession,
    private readonly signal: AbortSignal,
  ) {
    this.prefix = `glasshouse-${name}`;
    this.file = join(projectFolder, `Pulumi.${name}.yaml`);
    this.stateFolder = join(folder, "state");
    mkdirSync(this.stateFolder, { recursive: true });
    const { PATH = "" } = program.env;
    this.session = {
      program: program.program,
      stateFolder: this.stateFolder,
      hasGeneratedPassphrase: false,
      env: {
        PATH,
        PULUMI_BACKEND_URL: `file://${this.stateFolder}`,
        PULUMI_CONFIG_PASSPHRASE: "the bench's",
        PULUMI_SKIP_UPDATE_CHECK: "true",
      },
    };
  }

  static async create(
    name: string,
    folder: string,
    session: PulumiSession,
    signal: AbortSignal,
  ): Promise<BenchStack> {
    const stack = new BenchStack(name, folder, session, signal);
    const flags = ["--no-select", "--non-interactive"];
    await pulumi(stack.session, "stack", "init", name, ...flags);
    return stack;
  }

  write(settings: Readonly<Record<string, unknown>>): void {
    const entries = Object.entries(settings).map(([key, value]) => [`glasshouse:${key}`, value]);
    // Pulumi's own line in the file belongs to the passphrase.
    const { encryptionsalt } = this.readFile();
    const config = Object.fromEntries(entries) as unknown;
    writeFileSync(this.file, stringify({ ...(encryptionsalt && { encryptionsalt }), config }));
  }

  async run(command: string, ...flags: string[]) {
    const { program, env } = this.session;
    const shared = ["--non-interactive", "--color", "never", "--stack", this.name];
    return runMeasured({
      command: [program, command, ...shared, ...flags],
      cwd: projectFolder,
      env,
      signal: this.signal,
    });
  }

  /** Size of the stack's newest checkpoint. */
  readStateBytes(): number {
    const folder = join(this.stateFolder, ".pulumi", "stacks", "glasshouse");
    return readdirSync(folder)
      .filter((name) => name.startsWith(`${this.name}.json`) && !/\.(bak|attrs)/.test(name))
      .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  }

  private readFile(): { readonly encryptionsalt?: string } {
    return (parse(readFileSync(this.file, "utf8")) ?? {}) as { encryptionsalt?: string };
  }

  removeFile(): void {
    rmSync(this.file, { force: true });
  }
}
