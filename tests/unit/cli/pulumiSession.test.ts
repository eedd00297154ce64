import { readFileSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type * as pulumiSession from "../../../cli/pulumiSession";
import { TestCheckout } from "./checkout";

let checkout: TestCheckout;

beforeEach(() => (checkout = new TestCheckout()));
afterEach(() => checkout.remove());

const open = () => {
  const session = checkout.load("pulumiSession") as typeof pulumiSession;
  const opened = session.openPulumiSession(checkout.program);
  const { PATH: _, PULUMI_SKIP_UPDATE_CHECK: __, ...env } = opened.env;
  return { ...opened, env, shell: Object.fromEntries(session.listShellVariables(opened)) };
};

describe("openPulumiSession", () => {
  it("keeps the state in the checkout, with a passphrase that only its user can read", () => {
    const { env, stateFolder, shell } = open();
    const [state, passphrase] = ["state", "passphrase"].map((name) =>
      join(checkout.project, ".glasshouse", name),
    );
    expect(stateFolder).toBe(state);
    expect(env).toStrictEqual({
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE_FILE: passphrase,
    });
    expect(shell).toStrictEqual({ ...env, PULUMI_SKIP_UPDATE_CHECK: "true" });
    expect(statSync(passphrase!).mode & 0o777).toBe(0o600);
    const before = readFileSync(passphrase!, "utf8");
    expect(before).toMatch(/^[\w-]{32}$/);
    open();
    expect(readFileSync(passphrase!, "utf8")).toBe(before);
  });

  it("is the same in a shell that has its variables already", () => {
    const before = open();
    Object.assign(process.env, before.env);
    expect(open()).toStrictEqual(before);
  });

  it("keeps a log-in, with a passphrase where the backend needs one", () => {
    const credentials = join(checkout.pulumiHome, "credentials.json");
    writeFileSync(credentials, '{"current":"https://api.pulumi.com"}');
    expect(open()).toMatchObject({ env: {}, stateFolder: undefined });
    expect(open().env).toStrictEqual({});
    writeFileSync(credentials, '{"current":"s3://bucket"}');
    expect(Object.keys(open().env)).toStrictEqual(["PULUMI_CONFIG_PASSPHRASE_FILE"]);
  });

  it("takes a log-out for no log-in", () => {
    writeFileSync(join(checkout.pulumiHome, "credentials.json"), '{"current":""}');
    expect(open().stateFolder).toBeDefined();
  });

  it("keeps a backend and a passphrase that the environment names", () => {
    process.env["PULUMI_BACKEND_URL"] = "file:///elsewhere";
    process.env["PULUMI_CONFIG_PASSPHRASE"] = "";
    expect(open()).toMatchObject({ stateFolder: "/elsewhere" });
    expect(open().env).toStrictEqual({});
  });

  it("takes an access token for Pulumi Cloud, unless another backend is chosen", () => {
    process.env["PULUMI_ACCESS_TOKEN"] = "pul-0";
    expect(open()).toMatchObject({
      env: {},
      stateFolder: undefined,
      hasGeneratedPassphrase: false,
    });
    expect(open().env).toStrictEqual({});
    process.env["PULUMI_BACKEND_URL"] = "s3://bucket";
    expect(Object.keys(open().env)).toStrictEqual(["PULUMI_CONFIG_PASSPHRASE_FILE"]);
  });

  it("keeps the backend that the project names", () => {
    writeFileSync(join(checkout.project, "Pulumi.yaml"), "backend: { url: 'file:///shared' }");
    expect(open()).toMatchObject({ stateFolder: "/shared" });
    expect(Object.keys(open().env)).toStrictEqual(["PULUMI_CONFIG_PASSPHRASE_FILE"]);
  });

  it("knows where a backend on this machine keeps its state", () => {
    process.env["PULUMI_BACKEND_URL"] = "file://~/states";
    expect(open().stateFolder).toBe(join(homedir(), "states"));
    process.env["PULUMI_BACKEND_URL"] = "s3://bucket";
    expect(open().stateFolder).toBeUndefined();
  });
});
