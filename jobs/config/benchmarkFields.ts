import { z } from "zod";
import { buildListSchema } from "../../validation/listSchema.ts";
import { buildCountSchema, languageSchema } from "./schemaParts.ts";

/** The settings of any benchmark; the study's (or the miniature's) apply where one is omitted. */
export const questionFields = {
  shots: z.number().int().min(0).max(64).exactOptional(),
  seed: z.number().int().min(0).exactOptional(),
  limit: buildCountSchema(1e6).exactOptional(),
};

/**
 * The settings of an added benchmark: the items of its test split, and its languages if it lacks some of the study's.
 */
export const addedBenchmarkFields = {
  items: buildCountSchema(1e6),
  languages: buildListSchema(languageSchema).min(1).exactOptional(),
  ...questionFields,
};
