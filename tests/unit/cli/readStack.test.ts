import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type * as readStackModule from "../../../cli/readStack";
import type * as stackFiles from "../../../cli/stackFiles";
import { TestCheckout } from "./checkout";

let checkout: TestCheckout;

beforeEach(() => (checkout = new TestCheckout()));
afterEach(() => checkout.remove());

/** A backend with such stacks, none of them selected. */
async function read(wanted: string | undefined, stacks: readonly object[]): Promise<string> {
  const listed = JSON.stringify(stacks);
  checkout.writeProgram(`[ "$2" = ls ] && echo '${listed}'; exit $(test "$2" = ls; echo $?)`);
  const { readStack } = checkout.load("readStack") as typeof readStackModule;
  const session = { program: checkout.program, env: {}, stateFolder: undefined };
  return readStack({ ...session, hasGeneratedPassphrase: false }, wanted);
}

const dev = { name: "dev", resourceCount: 3 };
const prod = { name: "acme/prod", resourceCount: 3 };

describe("the stack of a command", () => {
  it("is the one that is named, with or without its organization", async () => {
    expect(await read("dev", [dev, prod])).toBe("dev");
    expect(await read("prod", [dev, prod])).toBe("prod");
    expect(await read("acme/prod", [dev, prod])).toBe("acme/prod");
  });

  it("is refused when it is unknown, with those that are known", async () => {
    await expect(read("prd", [dev, prod])).rejects.toThrow(
      "There is no stack prd. Existing stacks: dev, acme/prod. " +
        "`npm run up -- --stack prd` makes it from Pulumi.prd.yaml.",
    );
    await expect(read("dev", [])).rejects.toThrow("None exists yet");
  });

  it("is the only one that is deployed, where none is named", async () => {
    expect(await read(undefined, [dev, { name: "empty" }])).toBe("dev");
    await expect(read(undefined, [dev, prod])).rejects.toThrow("No stack is selected");
  });
});

describe("a stack without a stack file", () => {
  it("is refused with those that have one", () => {
    for (const name of ["dev", "prod"]) {
      writeFileSync(join(checkout.project, `Pulumi.${name}.yaml`), "config: {}");
    }
    const { rejectMissingStackFile } = checkout.load("stackFiles") as typeof stackFiles;
    expect(() => rejectMissingStackFile("staging")).toThrow(
      "There is no Pulumi.staging.yaml: write one, or name another stack with --stack. Existing files: dev, prod.",
    );
    expect(() => rejectMissingStackFile("acme/prod")).not.toThrow();
  });
});
