import { z } from "zod";
import { buildVariantsSchema, evenIfFieldsAreInvalid } from "../../validation/completeSchemas.ts";
import { buildListSchema } from "../../validation/listSchema.ts";
import { addedBenchmarkFields, questionFields } from "./benchmarkFields.ts";
import { harnessBenchmarkSchema } from "./harnessBenchmarkSchema.ts";
import type { IdentificationBenchmark } from "./identificationSchema.ts";
import { identificationSchema } from "./identificationSchema.ts";

const directionsSchema = buildListSchema(z.enum(["xx-eng", "eng-xx"]))
  .min(1)
  .exactOptional();

function isExampleTemplate(text: string): boolean {
  return text.split("{text}").length === 2 && text.endsWith(" {label}");
}

const classificationSchema = z.strictObject({
  kind: z.literal("classification"),
  labels: buildListSchema(z.string().min(1)).min(2),
  heading: z.string().min(1).default("Topic Classification"),
  example: z
    .string()
    .refine(
      isExampleTemplate,
      'must contain {text} exactly once and end with " {label}", like: The topic of the verse "{text}" is {label}',
    ),
  question: z
    .string()
    .refine(
      (text) => text.split("{text}").length === 2,
      'must contain {text} exactly once, like: The label of "{text}" is',
    )
    .exactOptional(),
  ...addedBenchmarkFields,
});

const translationSchema = z.strictObject({
  kind: z.literal("translation"),
  directions: directionsSchema,
  ...addedBenchmarkFields,
});

const studyBenchmarkSchemas = {
  sib200: z.strictObject(questionFields).prefault({}),
  flores200: z.strictObject({ ...questionFields, directions: directionsSchema }).prefault({}),
};

const addedBenchmarkSchema = buildVariantsSchema(
  "kind",
  [classificationSchema, translationSchema, harnessBenchmarkSchema, identificationSchema],
  "an added benchmark needs the kind classification, translation, lm-eval or language-identification; " +
    `the study's benchmarks are ${Object.keys(studyBenchmarkSchemas).join(" and ")}`,
);

/** Checks a benchmark name. It becomes the name of a Job, and a pod's name has no room for a longer one. */
function isBenchmarkName(text: string): boolean {
  return /^[a-z][a-z0-9]{0,9}$/.test(text) && text !== "publish";
}

/** The schema of the changes to the study's two benchmarks and of the benchmarks that a stack adds, by name. */
export const benchmarksSchema = z
  .object(studyBenchmarkSchemas)
  .catchall(addedBenchmarkSchema)
  .superRefine((all, context) => {
    const message = "must be at most 10 lowercase letters and digits and start with a letter; publish is reserved";
    for (const name of Object.keys(all).filter((one) => !isBenchmarkName(one)))
      context.addIssue({ code: "custom", path: [name], message, params: { rule: "not-a-name" } });
  }, evenIfFieldsAreInvalid)
  .transform(({ sib200, flores200, ...added }) => ({
    sib200,
    flores200,
    added: added as Readonly<Record<string, AddedBenchmark>>,
  }))
  .prefault({});

export type AddedBenchmark = z.infer<typeof addedBenchmarkSchema>;
/** An added benchmark that asks the model, in contrast to one that reads its translations. */
export type AskedBenchmark = Exclude<AddedBenchmark, IdentificationBenchmark>;
export type BenchmarkChanges = z.infer<typeof benchmarksSchema>;
