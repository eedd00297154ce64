import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formerTypeToken, packageName, resourceNames, typeToken } from "../../resources/types";
import { docker, inspectStack, listRemains } from "../support/dockerCommands";
import { ShopStack, till } from "../support/shopStack";

// Version 0.1 deployed the same resources under other type tokens: its state is made from one of today's.

const formerPackage = "pulumi-nodejs";

let running: ShopStack;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "glasshouse-migration-"));
  running = await ShopStack.create("migration");
  await running.stack.setSecret("token", "the-combination");
  await running.succeedWith(running.shop, till({ secrets: { TOKEN: { config: "token" } } }));
  await running.learnShop();
});

afterAll(async () => {
  await running.stack.remove();
  rmSync(folder, { recursive: true });
});

it("is upgraded without a replacement and without a loss", async () => {
  const { stack, prometheus } = running;
  await prometheus.waitForTargets("shop", 1);
  const samples = await prometheus.readSamples("up", "1h");
  expect(samples.length).toBeGreaterThan(0);
  const before = await readHost();
  await turnBack();
  await running.expectNothingToDo();
  await stack.pulumi("refresh", "--preview-only", "--expect-no-changes", "--non-interactive");

  await stack.up();

  expect(await readHost()).toStrictEqual(before);
  const kept = new Set(await prometheus.readSamples("up", "1h"));
  expect(samples.filter((sample) => !kept.has(sample))).toStrictEqual([]);
  await running.expectShopRunsOn();
  await running.expectNothingToDo();
  await stack.pulumi("refresh", "--preview-only", "--expect-no-changes", "--non-interactive");
  expect(await stack.pulumi("stack", "export")).not.toContain(formerPackage);
});

it("is upgraded with a change in the same update", async () => {
  const before = await readHost();
  await turnBack();
  await running.succeedWith(
    running.shop,
    till({ replicas: 2, secrets: { TOKEN: { config: "token" } } }),
  );
  const after = await readHost();
  expect(after).toMatchObject(before);
  expect(Object.keys(after).length).toBe(Object.keys(before).length + 1);
  await running.expectNothingToDo();
});

it("is destroyed as it is, and nothing but its data stays", async () => {
  await turnBack();
  await running.stack.destroy();
  const { prefix } = running.stack;
  expect(await listRemains(prefix)).toStrictEqual([`volume ${prefix}-prometheus-data`]);
});

/** Gives the stack the state that version 0.1 would have written. */
async function turnBack(): Promise<void> {
  const { stack } = running;
  let state = await stack.pulumi("stack", "export");
  for (const name of resourceNames)
    state = state.replaceAll(typeToken(name), formerTypeToken(name));
  state = state.replaceAll(`pulumi:providers:${packageName}`, `pulumi:providers:${formerPackage}`);
  // A host was one text.
  const split = state.split(/"dockerHost":\s*\{\s*"uri":\s*("[^"]+")\s*\}/);
  expect(split.length).toBeGreaterThan(resourceNames.length);
  state = split.map((part, index) => (index % 2 === 0 ? part : `"dockerHost": ${part}`)).join("");
  expect(state).not.toContain(`${packageName}:resources:`);
  expect(state.split(`${formerPackage}:glasshouse:`).length).toBeGreaterThan(resourceNames.length);
  const file = join(folder, "state.json");
  writeFileSync(file, state);
  await stack.pulumi("stack", "import", "--file", file);
}

/** What tells whether something was recreated: containers, volumes and the network, by name. */
async function readHost(): Promise<Record<string, string>> {
  const { prefix } = running.stack;
  const containers = await inspectStack(prefix);
  const volumes = (await listRemains(prefix)).flatMap((remain) =>
    remain.startsWith("volume ") ? remain.slice("volume ".length) : [],
  );
  const image = containers.find(({ Name }) => Name.endsWith("-till-1"))!.Image;
  // Docker's `CreatedAt` of a volume changes with its files.
  const made = await Promise.all(
    volumes.map((name) =>
      docker(
        ...["run", "--rm", "--network", "none", "--volume", `${name}:/volume:ro`],
        ...["--entrypoint", "stat", image, "--format", "inode %i born %W", "/volume"],
      ),
    ),
  );
  return {
    ...Object.fromEntries(
      containers.map(({ Name, Id, State }) => [Name, `${Id} started ${State.StartedAt}`]),
    ),
    ...Object.fromEntries(volumes.map((name, index) => [`volume ${name}`, made[index]!])),
    [prefix]: await docker("network", "inspect", "--format", "{{.Id}}", prefix),
  };
}
