import { z } from "zod";
import { ingredients } from "../matrix/axisNames.ts";
import {
  commitSchema,
  buildCountSchema,
  buildRuleError,
  languageSchema,
  languagePairSchema,
  buildListSchema,
} from "./schemaParts.ts";

const maxNameLength = 20;

function isMatrixName(text: string): boolean {
  return text.length <= maxNameLength && /^[A-Za-z0-9]+([.+-][A-Za-z0-9]+)*$/.test(text);
}

/** Ids, slugs and labels are made of these. */
const nameSchema = z
  .string()
  .refine(
    isMatrixName,
    buildRuleError(
      "not-a-name",
      `this must be at most ${String(maxNameLength)} letters and digits, with single dots, dashes or plus signs between them`,
    ),
  );

const repositorySchema = z
  .string()
  .refine(
    (text) => /^[\w.-]+\/[\w.-]+$/.test(text),
    buildRuleError("not-a-name", "this must be a repository of the hub, like Qwen/Qwen2.5-7B"),
  );

const modelShapeSchema = z.strictObject({
  parameters: buildCountSchema(1e13),
  hidden: buildCountSchema(1e6),
  layers: buildCountSchema(1e4),
  heads: buildCountSchema(1e4),
  keyValueHeads: buildCountSchema(1e4),
  feedForward: buildCountSchema(1e7),
  vocabulary: buildCountSchema(1e7),
});

const addedFamilySchema = z.strictObject({
  title: z.string().min(1),
  prefix: nameSchema,
  repository: repositorySchema,
  revision: commitSchema,
  gated: z.boolean().default(false),
  shape: modelShapeSchema,
});

const tokenCountSchema = buildCountSchema(1e13);

const addedCategorySchema = z.strictObject({
  title: z.string().min(1),
  training: buildListSchema(languageSchema),
  related: buildListSchema(languageSchema).default([]),
  tokens: z
    .strictObject({
      monolingual: z.record(languageSchema, tokenCountSchema).default({}),
      bilingual: z
        .record(
          languagePairSchema,
          z.tuple([tokenCountSchema, tokenCountSchema], "this must be two numbers, as in [12672195, 9196313]"),
        )
        .default({}),
    })
    .prefault({}),
});

/** What a stack adds to the study's matrix, by name. */
export const additionSchemas = {
  families: z.record(nameSchema, addedFamilySchema).default({}),
  mixtures: z.record(nameSchema, buildListSchema(z.enum(ingredients)).min(1)).default({}),
  categories: z.record(nameSchema, addedCategorySchema).default({}),
};

export type MatrixAdditions = { [Key in keyof typeof additionSchemas]: z.infer<(typeof additionSchemas)[Key]> };
