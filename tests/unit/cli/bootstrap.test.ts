import { spawnSync } from "node:child_process";
import { join } from "node:path";

const bootstrap = join(__dirname, "../../../cli/bootstrap.mjs");

describe("bootstrap.mjs", () => {
  it.each(["18.20.4", "20.11.1"])("refuses Node.js %s before it touches anything", (version) => {
    const code = `Object.defineProperty(process, "versions", { value: { node: "${version}" } })`;
    const stub = `data:text/javascript,${encodeURIComponent(code)}`;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--import", stub, bootstrap, "--help"],
      { encoding: "utf8" },
    );
    expect([status, stdout, stderr]).toStrictEqual([
      1,
      "",
      `Glasshouse needs Node.js 20.12 or newer; this is ${version}.\n`,
    ]);
  });
});
