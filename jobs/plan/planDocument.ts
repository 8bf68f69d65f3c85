import { z } from "zod";
import type { LintFinding } from "../lint/warnings/lintRule.ts";
import { runLintRules } from "../lint/warnings/lintRules.ts";
import type { CellPlan } from "./cellPlan.ts";
import { buildLintCell } from "./cellPlan.ts";
import type { MixturePlan } from "./mixturePlan.ts";
import { buildModelDocument, plannedModelSchema } from "./modelPlan.ts";
import { rangeSchema, roundRange, roundToSixDigits } from "./planNumbers.ts";
import { buildRatesDocument, ratesSchema } from "./planRates.ts";
import type { StackPlan } from "./stackPlan.ts";
import { bestExecutionSchema, buildBestExecutionDocument, buildStepDocument, stepSchema } from "./stepDocument.ts";

const estimateSchema = z.strictObject({
  steps: z.int().positive().describe("optimizer steps of the whole schedule"),
  trainedSteps: z.int().positive().exactOptional().describe("steps until training stops; absent in older plans"),
  gpuHours: rangeSchema.describe(
    "of training with saves and held-out evaluations, billed as hours of a card; low and high end of the estimate",
  ),
  savingHours: z
    .number()
    .exactOptional()
    .describe("wall-clock hours in which training waits for checkpoints, a part of gpuHours; absent in older plans"),
  step: stepSchema.exactOptional(),
  memoryPerDeviceGB: z.number().describe("at the peak of a step, in 10^9 bytes"),
  fits: z.boolean().describe("with a tenth of the device left free"),
  checkpointGB: z.number().describe("one checkpoint with the optimizer's state"),
  diskGB: z.number().describe("the most that the run keeps in the store at a time"),
  wave: z
    .int()
    .positive()
    .describe("1 for a cell that starts at once, 2 for one that follows such a cell on its nodes, and so on"),
});

const tokenCountsSchema = z
  .strictObject({
    total: z.int(),
    low: z.int().exactOptional().describe("low end of the estimate of total; equal to it if the tokens were counted"),
    high: z.int().exactOptional(),
    from: z
      .enum(["words", "STATS.json", "steps"])
      .exactOptional()
      .describe("words: estimated from the words of the text; STATS.json: counted; steps: as many as the run reads"),
    bySource: z.record(z.string(), z.int()),
  })
  .describe("of one epoch; a source is monolingual, bilingual or code");

const plannedCellSchema = z.strictObject({
  id: z.string().describe("name in the paper"),
  slug: z.string().describe("name in Kubernetes"),
  run: z.string().describe("name of the training run; its hash changes with whatever changes the result"),
  model: z.string().describe("repository of the Hugging Face hub, or the name of a model that the stack makes"),
  data: z.string(),
  category: z.string(),
  axes: z
    .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
    .exactOptional()
    .describe("values on the axes that the stack adds, by setting; absent if it adds none"),
  languages: z.strictObject({ training: z.array(z.string()), related: z.array(z.string()) }),
  tokens: tokenCountsSchema,
  recipe: z.record(z.string(), z.unknown()).describe("settings of LLaMA-Factory"),
  evaluate: z.strictObject({
    checkpoint: z.int().describe("step of the checkpoint that has the cell's score"),
    checkpoints: z.array(z.int()).exactOptional().describe("steps of all evaluated checkpoints; absent in older plans"),
    benchmarks: z.array(z.string()),
  }),
  estimate: estimateSchema,
});

const plannedMixtureSchema = z.strictObject({
  id: z.string().describe("kind of data and category, as in the ids of the cells that read it"),
  slug: z.string(),
  job: z.string().describe("name of the JobSet that makes it; its hash changes with whatever changes the text"),
  tokens: tokenCountsSchema,
  languages: z.array(z.string()).describe("of its text, including English"),
  corpusGB: z.number().describe("size of the finished corpus"),
  diskGB: z.number().describe("the most that the store holds during preparation"),
  request: z
    .strictObject({ cpu: z.string(), memory: z.string() })
    .describe("of the pod that makes it, as Kubernetes quantities; no GPU"),
});

const totalsSchema = z.strictObject({
  gpuHours: rangeSchema,
  cost: z.number().nullable().describe("at the high end of gpuHours; null without a configured price"),
  currency: z.string().nullable(),
  diskGB: z.number().describe("the most that the store holds at a time"),
  makespanHours: z.number().describe("until the last score, at the slow end, on the nodes of the cluster"),
  lowerBoundHours: z.number().describe("no order of the cells ends earlier"),
});

const findingSchema = z.strictObject({
  rule: z.string().describe("its section in docs/lint.md"),
  severity: z.enum(["error", "warning", "note"]),
  cells: z.array(z.string()).describe("ids of cells, or of mixtures"),
  message: z.string(),
});

const noFamily = "none";
const withoutFamily = `${noFamily} if the stack makes mixtures or evaluates models`;

const plannedStackSchema = z.strictObject({
  stack: z.string(),
  family: z.string().describe(withoutFamily),
  protocol: z.string().describe(withoutFamily),
  cells: z.array(plannedCellSchema).describe("in the order of submission; empty if the stack trains none"),
  mixtures: z
    .array(plannedMixtureSchema)
    .exactOptional()
    .describe("in the order of submission; only if the stack makes mixtures"),
  models: z.array(plannedModelSchema).exactOptional().describe("only if the stack evaluates models without training"),
  totals: totalsSchema,
  bestExecution: bestExecutionSchema.exactOptional(),
  rates: ratesSchema.exactOptional(),
});

/**
 * The output of `mixcpt plan --json`, of which docs/plan.schema.json is made. Other programs read it: keys are added,
 * never renamed or removed.
 */
export const planDocumentSchema = z.strictObject({
  stacks: z.array(plannedStackSchema),
  findings: z.array(findingSchema),
});
export type PlanDocument = z.infer<typeof planDocumentSchema>;
type StackDocument = PlanDocument["stacks"][number];
export type CellDocument = StackDocument["cells"][number];
export type ModelDocument = NonNullable<StackDocument["models"]>[number];
export type MixtureDocument = NonNullable<StackDocument["mixtures"]>[number];

function convertToGB(bytes: number): number {
  return roundToSixDigits(bytes / 1e9);
}

function buildTokensDocument({ total, low, high, from, bySource }: CellPlan["tokens"]): CellDocument["tokens"] {
  return { total, low, high, from, bySource: { ...bySource } };
}

function buildEstimateDocument(plan: CellPlan, wave: number): CellDocument["estimate"] {
  const { steps, trainedSteps, estimate } = plan;
  return {
    steps,
    trainedSteps,
    gpuHours: roundRange(estimate.gpuHours),
    savingHours: roundToSixDigits(estimate.savingHours),
    step: buildStepDocument(plan),
    memoryPerDeviceGB: convertToGB(estimate.memory.total),
    fits: estimate.fits,
    checkpointGB: convertToGB(estimate.checkpointBytes),
    diskGB: convertToGB(estimate.diskBytes.peak),
    wave,
  };
}

function buildCellDocument(plan: CellPlan, wave: number): CellDocument {
  const { id, slug, run, model, data, category, axisValues, languages, tokens, recipe } = plan;
  const { evaluatedStep, evaluatedSteps, benchmarks } = plan;
  return {
    id,
    slug,
    run,
    model,
    data,
    category,
    ...(Object.keys(axisValues).length > 0 && { axes: { ...axisValues } }),
    languages: { training: [...languages.training], related: [...languages.related] },
    tokens: buildTokensDocument(tokens),
    recipe: { ...recipe },
    evaluate: { checkpoint: evaluatedStep, checkpoints: [...evaluatedSteps], benchmarks: Object.keys(benchmarks) },
    estimate: buildEstimateDocument(plan, wave),
  };
}

function buildMixtureDocument(mixture: MixturePlan): MixtureDocument {
  const { id, slug, job, tokens, languages, diskBytes, request } = mixture;
  return {
    id,
    slug,
    job,
    tokens: buildTokensDocument(tokens),
    languages: [...languages],
    corpusGB: convertToGB(diskBytes.kept),
    diskGB: convertToGB(diskBytes.peak),
    request: { ...request },
  };
}

function buildTotalsDocument({ totals, price }: StackPlan): StackDocument["totals"] {
  return {
    gpuHours: roundRange(totals.gpuHours),
    cost: totals.cost === undefined ? null : roundToSixDigits(totals.cost),
    currency: price?.currency ?? null,
    diskGB: convertToGB(totals.diskBytes),
    makespanHours: roundToSixDigits(totals.makespanHours),
    lowerBoundHours: roundToSixDigits(totals.lowerBoundHours),
  };
}

function selectFamilyFields(product: StackPlan["product"]): Pick<StackDocument, "family" | "protocol"> {
  return product.kind === "cells"
    ? { family: product.family, protocol: product.protocol }
    : { family: noFamily, protocol: noFamily };
}

function buildStackDocument(plan: StackPlan): StackDocument {
  const { stack, product, cells, mixtures, models, placements } = plan;
  return {
    stack,
    ...selectFamilyFields(product),
    cells: cells.map((cell, index) => buildCellDocument(cell, placements[index]?.wave ?? 1)),
    ...(product.kind === "mixtures" && { mixtures: mixtures.map(buildMixtureDocument) }),
    ...(product.kind === "models" && { models: models.map(buildModelDocument) }),
    totals: buildTotalsDocument(plan),
    ...buildBestExecutionDocument(cells),
    ...buildRatesDocument(cells),
  };
}

/** Lists the findings on the cells of these stacks together: open decisions, then lint findings with errors first. */
export function listPlanFindings(stacks: readonly StackPlan[]): LintFinding[] {
  const open = stacks.flatMap((stack) => stack.openFindings);
  return [...open, ...runLintRules(stacks.flatMap(({ cells }) => cells.map(buildLintCell)))];
}

export function buildPlanDocument(stacks: readonly StackPlan[]): PlanDocument {
  return {
    stacks: stacks.map(buildStackDocument),
    findings: listPlanFindings(stacks).map((finding) => ({ ...finding, cells: [...finding.cells] })),
  };
}
