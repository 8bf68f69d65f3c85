import { z } from "zod";
import { buildCountSchema, languageSchema, buildListSchema } from "./schemaParts.ts";

/** How a benchmark is asked; what is left out is the study's, or the miniature's. */
const questionFields = {
  shots: z.number().int().min(0).max(64).exactOptional(),
  seed: z.number().int().min(0).exactOptional(),
  limit: buildCountSchema(1e6).exactOptional(),
};

const directionsSchema = buildListSchema(z.enum(["xx-eng", "eng-xx"]))
  .min(1)
  .exactOptional();

/** Of every added benchmark: items of its test split, and the languages that it has, where it lacks some of the study's. */
const addedBenchmarkFields = {
  items: buildCountSchema(1e6),
  languages: buildListSchema(languageSchema).min(1).exactOptional(),
  ...questionFields,
};

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
      'this must hold {text} once and end with " {label}", as in: The topic of the verse "{text}" is {label}',
    ),
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

const addedBenchmarkSchema = z.discriminatedUnion("kind", [classificationSchema, translationSchema], {
  error: `a benchmark of your own needs a kind, classification or translation; the study's are ${Object.keys(studyBenchmarkSchemas).join(" and ")}`,
});

/** Its Job is named by it, and a pod's name has no room for more. */
function isBenchmarkName(text: string): boolean {
  return /^[a-z][a-z0-9]{0,9}$/.test(text) && text !== "publish";
}

/** What a stack changes of the study's two benchmarks, and beside them, by name, those that it adds. */
export const benchmarksSchema = z
  .object(studyBenchmarkSchemas)
  .catchall(addedBenchmarkSchema)
  .superRefine((all, context) => {
    const message = "this must be at most 10 lower case letters and digits, a letter first, and not publish";
    for (const name of Object.keys(all).filter((one) => !isBenchmarkName(one)))
      context.addIssue({ code: "custom", path: [name], message, params: { rule: "not-a-name" } });
  })
  .transform(({ sib200, flores200, ...added }) => ({
    sib200,
    flores200,
    added: added as Readonly<Record<string, AddedBenchmark>>,
  }))
  .prefault({});

export type AddedBenchmark = z.infer<typeof addedBenchmarkSchema>;
export type BenchmarkChanges = z.infer<typeof benchmarksSchema>;
