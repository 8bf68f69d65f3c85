import tseslint from "typescript-eslint";

const longestFile = 250;
const longestFunction = 50;
const testFiles = ["**/*.test.ts", "**/*.fixture.ts", "tests/**/*.ts"];

/** One dialect: a reader never meets two ways to write one thing. Prettier has the white space. */
const dialect = [
  {
    selector:
      ":matches(Program, ExportNamedDeclaration) > VariableDeclaration > VariableDeclarator:not([id.typeAnnotation]) > ArrowFunctionExpression",
    message: "Write a top-level function as a function declaration.",
  },
  {
    selector: "TSInterfaceBody > TSPropertySignature[readonly!=true]",
    message: "Fields of an interface are readonly.",
  },
  { selector: "ImportSpecifier[importKind='type']", message: "Import types with an `import type` of their own." },
  { selector: "ExportDefaultDeclaration", message: "Name what you export." },
  {
    selector: "CallExpression[callee.property.name='localeCompare'][arguments.length<2]",
    message: "Name the locale: that of the user may sort in another order.",
  },
];

/** Two YAML libraries, so that the tests read with one what the program wrote with the other. */
const programYaml = { name: "js-yaml", message: "The program reads and writes YAML with `yaml`." };
const testYaml = {
  name: "yaml",
  importNames: ["parse", "parseDocument", "parseAllDocuments"],
  message: "Tests read YAML with `js-yaml`: the program wrote it with `yaml`.",
};

export default tseslint.config(
  { ignores: ["node_modules", ".mixcpt", "images", "tests/rendered", "**/*.cjs"] },
  ...tseslint.configs.strict,
  {
    files: ["**/*.ts"],
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/consistent-type-definitions": ["error", "interface"],
      "@typescript-eslint/ban-ts-comment": [
        "error",
        { "ts-ignore": true, "ts-nocheck": true, "ts-expect-error": true },
      ],
      "@typescript-eslint/naming-convention": [
        "error",
        { selector: "typeLike", format: ["PascalCase"] },
        { selector: "function", format: ["camelCase"], leadingUnderscore: "forbid" },
        { selector: "parameter", format: ["camelCase"], leadingUnderscore: "allow" },
        { selector: "parameter", modifiers: ["destructured"], format: null },
      ],
      "no-restricted-syntax": ["error", ...dialect],
      "no-restricted-properties": [
        "error",
        { object: "process", property: "env", message: "Only workspace/environment.ts reads the environment." },
      ],
      "no-restricted-imports": ["error", programYaml],
      "func-style": ["error", "declaration", { allowArrowFunctions: true }],
      "max-lines": ["error", { max: longestFile, skipBlankLines: false }],
      "max-lines-per-function": [
        "error",
        { max: longestFunction, skipBlankLines: true, skipComments: true, IIFEs: true },
      ],
      "max-params": ["error", 3],
      eqeqeq: "error",
    },
  },
  {
    files: testFiles,
    rules: { "max-lines-per-function": "off", "max-lines": "off", "no-restricted-imports": ["error", testYaml] },
  },
  { files: ["workspace/environment.ts"], rules: { "no-restricted-properties": "off" } },
);
