import { z } from "zod";
import type { CellPlan } from "./cellPlan.ts";
import { buildLintCell } from "./cellPlan.ts";
import { runLintRules } from "../lint/warnings/lintRules.ts";
import type { LintFinding } from "../lint/warnings/lintRule.ts";
import type { MixturePlan } from "./mixturePlan.ts";
import type { StackPlan } from "./stackPlan.ts";

const hourRangeSchema = z.strictObject({ low: z.number(), high: z.number() });

const estimateSchema = z.strictObject({
  steps: z.int().positive().describe("optimizer steps of the whole run"),
  gpuHours: hourRangeSchema.describe(
    "of training, as they are billed: hours of a card; low and high end of the utilisation",
  ),
  memoryPerDeviceGB: z.number().describe("at the peak of a step, in 10^9 bytes"),
  fits: z.boolean().describe("with a tenth of the device left free"),
  checkpointGB: z.number().describe("one checkpoint with the optimizer's state"),
  diskGB: z.number().describe("the most that the run keeps in the store at a time"),
  wave: z
    .int()
    .positive()
    .describe("1 for a cell that starts at once, 2 for one that follows such a cell on its nodes"),
});

const tokenCountsSchema = z
  .strictObject({ total: z.int(), bySource: z.record(z.string(), z.int()) })
  .describe("of one epoch; a source is monolingual, bilingual or code");

const plannedCellSchema = z.strictObject({
  id: z.string().describe("the paper's name"),
  slug: z.string().describe("the same for Kubernetes"),
  run: z.string().describe("name of the training run; its hash changes with whatever changes the result"),
  model: z.string().describe("repository of the Hugging Face hub, or the name of a model that is made here"),
  data: z.string(),
  category: z.string(),
  languages: z.strictObject({ training: z.array(z.string()), related: z.array(z.string()) }),
  tokens: tokenCountsSchema,
  recipe: z.record(z.string(), z.unknown()).describe("settings of LLaMA-Factory"),
  evaluate: z.strictObject({ checkpoint: z.int(), benchmarks: z.array(z.string()) }),
  estimate: estimateSchema,
});

const plannedMixtureSchema = z.strictObject({
  id: z.string().describe("kind of data and category, as in the ids of the cells that read it"),
  slug: z.string(),
  job: z.string().describe("name of the JobSet that makes it; its hash changes with whatever changes the text"),
  tokens: tokenCountsSchema,
  languages: z.array(z.string()).describe("of its text, English among them"),
  corpusGB: z.number().describe("what stays in the store"),
  diskGB: z.number().describe("the most that lies in the store while it is made"),
  request: z
    .strictObject({ cpu: z.string(), memory: z.string() })
    .describe("of the pod that makes it, as Kubernetes writes quantities; no GPU"),
});

const totalsSchema = z.strictObject({
  gpuHours: hourRangeSchema,
  cost: z.number().nullable().describe("at the high end of gpuHours; null where no price is configured"),
  currency: z.string().nullable(),
  diskGB: z.number().describe("the most that lies in the store at a time"),
  makespanHours: z.number().describe("of the trainings, at the slow end, on the nodes of the cluster"),
  lowerBoundHours: z.number().describe("no order of the cells ends earlier"),
});

const findingSchema = z.strictObject({
  rule: z.string().describe("its section in docs/lint.md"),
  severity: z.enum(["error", "warning", "note"]),
  cells: z.array(z.string()).describe("ids of cells, or of mixtures"),
  message: z.string(),
});

const noFamily = "none";

const plannedStackSchema = z.strictObject({
  stack: z.string(),
  family: z.string().describe(`${noFamily} where the stack makes mixtures`),
  protocol: z.string().describe(`${noFamily} where the stack makes mixtures`),
  cells: z.array(plannedCellSchema).describe("in the order of submission; empty where the stack makes mixtures"),
  mixtures: z
    .array(plannedMixtureSchema)
    .exactOptional()
    .describe("in the order of submission; only where the stack makes mixtures"),
  totals: totalsSchema,
});

/** What `mixcpt plan --json` writes. Other programs read it: keys are added, never renamed or removed. */
export const planDocumentSchema = z.strictObject({
  stacks: z.array(plannedStackSchema),
  findings: z.array(findingSchema),
});
export type PlanDocument = z.infer<typeof planDocumentSchema>;
type StackDocument = PlanDocument["stacks"][number];
export type CellDocument = StackDocument["cells"][number];
export type MixtureDocument = NonNullable<StackDocument["mixtures"]>[number];

/** The same as a JSON schema, which is committed as docs/plan.schema.json. */
export function buildPlanJsonSchema(): object {
  return z.toJSONSchema(planDocumentSchema, { target: "draft-7" });
}

/** Six significant digits: an estimate has no more, and a difference of rounding is no difference. */
function roundToSixDigits(value: number): number {
  return Number(value.toPrecision(6));
}

function convertToGB(bytes: number): number {
  return roundToSixDigits(bytes / 1e9);
}

function roundHourRange({ low, high }: { low: number; high: number }) {
  return { low: roundToSixDigits(low), high: roundToSixDigits(high) };
}

function buildCellDocument(
  {
    id,
    slug,
    run,
    model,
    data,
    category,
    languages,
    tokens: counted,
    recipe,
    evaluatedStep: evaluated,
    benchmarks,
    steps,
    estimate: cost,
  }: CellPlan,
  wave: number,
): CellDocument {
  return {
    id,
    slug,
    run,
    model,
    data,
    category,
    languages: { training: [...languages.training], related: [...languages.related] },
    tokens: buildTokensDocument(counted),
    recipe: { ...recipe },
    evaluate: { checkpoint: evaluated, benchmarks: Object.keys(benchmarks) },
    estimate: {
      steps,
      gpuHours: roundHourRange(cost.gpuHours),
      memoryPerDeviceGB: convertToGB(cost.memory.total),
      fits: cost.fits,
      checkpointGB: convertToGB(cost.checkpointBytes),
      diskGB: convertToGB(cost.diskBytes.peak),
      wave,
    },
  };
}

function buildTokensDocument({ total, bySource }: CellPlan["tokens"]): CellDocument["tokens"] {
  return { total, bySource: { ...bySource } };
}

function buildMixtureDocument({
  id,
  slug,
  job,
  tokens: counted,
  languages,
  diskBytes,
  request,
}: MixturePlan): MixtureDocument {
  return {
    id,
    slug,
    job,
    tokens: buildTokensDocument(counted),
    languages: [...languages],
    corpusGB: convertToGB(diskBytes.kept),
    diskGB: convertToGB(diskBytes.peak),
    request: { ...request },
  };
}

function selectFamilyFields(makes: StackPlan["product"]): Pick<StackDocument, "family" | "protocol"> {
  return makes.kind === "cells"
    ? { family: makes.family, protocol: makes.protocol }
    : { family: noFamily, protocol: noFamily };
}

function buildStackDocument({
  stack: name,
  product: makes,
  price,
  cells,
  mixtures,
  placements,
  totals: sums,
}: StackPlan): StackDocument {
  return {
    stack: name,
    ...selectFamilyFields(makes),
    cells: cells.map((planned, index) => buildCellDocument(planned, placements[index]?.wave ?? 1)),
    ...(makes.kind === "mixtures" && { mixtures: mixtures.map(buildMixtureDocument) }),
    totals: {
      gpuHours: roundHourRange(sums.gpuHours),
      cost: sums.cost === undefined ? null : roundToSixDigits(sums.cost),
      currency: price?.currency ?? null,
      diskGB: convertToGB(sums.diskBytes),
      makespanHours: roundToSixDigits(sums.makespanHours),
      lowerBoundHours: roundToSixDigits(sums.lowerBoundHours),
    },
  };
}

/** What is to be said of the cells of some stacks together, errors first. */
export function listPlanFindings(stacks: readonly StackPlan[]): LintFinding[] {
  const open = stacks.flatMap((stack) => stack.openFindings);
  return [...open, ...runLintRules(stacks.flatMap(({ cells }) => cells.map(buildLintCell)))];
}

export function buildPlanDocument(stacks: readonly StackPlan[]): PlanDocument {
  return {
    stacks: stacks.map(buildStackDocument),
    findings: listPlanFindings(stacks).map((one) => ({ ...one, cells: [...one.cells] })),
  };
}
