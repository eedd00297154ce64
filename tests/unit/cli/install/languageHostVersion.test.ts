import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { TestCheckout } from "../checkout";

type Module = typeof import("../../../../cli/install/languageHostVersion");

let checkout: TestCheckout;
let version: Module;

beforeEach(() => {
  checkout = new TestCheckout();
  version = checkout.load("install/languageHostVersion") as Module;
  writeSource("go.mod", "module glasshouse/from-source/pulumi");
  writeSource("cmd/pulumi-language-nodejs/main.go", "package main");
});
afterEach(() => checkout.remove());

function writeSource(path: string, text: string): void {
  const file = join(checkout.project, "cli", "install", "from-source", "pulumi", path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Puts a language host in place whose program holds that text. */
function install(text: string): void {
  writeFileSync(join(dirname(checkout.program), "pulumi-language-nodejs"), `\0${text}\0`);
}

const isOutdated = () => version.isLanguageHostOutdated("1.2.3");

describe("a language host built from Go modules", () => {
  it("is up to date when it holds the version of the sources", () => {
    install(`glasshouse/from-source/pulumi ${version.renderLanguageHostVersion("1.2.3")}`);
    expect(isOutdated()).toBe(false);
  });

  it("is outdated as soon as a source has changed", () => {
    install(`glasshouse/from-source/pulumi ${version.renderLanguageHostVersion("1.2.3")}`);
    writeSource("cmd/pulumi-language-nodejs/plugin.go", "package main");
    expect(isOutdated()).toBe(true);
  });

  it("is outdated when it was built before hosts told their sources", () => {
    install("glasshouse/from-source/pulumi 1.2.3");
    expect(isOutdated()).toBe(true);
  });

  it("is left alone when it is Pulumi's own, or not there at all", () => {
    expect(isOutdated()).toBe(false);
    install("github.com/pulumi/pulumi/sdk/nodejs/cmd/pulumi-language-nodejs/v3 1.2.3");
    expect(isOutdated()).toBe(false);
  });

  it("has a version that Pulumi can read", () => {
    expect(version.renderLanguageHostVersion("1.2.3")).toMatch(
      /^1\.2\.3\+from-source\.[0-9a-f]{12}$/,
    );
  });
});
