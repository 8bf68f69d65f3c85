import tseslint from "typescript-eslint";

const domainFile = 250;

export default tseslint.config(
  { ignores: ["node_modules", ".mixcpt", "report", "images", "tests/rendered", "**/*.cjs"] },
  ...tseslint.configs.strict,
  {
    files: ["**/*.ts"],
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/ban-ts-comment": ["error", { "ts-ignore": true, "ts-nocheck": true, "ts-expect-error": true }],
      "no-restricted-syntax": ["error", { selector: "ExportDefaultDeclaration", message: "Name what you export." }],
      "no-restricted-properties": ["error", { object: "process", property: "env", message: "Only infra/environment.ts reads the environment." }],
      "max-lines": ["error", { max: domainFile, skipBlankLines: false }],
      "max-lines-per-function": ["error", { max: 50, skipBlankLines: true, skipComments: true, IIFEs: true }],
      "max-params": ["error", 3],
      eqeqeq: "error",
    },
  },
  { files: ["**/*.test.ts", "tests/**/*.ts"], rules: { "max-lines-per-function": "off", "max-lines": "off" } },
  { files: ["infra/environment.ts"], rules: { "no-restricted-properties": "off" } },
);
