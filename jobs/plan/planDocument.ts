import { z } from "zod";
import type { CellPlan } from "./cellPlan.ts";
import { lintCell } from "./cellPlan.ts";
import { lint } from "./lint/lint.ts";
import type { Finding } from "./lint/rule.ts";
import type { MixturePlan } from "./mixturePlan.ts";
import type { StackPlan } from "./stackPlan.ts";

const hours = z.strictObject({ low: z.number(), high: z.number() });

const estimate = z.strictObject({
  steps: z.int().positive().describe("optimizer steps of the whole run"),
  gpuHours: hours.describe("of training, as they are billed: hours of a card; low and high end of the utilisation"),
  memoryPerDeviceGB: z.number().describe("at the peak of a step, in 10^9 bytes"),
  fits: z.boolean().describe("with a tenth of the device left free"),
  checkpointGB: z.number().describe("one checkpoint with the optimizer's state"),
  diskGB: z.number().describe("the most that the run keeps in the store at a time"),
  wave: z.int().positive().describe("1 for a cell that starts at once, 2 for one that follows such a cell on its nodes"),
});

const tokens = z.strictObject({ total: z.int(), bySource: z.record(z.string(), z.int()) }).describe("of one epoch; a source is monolingual, bilingual or code");

const cell = z.strictObject({
  id: z.string().describe("the paper's name"),
  slug: z.string().describe("the same for Kubernetes"),
  run: z.string().describe("name of the training run; its hash changes with whatever changes the result"),
  model: z.string().describe("repository of the Hugging Face hub, or the name of a model that is made here"),
  data: z.string(),
  category: z.string(),
  languages: z.strictObject({ training: z.array(z.string()), related: z.array(z.string()) }),
  tokens,
  recipe: z.record(z.string(), z.unknown()).describe("settings of LLaMA-Factory"),
  evaluate: z.strictObject({ checkpoint: z.int(), benchmarks: z.array(z.string()) }),
  estimate,
});

const mixture = z.strictObject({
  id: z.string().describe("kind of data and category, as in the ids of the cells that read it"),
  slug: z.string(),
  job: z.string().describe("name of the JobSet that makes it; its hash changes with whatever changes the text"),
  tokens,
  languages: z.array(z.string()).describe("of its text, English among them"),
  corpusGB: z.number().describe("what stays in the store"),
  diskGB: z.number().describe("the most that lies in the store while it is made"),
  request: z.strictObject({ cpu: z.string(), memory: z.string() }).describe("of the pod that makes it, as Kubernetes writes quantities; no GPU"),
});

const totals = z.strictObject({
  gpuHours: hours,
  cost: z.number().nullable().describe("at the high end of gpuHours; null where no price is configured"),
  currency: z.string().nullable(),
  diskGB: z.number().describe("the most that lies in the store at a time"),
  makespanHours: z.number().describe("of the trainings, at the slow end, on the nodes of the cluster"),
  lowerBoundHours: z.number().describe("no order of the cells ends earlier"),
});

const finding = z.strictObject({
  rule: z.string().describe("its section in docs/lint.md"),
  severity: z.enum(["error", "warning", "note"]),
  cells: z.array(z.string()).describe("ids of cells, or of mixtures"),
  message: z.string(),
});

const noFamily = "none";

const stack = z.strictObject({
  stack: z.string(),
  family: z.string().describe(`${noFamily} where the stack makes mixtures`),
  protocol: z.string().describe(`${noFamily} where the stack makes mixtures`),
  cells: z.array(cell).describe("in the order of submission; empty where the stack makes mixtures"),
  mixtures: z.array(mixture).exactOptional().describe("in the order of submission; only where the stack makes mixtures"),
  totals,
});

/** What `mixcpt plan --json` writes. Other programs read it: keys are added, never renamed or removed. */
export const planSchema = z.strictObject({
  stacks: z.array(stack),
  findings: z.array(finding),
});
export type PlanDocument = z.infer<typeof planSchema>;
type StackDocument = PlanDocument["stacks"][number];
export type CellDocument = StackDocument["cells"][number];
export type MixtureDocument = NonNullable<StackDocument["mixtures"]>[number];

/** The same as a JSON schema, which is committed as docs/plan.schema.json. */
export const planJsonSchema = (): object => z.toJSONSchema(planSchema, { target: "draft-7" });

/** Six significant digits: an estimate has no more, and a difference of rounding is no difference. */
const rounded = (value: number): number => Number(value.toPrecision(6));
const GB = (bytes: number): number => rounded(bytes / 1e9);
const band = ({ low, high }: { low: number; high: number }) => ({ low: rounded(low), high: rounded(high) });

function cellDocument({ id, slug, run, model, data, category, languages, tokens: counted, recipe, evaluated, benchmarks, steps, estimate: cost }: CellPlan, wave: number): CellDocument {
  return {
    id,
    slug,
    run,
    model,
    data,
    category,
    languages: { training: [...languages.training], related: [...languages.related] },
    tokens: tokensDocument(counted),
    recipe: { ...recipe },
    evaluate: { checkpoint: evaluated, benchmarks: Object.keys(benchmarks) },
    estimate: {
      steps,
      gpuHours: band(cost.gpuHours),
      memoryPerDeviceGB: GB(cost.memory.total),
      fits: cost.fits,
      checkpointGB: GB(cost.checkpointBytes),
      diskGB: GB(cost.diskBytes.peak),
      wave,
    },
  };
}

const tokensDocument = ({ total, bySource }: CellPlan["tokens"]): CellDocument["tokens"] => ({ total, bySource: { ...bySource } });

function mixtureDocument({ id, slug, job, tokens: counted, languages, diskBytes, request }: MixturePlan): MixtureDocument {
  return { id, slug, job, tokens: tokensDocument(counted), languages: [...languages], corpusGB: GB(diskBytes.kept), diskGB: GB(diskBytes.peak), request: { ...request } };
}

const familyOf = (makes: StackPlan["makes"]): Pick<StackDocument, "family" | "protocol"> =>
  makes.kind === "cells" ? { family: makes.family, protocol: makes.protocol } : { family: noFamily, protocol: noFamily };

function stackDocument({ stack: name, makes, price, cells, mixtures, placements, totals: sums }: StackPlan): StackDocument {
  return {
    stack: name,
    ...familyOf(makes),
    cells: cells.map((planned, index) => cellDocument(planned, placements[index]?.wave ?? 1)),
    ...(makes.kind === "mixtures" && { mixtures: mixtures.map(mixtureDocument) }),
    totals: {
      gpuHours: band(sums.gpuHours),
      cost: sums.cost === undefined ? null : rounded(sums.cost),
      currency: price?.currency ?? null,
      diskGB: GB(sums.diskBytes),
      makespanHours: rounded(sums.makespanHours),
      lowerBoundHours: rounded(sums.lowerBoundHours),
    },
  };
}

/** What is to be said of the cells of some stacks together, errors first. */
export function findingsOf(stacks: readonly StackPlan[]): Finding[] {
  const open = stacks.flatMap((stack) => stack.open);
  return [...open, ...lint(stacks.flatMap(({ cells }) => cells.map(lintCell)))];
}

export function planDocument(stacks: readonly StackPlan[]): PlanDocument {
  return { stacks: stacks.map(stackDocument), findings: findingsOf(stacks).map((one) => ({ ...one, cells: [...one.cells] })) };
}
