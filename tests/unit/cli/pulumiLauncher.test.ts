import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TestCheckout } from "./checkout";

let checkout: TestCheckout;

beforeEach(() => {
  checkout = new TestCheckout();
  symlinkSync(checkout.program, join(checkout.pulumiHome, "glasshouse-pulumi"));
  checkout.writeProgram(
    'echo "$PULUMI_BACKEND_URL|$PULUMI_CONFIG_PASSPHRASE_FILE|$OTHER"; printf "<%s>" "$@"; exit 7',
  );
  writeFileSync(
    join(checkout.project, ".glasshouse", "env"),
    "PULUMI_BACKEND_URL=file:///a path/with=equals\nPULUMI_CONFIG_PASSPHRASE_FILE=/pass\nOTHER=$(id)\n",
  );
  mkdirSync(join(checkout.project, "deep", "er"), { recursive: true });
});
afterEach(() => checkout.remove());

function launch(cwd: string, env: Record<string, string> = {}) {
  const script = join(checkout.project, "cli", "install", "pulumi-launcher.sh");
  const { PATH = "", PULUMI_HOME = "" } = process.env;
  const options = { cwd, env: { PATH, PULUMI_HOME, ...env }, encoding: "utf8" } as const;
  return spawnSync("sh", [script, "up", "a b"], options);
}

describe("pulumi-launcher.sh", () => {
  it("fills in the checkout's variables in any of its folders, and passes arguments and exit code on", () => {
    for (const cwd of [checkout.project, join(checkout.project, "deep", "er")]) {
      const { stdout, stderr, status } = launch(cwd);
      expect([stdout, stderr, status]).toStrictEqual([
        "file:///a path/with=equals|/pass|\n<up><a b>",
        "",
        7,
      ]);
    }
  });

  it("lets the environment win, an empty value too", () => {
    const env = { PULUMI_BACKEND_URL: "s3://mine", PULUMI_CONFIG_PASSPHRASE_FILE: "" };
    expect(launch(checkout.project, env).stdout).toContain("s3://mine||\n");
  });

  it("leaves the backend to whoever has an access token", () => {
    expect(launch(checkout.project, { PULUMI_ACCESS_TOKEN: "pul-0" }).stdout).toContain(
      "|/pass|\n",
    );
    expect(launch(checkout.project, { PULUMI_ACCESS_TOKEN: "pul-0" }).stdout).not.toContain(
      "file:",
    );
  });

  it("fills in nothing outside of a checkout", () => {
    expect(launch(checkout.folder).stdout).toContain("||\n");
    expect(launch("/").stdout).toContain("||\n");
  });
});
