import { z } from "zod";
import { buildMapSchema } from "../../validation/completeSchemas.ts";
import { buildListSchema } from "../../validation/listSchema.ts";
import { mixtureSchema, textSourceSchema } from "./mixturesSchema.ts";
import {
  buildCountSchema,
  buildRuleError,
  commitSchema,
  languagePairSchema,
  languageSchema,
  repositorySchema,
  wordCountSchema,
} from "./schemaParts.ts";

const maxNameLength = 20;
const matrixNamePattern = /^[A-Za-z0-9]+([.+-][A-Za-z0-9]+)*$/;

function isMatrixName(text: string): boolean {
  return text.length <= maxNameLength && matrixNamePattern.test(text);
}

/** The schema of an added name, which becomes part of ids, slugs and labels. */
const nameSchema = z
  .string()
  .refine(
    isMatrixName,
    buildRuleError(
      "not-a-name",
      `must have at most ${String(maxNameLength)} characters: letters and digits, ` +
        "with single dots, dashes or plus signs between them",
    ),
  )
  .meta({ pattern: matrixNamePattern.source, maxLength: maxNameLength });

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

const addedCategorySchema = z.strictObject({
  title: z.string().min(1),
  training: buildListSchema(languageSchema),
  related: buildListSchema(languageSchema).default([]),
  words: z
    .strictObject({
      monolingual: buildMapSchema(languageSchema, wordCountSchema).default({}),
      bilingual: buildMapSchema(
        languagePairSchema,
        z.tuple([wordCountSchema, wordCountSchema], "must be two word counts, like [12672195, 9196313]"),
      ).default({}),
    })
    .prefault({}),
});

/** The schemas of the families, sources, mixtures and categories that a stack adds to the study's matrix, by name. */
export const additionSchemas = {
  families: buildMapSchema(nameSchema, addedFamilySchema)
    .default({})
    .describe("models in addition to the study's (docs/adding.md)"),
  sources: buildMapSchema(nameSchema, textSourceSchema)
    .default({})
    .describe("text in addition to the study's, for mixtures by weight (docs/adding.md)"),
  mixtures: buildMapSchema(nameSchema, mixtureSchema)
    .default({})
    .describe("kinds of data in addition to the study's: ingredients, or shares of a budget (docs/adding.md)"),
  categories: buildMapSchema(nameSchema, addedCategorySchema)
    .default({})
    .describe("language categories in addition to the study's (docs/adding.md)"),
};

export type MatrixAdditions = { [Key in keyof typeof additionSchemas]: z.infer<(typeof additionSchemas)[Key]> };
