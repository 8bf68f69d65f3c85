import { z } from "zod";
import { buildListSchema } from "../../validation/listSchema.ts";
import { checkDevices, deviceFields } from "../hardware/deviceSchema.ts";
import { additionSchemas } from "./additionsSchema.ts";
import { benchmarksSchema } from "./benchmarksSchema.ts";
import { checkpointsSchema } from "./checkpointsSchema.ts";
import { executionSchema } from "./executionSchema.ts";
import type { AxisValue } from "../matrix/axisSettings.ts";
import { protocolNames } from "../matrix/families.ts";
import { benchmarkRepositories, hubRepositories } from "../matrix/hubRepositories.ts";
import { trackerSchema } from "./trackerSchema.ts";
import { buildCountSchema, buildPatternSchema, buildRuleError, commitSchema, objectNameSchema } from "./schemaParts.ts";

const pinnableRepositories = [...hubRepositories, ...Object.values(benchmarkRepositories)];

/** The names on each axis of the matrix: the study's and those that the stack adds. */
export interface MatrixNames {
  readonly families: readonly string[];
  readonly mixtures: readonly string[];
  readonly categories: readonly string[];
  /** The names that an omitted axis has, if others exist: those of a corpora stack. */
  readonly own?: Readonly<Record<"mixtures" | "categories", readonly string[]>>;
}

type AxisSchemas = Readonly<Record<string, z.ZodType<readonly AxisValue[] | undefined>>>;

/** Builds the key `axes` of stacks with cells or mixtures. An omitted axis of the matrix has all names. */
function buildAxesSchema(names: MatrixNames, settings: AxisSchemas = {}) {
  const { mixtures, categories, own = names } = names;
  return z
    .strictObject({
      data: buildListSchema(z.enum(mixtures))
        .min(1)
        .default([...own.mixtures]),
      categories: buildListSchema(z.enum(categories))
        .min(1)
        .default([...own.categories]),
      ...settings,
    })
    .prefault({})
    .describe("the selected part of the matrix, with one cell for each combination; an omitted axis is complete");
}

/** The keys that all kinds of stack have. */
export const commonKeys = {
  ...additionSchemas,
  cluster: z.string().min(1).default("dev").describe("the cluster that the stack runs on: a stack of infra/"),
  tokenSecret: objectNameSchema
    .exactOptional()
    .describe("a Secret of the namespace whose key HF_TOKEN gives access to gated repositories"),
  revisions: z
    .strictObject(Object.fromEntries(pinnableRepositories.map((name) => [name, commitSchema.optional()])))
    .default({})
    .describe("the commits to read from the Hugging Face hub, by repository"),
};

const priceSchema = z.strictObject({
  perGpuHour: z.number().min(0),
  currency: buildPatternSchema(
    /^[A-Z]{3}$/,
    buildRuleError("not-a-currency", "must be a currency code of three capital letters, like EUR"),
  ),
});

/** The schemas of the settings of recipes, as overrides and as axes. */
interface SettingSchemas {
  readonly overrideSchema: z.ZodObject;
  readonly axisSchemas: AxisSchemas;
}

export function buildFamilySchema({ overrideSchema, axisSchemas }: SettingSchemas, names: MatrixNames) {
  return z.strictObject({
    family: z.enum(names.families).describe("the model family of the cells"),
    protocol: z.enum(protocolNames).describe("the source of the recipes (docs/recipes.md)"),
    axes: buildAxesSchema(names, axisSchemas),
    corpora: z
      .string()
      .exactOptional()
      .describe("the corpora stack that makes the text; what its file adds and its commits hold here, too"),
    ...commonKeys,
    hardware: checkDevices(
      z.strictObject({ ...deviceFields, nodesPerCell: buildCountSchema(1024).default(1) }),
    ).describe("the hardware of a cell"),
    overrides: z
      .record(z.string(), overrideSchema)
      .default({})
      .describe("by the id of a cell or a pattern like L3-*: LLaMA-Factory settings that replace those of its recipe"),
    kind: z.literal("family").default("family").describe("family: the cells of a model family"),
    queue: objectNameSchema.exactOptional().describe("the LocalQueue of the pods with GPUs; the cluster's if omitted"),
    price: priceSchema.exactOptional().describe("for the plan"),
    sequenceLength: buildCountSchema(131072)
      .exactOptional()
      .describe(
        "tokens of a training sequence (cutoff_len); 1024 if omitted, as inferred for the study, and 256 for miniature",
      ),
    checkpoints: checkpointsSchema.describe(
      "the checkpoints that are evaluated (study, last, steps, {every: N}), where training stops, and what is kept",
    ),
    execution: executionSchema,
    tracker: trackerSchema,
    stopsEvery: z
      .number()
      .gt(0)
      .max(8760)
      .default(24)
      .describe("hours between two stops of a run by its site, for the plan's interval between checkpoints"),
    benchmarks: benchmarksSchema.describe("differences from the study's evaluation, and added benchmarks"),
  });
}

export function buildCorporaSchema(names: MatrixNames) {
  return z.strictObject({
    kind: z.literal("corpora").describe("corpora: the mixtures that families share"),
    axes: buildAxesSchema(names),
    ...commonKeys,
  });
}

export type ParsedFamily = z.infer<ReturnType<typeof buildFamilySchema>>;
export type ParsedCorpora = z.infer<ReturnType<typeof buildCorporaSchema>>;
