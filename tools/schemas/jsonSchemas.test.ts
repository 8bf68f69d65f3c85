import { globSync, readFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import Ajv from "ajv";
import { load } from "js-yaml";
import { buildJsonSchemas, formatJsonSchema } from "./jsonSchemas.ts";

const schemas = buildJsonSchemas();
const schemaFiles = { ".": "docs/stack.schema.json", infra: "docs/cluster.schema.json" } as const;
const stackFiles = globSync(["Pulumi.*.yaml", "infra/Pulumi.*.yaml"]).map(
  (file) => [file, schemaFiles[dirname(file) as keyof typeof schemaFiles]] as const,
);

interface KindKeys {
  readonly properties: Record<string, { description?: string }>;
}

/** The keys of corpora, of an evaluation, and of a family, in this order. */
interface StackJsonSchema {
  readonly properties: { config: { then: KindKeys; else: { then: KindKeys; else: KindKeys } } };
}

function listSchemaErrors(schemaFile: string, file: string): string[] {
  const validator = new Ajv({ allErrors: true });
  const schema = JSON.parse(readFileSync(schemaFile, "utf8")) as object;
  void validator.validate(schema, load(readFileSync(file, "utf8")));
  return (validator.errors ?? []).map(({ dataPath, message }) => `${dataPath} ${message ?? ""}`);
}

it.each([...schemas])("%s equals the schema in the code: npm run schemas writes it again", (file, schema) => {
  expect(readFileSync(file, "utf8")).toBe(formatJsonSchema(schema));
});

describe("a stack file", () => {
  it.each(stackFiles)("%s names its schema in the first line, for editors, and fits it", (file, schemaFile) => {
    const path = relative(dirname(file), schemaFile);
    expect(readFileSync(file, "utf8").split("\n")[0]).toBe(`# yaml-language-server: $schema=${path}`);
    expect(listSchemaErrors(schemaFile, file)).toEqual([]);
  });

  it.each(globSync("tests/config/valid/*.yaml"))("that the program accepts fits the schema: %s", (file) => {
    expect(listSchemaErrors(schemaFiles["."], file)).toEqual([]);
  });

  it.each([
    "unknown-key",
    "missing-key",
    "wrong-type",
    "not-allowed",
    "out-of-range",
    "not-a-name",
    "not-a-commit",
    "not-a-currency",
    "unknown-language",
    "fixed-by-the-project",
  ])("that breaks the rule %s does not fit the schema", (rule) => {
    expect(listSchemaErrors(schemaFiles["."], `tests/config/invalid/${rule}.yaml`)).not.toEqual([]);
  });
});

it("an editor shows what each key of a stack file means", () => {
  const { properties: file } = JSON.parse(readFileSync("docs/stack.schema.json", "utf8")) as StackJsonSchema;
  const { then: corpora, else: others } = file.config;
  const keys = [corpora, others.then, others.else].flatMap(({ properties }) => Object.entries(properties));
  expect(keys.filter(([, { description }]) => description === undefined).map(([key]) => key)).toEqual([]);
});
