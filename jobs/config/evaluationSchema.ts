import { z } from "zod";
import { buildMapSchema } from "../../validation/completeSchemas.ts";
import { buildListSchema } from "../../validation/listSchema.ts";
import { checkDevices, deviceFields } from "../hardware/deviceSchema.ts";
import { benchmarksSchema } from "./benchmarksSchema.ts";
import type { MatrixNames } from "./configSchema.ts";
import { commonKeys } from "./configSchema.ts";
import { buildPatternSchema, buildRuleError, commitSchema, objectNameSchema, repositorySchema } from "./schemaParts.ts";

/** The name of a model becomes part of names in Kubernetes, like the id of a cell; its length is checked there. */
const modelNameSchema = buildPatternSchema(
  /^[A-Za-z][A-Za-z0-9]*([.+-][A-Za-z0-9]+)*$/,
  buildRuleError(
    "not-a-name",
    "must start with a letter and have letters and digits, with single dots, dashes or plus signs between them",
  ),
);

const storePathSchema = buildPatternSchema(
  /^(?!\.{1,2}(\/|$))[\w.+-]+(\/(?!\.{1,2}(\/|$))[\w.+-]+)*$/,
  buildRuleError(
    "not-a-name",
    "must be a folder below the store, without the store's own path, like runs/l3-mono-alt-c38b1b3d/checkpoint-5000",
  ),
);

function buildModelSchema({ families, categories }: MatrixNames) {
  return z.strictObject({
    repository: repositorySchema.exactOptional().describe("of the Hugging Face hub"),
    revision: commitSchema.exactOptional().describe("the commit of the repository"),
    path: storePathSchema.exactOptional().describe("in place of a repository: a folder of weights below the store"),
    family: z
      .enum(families)
      .exactOptional()
      .describe("the model family, for a name that is neither a cell nor a base model"),
    categories: buildListSchema(z.enum(categories))
      .min(1)
      .exactOptional()
      .describe("the categories in whose languages it is evaluated; all if omitted, and those of a cell's name"),
  });
}

/** The key `models`: what an evaluation stack evaluates, by name. */
function buildModelsSchema(names: MatrixNames) {
  return buildMapSchema(modelNameSchema, buildModelSchema(names))
    .refine((models) => Object.keys(models).length > 0, buildRuleError("missing-key", "name at least one model"))
    .describe("models of the hub or folders of the store, by the id of a cell (L3-Mono-Alt), L3-base, or another name");
}

export function buildEvaluationSchema(names: MatrixNames) {
  return z.strictObject({
    kind: z.literal("evaluation").describe("evaluation: models that are scored and not trained"),
    models: buildModelsSchema(names),
    ...commonKeys,
    hardware: checkDevices(z.strictObject(deviceFields)).describe("the devices of a node"),
    queue: objectNameSchema.exactOptional().describe("the LocalQueue of the pods with GPUs; the cluster's if omitted"),
    benchmarks: benchmarksSchema.describe("differences from the study's evaluation, and added benchmarks"),
  });
}

export type ParsedEvaluation = z.infer<ReturnType<typeof buildEvaluationSchema>>;
/** A model as the file states it. */
export type ModelEntry = ParsedEvaluation["models"][string];
