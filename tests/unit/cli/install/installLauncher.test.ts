import {
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type * as installLauncher from "../../../../cli/install/installLauncher";
import { TestCheckout } from "../checkout";

let checkout: TestCheckout;
let home: string;
let bin: string;

beforeEach(() => {
  checkout = new TestCheckout();
  home = join(checkout.folder, "home");
  bin = join(home, "bin");
  mkdirSync(bin, { recursive: true });
  jest.doMock("node:os", () => ({ ...jest.requireActual<object>("node:os"), homedir: () => home }));
});
afterEach(() => {
  jest.dontMock("node:os");
  checkout.remove();
});

function install(): string | undefined {
  const module = checkout.load("install/installLauncher") as typeof installLauncher;
  const env = { PATH: "/somewhere", PULUMI_BACKEND_URL: "file:///state" };
  const session = { program: checkout.program, env, stateFolder: "/state" };
  return module.installLauncher({ ...session, hasGeneratedPassphrase: true });
}

describe("installLauncher", () => {
  it("puts `pulumi` into a folder of the PATH, once, and needs no line in the shell", () => {
    process.env["PATH"] = `/usr/bin-not-there:${bin}`;
    expect(install()).toBeUndefined();
    expect(install()).toBeUndefined();
    const script = join(checkout.project, "cli", "install", "pulumi-launcher.sh");
    expect(readFileSync(join(bin, "pulumi"))).toStrictEqual(readFileSync(script));
    expect(statSync(join(bin, "pulumi")).mode & 0o777).toBe(0o755);
    expect(readlinkSync(join(checkout.pulumiHome, "glasshouse-pulumi"))).toBe(checkout.program);
    const variables = join(checkout.project, ".glasshouse", "env");
    expect(readFileSync(variables, "utf8")).toBe("PULUMI_BACKEND_URL=file:///state\n");
    expect(statSync(variables).mode & 0o777).toBe(0o600);
  });

  it("leaves someone else's `pulumi` alone, and gives the line", () => {
    const own = join(checkout.folder, "own");
    mkdirSync(own);
    writeFileSync(join(own, "pulumi"), "the user's own", { mode: 0o755 });
    process.env["PATH"] = `${bin}:${own}`;
    expect(install()).toBe('eval "$(npm run --silent env)"');
    expect(readFileSync(join(own, "pulumi"), "utf8")).toBe("the user's own");
    expect(existsSync(join(bin, "pulumi"))).toBe(false);
  });

  it("gives the line where no folder of the PATH is its own to write to", () => {
    process.env["PATH"] = "/usr/bin-not-there";
    expect(install()).toBe('eval "$(npm run --silent env)"');
  });
});
