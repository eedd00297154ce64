import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const cliFolder = join(__dirname, "../../../cli");

/** A checkout and a Pulumi home of its own, in a temporary folder with a space in its path. */
export class TestCheckout {
  readonly folder = mkdtempSync(join(tmpdir(), "glass house-"));
  readonly project = join(this.folder, "checkout");
  readonly pulumiHome = join(this.folder, "pulumi home");
  readonly program = join(this.pulumiHome, "versions", "1.2.3", "bin", "pulumi");
  private readonly environment = { ...process.env };

  constructor() {
    mkdirSync(join(this.project, "cli", "install"), { recursive: true });
    mkdirSync(join(this.project, ".glasshouse"));
    mkdirSync(join(this.pulumiHome, "versions", "1.2.3", "bin"), { recursive: true });
    cpSync(
      join(cliFolder, "install", "pulumi-launcher.sh"),
      join(this.project, "cli", "install", "pulumi-launcher.sh"),
    );
    this.writeProgram('printf "%s\\n" "$@"');
    for (const name of Object.keys(process.env)) {
      if (name.startsWith("PULUMI_")) Reflect.deleteProperty(process.env, name);
    }
    process.env["PULUMI_HOME"] = this.pulumiHome;
  }

  /** Makes the fake `pulumi`, a shell script. */
  writeProgram(body: string): void {
    writeFileSync(this.program, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  }

  /** Loads a module of `cli/` as if it lay in this checkout. */
  load(name: string): unknown {
    jest.resetModules();
    jest.doMock("../../../cli/versions", () => ({
      ...jest.requireActual<object>("../../../cli/versions"),
      projectFolder: this.project,
    }));
    return jest.requireActual(join(cliFolder, name));
  }

  remove(): void {
    process.env = { ...this.environment };
    rmSync(this.folder, { recursive: true, force: true });
  }
}
