import { z } from "zod";
import { buildListSchema } from "../../validation/listSchema.ts";
import { commitSchema, languageSchema, repositorySchema } from "./schemaParts.ts";

/** The schema of a fastText model on the hub, like GlotLID. */
const languageModelSchema = z.strictObject({
  repository: repositorySchema,
  revision: commitSchema,
  file: z.string().min(1).default("model.bin"),
});

/** The schema of a benchmark that identifies the language of another benchmark's translations. */
export const identificationSchema = z.strictObject({
  kind: z.literal("language-identification"),
  translations: z.string().default("flores200"),
  model: languageModelSchema.exactOptional(),
  languages: buildListSchema(languageSchema).min(1).exactOptional(),
});

/** A benchmark that identifies the language of another benchmark's translations. */
export type IdentificationBenchmark = z.infer<typeof identificationSchema>;
