import { z } from "zod";
import { stackFileSchema } from "../../cli/engine/stackDeclarations.ts";
import { clusterFileSchema } from "../../infra/clusterConfig.ts";
import { buildCorporaSchema, buildEvaluationSchema, buildFamilySchema } from "../../jobs/config/index.ts";
import { studyMatrix } from "../../jobs/matrix/index.ts";
import { recipeRules } from "../../jobs/train/index.ts";

export type JsonSchema = z.core.JSONSchema.BaseSchema;

const studyNames = {
  families: Object.keys(studyMatrix.families),
  mixtures: Object.keys(studyMatrix.mixtures),
  categories: Object.keys(studyMatrix.categories),
};

/** Lets an editor offer the study's names on an axis, and accept those that a stack adds. */
function acceptAddedNames({ jsonSchema }: { jsonSchema: JsonSchema }): void {
  const { enum: names } = jsonSchema;
  if (!Object.values(studyNames).some((known) => JSON.stringify(known) === JSON.stringify(names))) return;
  delete jsonSchema.enum;
  delete jsonSchema.type;
  jsonSchema.anyOf = [{ enum: names ?? [] }, { type: "string" }];
}

/** Converts a schema of the program into one of a file that people write: keys with a default may be omitted. */
function convertInputSchema(schema: z.ZodType): JsonSchema {
  // a schema of the kind z.custom has its JSON schema in its metadata
  return z.toJSONSchema(schema, { target: "draft-7", io: "input", unrepresentable: "any", override: acceptAddedNames });
}

function getDefinitions({ definitions }: JsonSchema): Readonly<Record<string, unknown>> {
  return definitions as Readonly<Record<string, unknown>>;
}

/** Moves the keys of a stack's configuration into Pulumi's namespace, beside those of other programs. */
function prefixConfigKeys({ properties = {}, required = [] }: JsonSchema): JsonSchema {
  return {
    properties: Object.fromEntries(Object.entries(properties).map(([key, schema]) => [`mixcpt:${key}`, schema])),
    patternProperties: { "^(?!mixcpt:)[^:]+:": {} },
    additionalProperties: false,
    required: required.map((key) => `mixcpt:${key}`),
  };
}

function buildFileSchema(title: string, config: JsonSchema): JsonSchema {
  const file = convertInputSchema(stackFileSchema.unwrap());
  return { ...file, title, properties: { ...file.properties, config }, required: ["config"] };
}

function hasKind(kind: string): JsonSchema {
  return { properties: { "mixcpt:kind": { const: kind } }, required: ["mixcpt:kind"] };
}

/** Builds the JSON schema of `Pulumi.STACK.yaml`, which has the keys of a family, corpora or an evaluation. */
export function buildStackFileJsonSchema(): JsonSchema {
  const corpora = convertInputSchema(buildCorporaSchema(studyNames));
  const family = convertInputSchema(buildFamilySchema(recipeRules, studyNames));
  const evaluation = convertInputSchema(buildEvaluationSchema(studyNames));
  const config = {
    type: "object",
    if: hasKind("corpora"),
    then: prefixConfigKeys(corpora),
    else: { if: hasKind("evaluation"), then: prefixConfigKeys(evaluation), else: prefixConfigKeys(family) },
  } as const;
  return {
    ...buildFileSchema("a stack of experiments (docs/stacks.md)", config),
    definitions: { ...getDefinitions(corpora), ...getDefinitions(evaluation), ...getDefinitions(family) },
  };
}

/** Builds the JSON schema of `infra/Pulumi.STACK.yaml`. */
export function buildClusterFileJsonSchema(): JsonSchema {
  const { properties, required } = convertInputSchema(clusterFileSchema);
  return buildFileSchema("the cluster that experiments run on (docs/cluster.md)", {
    type: "object",
    ...(properties && { properties }),
    ...(required && { required }),
  });
}
