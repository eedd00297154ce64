import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { parse } from "yaml";
import { buildStackSchema, renderStackSchema } from "../../../../config/settings/stackSchema";

const project = join(__dirname, "../../../..");
// What only editors read.
const ajv = new Ajv({ allErrors: true, strictTypes: false });
ajv.addVocabulary(["markdownDescription", "patternErrorMessage"]);
const validate = ajv.compile(buildStackSchema());

/** Where a stack file with that config breaks the schema. */
function findMistakes(config: Readonly<Record<string, unknown>>): string[] {
  validate({ config });
  return (validate.errors ?? []).map(
    ({ instancePath, message }) => `${instancePath} ${message ?? ""}`,
  );
}

const app = { name: "shop", image: "example/shop:1.4.2" };

describe("the schema of stack files", () => {
  it("stands in schema/stack.schema.json as the settings have it (npm run docs:schema rewrites it)", () => {
    const file = readFileSync(join(project, "schema/stack.schema.json"), "utf8");
    expect(file).toBe(renderStackSchema());
  });

  const stackFiles = readdirSync(project).filter((name) =>
    /^Pulumi\.(dev|offline|staging|prod)\.yaml$/.test(name),
  );

  it.each(stackFiles)("finds nothing wrong in %s, whose first line names it", (name) => {
    const text = readFileSync(join(project, name), "utf8");
    expect(text.split("\n", 1)[0]).toBe(
      "# yaml-language-server: $schema=./schema/stack.schema.json",
    );
    validate(parse(text));
    expect(validate.errors).toBeNull();
  });

  it.each<[string, Record<string, unknown>]>([
    ["an app from an image", { "glasshouse:apps": [app] }],
    ["the samples", { "glasshouse:apps": "samples" }],
    ["an encrypted value under a key of its own", { "glasshouse:shopKey": { secure: "v1:abc" } }],
    ["another program's key", { "aws:region": "eu-central-1" }],
    [
      "an exception",
      {
        "glasshouse:policy": {
          allow: [{ rule: "non-root", resource: "shop", reason: "it is a test" }],
        },
      },
    ],
  ])("accepts %s", (_, config) => {
    expect(findMistakes(config)).toStrictEqual([]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      "an unknown setting",
      { "glasshouse:prometheus": { port: 9090 } },
      "/config/glasshouse:prometheus must NOT have additional properties",
    ],
    ["a misspelt key", { "glasshouse:promtheus": {} }, "must have required property 'secure'"],
    [
      "a key without a namespace",
      { prometheus: {} },
      "/config must NOT have additional properties",
    ],
    [
      "a number in quotes",
      { "glasshouse:prometheus": { publishPort: "9090" } },
      "/publishPort must be integer",
    ],
    [
      "a port out of range",
      { "glasshouse:grafana": { publishPort: 70000 } },
      "/publishPort must be <= 65535",
    ],
    [
      "an unknown choice",
      { "glasshouse:grafana": { deploy: "sometimes" } },
      "/deploy must be equal to one of the allowed values",
    ],
    [
      "apps that are no list",
      { "glasshouse:apps": "sample" },
      "/glasshouse:apps must be equal to constant",
    ],
    [
      "an app without a name",
      { "glasshouse:apps": [{ image: "shop:1" }] },
      "must have required property 'name'",
    ],
    [
      "an app with image and build",
      { "glasshouse:apps": [{ ...app, build: { context: "shop" } }] },
      "must match exactly one schema in oneOf",
    ],
    [
      "an app with neither",
      { "glasshouse:apps": [{ name: "shop" }] },
      "must match exactly one schema in oneOf",
    ],
    [
      "a name with capitals",
      { "glasshouse:apps": [{ ...app, name: "Shop" }] },
      "/name must match pattern",
    ],
    [
      "an environment variable that is a number",
      { "glasshouse:apps": [{ ...app, environment: { PORT: 80 } }] },
      "/environment/PORT must be string",
    ],
    [
      "a variable's name with a hyphen",
      { "glasshouse:apps": [{ ...app, environment: { "A-B": "x" } }] },
      "/environment property name must be valid",
    ],
    [
      "a secret in the midst of settings",
      { "glasshouse:apps": [{ ...app, environment: { KEY: { secure: "v1:a" } } }] },
      "/environment/KEY must be string",
    ],
    [
      "an exception without a reason",
      { "glasshouse:policy": { allow: [{ rule: "non-root", resource: "shop" }] } },
      "must have required property 'reason'",
    ],
    [
      "an exception from no rule",
      {
        "glasshouse:policy": {
          allow: [{ rule: "nonroot", resource: "shop", reason: "it is a test" }],
        },
      },
      "/rule must be equal to one of the allowed values",
    ],
  ])("refuses %s", (_, config, mistake) => {
    expect(findMistakes(config)).toContainEqual(expect.stringContaining(mistake));
  });

  it("refuses an unknown key beside config", () => {
    expect(validate({ confg: {} })).toBe(false);
  });

  it("gives each setting a description that editors can show", () => {
    expect(renderStackSchema().match(/"description": "/g)).toHaveLength(
      renderStackSchema().match(/"markdownDescription": "/g)?.length ?? 0,
    );
  });
});
