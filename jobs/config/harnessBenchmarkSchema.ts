import { z } from "zod";
import { buildMapSchema, evenIfFieldsAreInvalid, isMap } from "../../validation/completeSchemas.ts";
import { buildListSchema } from "../../validation/listSchema.ts";
import { addedBenchmarkFields } from "./benchmarkFields.ts";
import { buildPatternSchema, buildRuleError, commitSchema, languageSchema, repositorySchema } from "./schemaParts.ts";

const taskNameSchema = buildPatternSchema(
  /^[\w.-]+$/,
  buildRuleError("not-a-name", "must be the name of one task of lm-evaluation-harness, like afrixnli_zul_prompt_1"),
);

const taskTemplateSchema = buildPatternSchema(
  /^[\w.-]*\{language\}[\w.-]*$/,
  buildRuleError(
    "not-a-name",
    "must contain {language} exactly once, like belebele_{language}; tasks: {zul_Latn: xnli_zu} names one per language",
  ),
);

const metricSchema = buildPatternSchema(
  /^[A-Za-z]\w*(,[\w-]+)?$/,
  buildRuleError("not-a-name", "must be a metric of the task, like acc, with the filter of the answers if it has one"),
);

/** Files of the hub at a commit: the card, which names the files of each language, and those files. */
const datasetSchema = z.strictObject({
  repository: repositorySchema,
  revision: commitSchema,
  files: buildListSchema(z.string().min(1)).min(1),
});

/** Names what is missing to know the task of each language. */
function findTaskProblem(fields: Readonly<Record<string, unknown>>): [key: string, message: string] | undefined {
  const { task, tasks, languages } = fields;
  if (task === undefined && tasks === undefined)
    return ["task", "missing; must be like belebele_{language}, or give tasks: the name of the task by language"];
  if (task !== undefined && tasks !== undefined) return ["tasks", "not beside task; remove one of them"];
  if (task !== undefined && languages === undefined)
    return ["languages", "missing; list the languages that have a task, like [eng_Latn, zul_Latn]"];
  if (tasks !== undefined && languages !== undefined)
    return ["languages", "not beside tasks, which names them; remove it"];
  return undefined;
}

/** The schema of a benchmark that EleutherAI's lm-evaluation-harness evaluates. */
export const harnessBenchmarkSchema = z
  .strictObject({
    kind: z.literal("lm-eval"),
    task: taskTemplateSchema.exactOptional(),
    tasks: buildMapSchema(languageSchema, taskNameSchema).exactOptional(),
    metric: metricSchema.default("acc"),
    dataset: datasetSchema.exactOptional(),
    backend: z.enum(["transformers", "vllm"]).exactOptional(),
    ...addedBenchmarkFields,
  })
  .superRefine((fields, context) => {
    const [key, message] = (isMap(fields) ? findTaskProblem(fields) : undefined) ?? [];
    if (key !== undefined) context.addIssue({ code: "custom", path: [key], message, params: { rule: "missing-key" } });
  }, evenIfFieldsAreInvalid);

/** A benchmark that lm-evaluation-harness evaluates. */
export type HarnessBenchmark = z.infer<typeof harnessBenchmarkSchema>;
