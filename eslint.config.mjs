import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** Who may import whom; see docs/architecture.md. */
function forbidImports(patterns, message) {
  return { "no-restricted-imports": ["error", { patterns: [{ regex: patterns, message }] }] };
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
    message: "Only config/readSettings.ts reads the stack's config.",
  },
  {
    selector: "CallExpression[callee.property.name='apply'] CallExpression[callee.name='expect']",
    message: "An expectation inside apply may never run: await the value first.",
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
    files: ["config/readSettings.ts"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    files: ["config/**/*.ts"],
    ignores: ["config/readSettings.ts", "config/userMistake.ts"],
    rules: forbidImports(
      "@pulumi/|/(components|providers|engine|setup|tests)/",
      "config is plain data in, plain data out.",
    ),
  },
  {
    files: ["config/grafana/**/*.ts", "tests/**/*.ts"],
    // The classic dashboard schema is what Grafana provisions from files; the one that the SDK prefers is refused there.
    rules: { "@typescript-eslint/no-deprecated": "off" },
  },
  {
    files: ["engine/**/*.ts"],
    rules: forbidImports(
      "@pulumi/|/(components|providers|config|setup|tests)/",
      "engine knows a Docker host and nothing of Pulumi.",
    ),
  },
  {
    files: ["policy/**/*.ts"],
    ignores: ["policy/index.ts", "policy/readStackFacts.ts"],
    rules: forbidImports(
      "@pulumi/|/(components|providers|engine|setup|tests)/",
      "Rules are plain data in, plain data out.",
    ),
  },
  {
    files: ["providers/*.ts"],
    rules: forbidImports(
      "@pulumi/|/(components|config|setup|tests)/",
      "providers use engine and the Docker API only.",
    ),
  },
  {
    files: ["report/**/*.ts"],
    rules: forbidImports(
      "@pulumi/|/(components|providers|setup|tests)/|/engine/(?!renderUnifiedDiff)",
      "report turns what Pulumi printed into words: plain data in, text out.",
    ),
  },
  {
    files: ["components/*.ts"],
    rules: forbidImports(
      "^\\./(?!shared/)|/(providers|setup|tests)/",
      "A component never imports a sibling: index.ts wires them.",
    ),
  },
  {
    files: ["components/shared/*.ts"],
    rules: forbidImports(
      "^\\.\\./(?!\\.\\./(config|engine)/)|/(providers|setup|tests)/",
      "What components share imports config and engine only.",
    ),
  },
  {
    files: ["tests/**/*.ts"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      // @types/jest spells its matchers with intersections of `unknown`.
      "@typescript-eslint/no-redundant-type-constituents": "off",
    },
  },
);
