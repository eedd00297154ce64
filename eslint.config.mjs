import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** Every folder, and what a file of it may import besides its own folder and packages; see docs/architecture.md. */
export const rooms = {
  config: { may: ["board/server/renderWebServerConfig"], why: "Plain data in, plain data out." },
  components: {
    may: ["config", "host", "resources"],
    why: "A component declares resources; index.ts wires components.",
  },
  resources: { may: ["host"], why: "A resource knows a host, and nothing of the stack." },
  host: { may: [], why: "A Docker host, and nothing of Pulumi." },
  runtime: { may: [], why: "Runs before anything of ours is loaded." },
  policy: {
    may: ["config", "resources/types"],
    why: "Rules are plain data in, plain data out.",
  },
  cli: {
    may: ["config", "host", "resources", "policy"],
    why: "Commands use everything but components, tests and bench.",
  },
  bench: {
    may: ["config", "host", "resources", "cli", "policy"],
    why: "Measures the product as its user runs it.",
  },
};

const folders = [...Object.keys(rooms), "tests", "samples", "board", "docs"];

/** @param packages names of npm packages that are out of bounds, as a regular expression */
function forbidImports(folder, packages) {
  const { may, why } = rooms[folder];
  const others = folders.filter((each) => each !== folder && !may.includes(each));
  // `resources/types` opens one file of a folder.
  const open = may.filter((each) => each.includes("/"));
  const closed = others.map((each) => {
    const exceptions = open.filter((path) => path.startsWith(`${each}/`));
    const except = exceptions.map((path) => path.slice(each.length + 1)).join("|");
    return `^(\\.\\./)+${each}/${except === "" ? "" : `(?!(${except})(\\.ts)?$)`}`;
  });
  const patterns = [...closed, "^(\\.\\./)+index$", ...(packages ? [packages] : [])];
  return {
    "no-restricted-imports": [
      "error",
      { patterns: patterns.map((regex) => ({ regex, message: why })) },
    ],
  };
}

const traps = [
  {
    selector:
      "ClassDeclaration[superClass.property.name='ComponentResource']:not(:has(CallExpression[callee.property.name='registerOutputs']))",
    message: "A component ends its constructor with this.registerOutputs.",
  },
  {
    selector:
      "ClassDeclaration[superClass.property.name='ComponentResource'] CallExpression[callee.type='Super'][arguments.length!=4]",
    message:
      "A component's super takes type, name, inputs and options: options as the third argument are taken for inputs.",
  },
  {
    selector: "NewExpression[callee.object.name='pulumi'][callee.property.name='Config']",
    message: "Only config/settings/readSettings.ts reads the stack's config.",
  },
  {
    selector: "CallExpression[callee.property.name='apply'] CallExpression[callee.name='expect']",
    message: "An expectation inside apply may never run: await the value first.",
  },
  {
    selector: "CallExpression[callee.name='require'][arguments.0.value=/^\\./]",
    message: "Modules of our own are loaded by import; late ones by `await import()`.",
  },
];

export default defineConfig(
  { ignores: ["node_modules/", "samples/", "coverage/", "board/"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // An interface may ask for a promise where one implementation has nothing to wait for.
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "no-restricted-syntax": ["error", ...traps],
      "no-restricted-exports": ["error", { restrictDefaultExports: { direct: true } }],
    },
  },
  {
    files: ["**/*.mjs", "**/*.cjs", "**/*.js"],
    languageOptions: { globals: { console: "readonly", process: "readonly" } },
    rules: { "no-undef": "off", "no-unused-vars": "error", "prefer-const": "error" },
  },
  { files: ["config/settings/readSettings.ts"], rules: { "no-restricted-syntax": "off" } },
  {
    files: ["config/**/*.ts"],
    ignores: ["config/settings/readSettings.ts", "config/userMistake.ts"],
    rules: forbidImports("config", "^@pulumi/"),
  },
  {
    files: ["config/settings/readSettings.ts", "config/userMistake.ts"],
    rules: forbidImports("config"),
  },
  {
    files: ["config/grafana/**/*.ts", "tests/**/*.ts"],
    // The classic dashboard schema is what Grafana provisions from files; the one that the SDK prefers is refused there.
    rules: { "@typescript-eslint/no-deprecated": "off" },
  },
  { files: ["host/**/*.ts"], rules: forbidImports("host", "^@pulumi/") },
  {
    files: ["runtime/**/*.{ts,cjs}"],
    rules: forbidImports("runtime", "^@pulumi/(?!pulumi/package\\.json$)"),
  },
  {
    files: ["policy/**/*.{ts,cjs}"],
    ignores: ["policy/index.ts", "policy/readStackFacts.ts", "policy/start.cjs"],
    rules: forbidImports("policy", "^@pulumi/"),
  },
  { files: ["resources/*/provider.ts"], rules: forbidImports("resources", "^@pulumi/") },
  {
    files: ["resources/**/*.ts"],
    ignores: ["resources/*/provider.ts"],
    rules: forbidImports("resources"),
  },
  {
    files: ["components/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            ...forbidImports("components")["no-restricted-imports"][1].patterns,
            {
              regex: "^\\./(?!shared/|preflight/)",
              message: "A component never imports a sibling: index.ts wires them.",
            },
            {
              regex: "resources/.*/provider$",
              message: "A provider runs in a process of its own, resources/plugin.",
            },
          ],
        },
      ],
    },
  },
  { files: ["components/*/*.ts"], rules: forbidImports("components") },
  { files: ["cli/**/*.{ts,mjs}"], rules: forbidImports("cli", "^@pulumi/") },
  { files: ["bench/**/*.ts"], rules: forbidImports("bench") },
  {
    files: ["tests/**/*.ts"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      // @types/jest spells its matchers with intersections of `unknown`.
      "@typescript-eslint/no-redundant-type-constituents": "off",
      "no-restricted-syntax": [
        "error",
        ...traps.filter(({ selector }) => !selector.includes("'require'")),
      ],
    },
  },
);
