import { z } from "zod";
import type { EvaluatedModel, NodeDevices } from "../config/index.ts";
import type { ServedPrompts } from "../estimate/index.ts";
import { computeBenchmarkSizes } from "../estimate/index.ts";
import type { Evaluation } from "../evaluate/index.ts";
import type { BasePlan } from "./cellPlan.ts";
import { buildBasePlan } from "./cellPlan.ts";
import { roundToSixDigits } from "./planNumbers.ts";

/** The plan of a model that an evaluation stack scores. */
export interface ModelPlan extends BasePlan {
  readonly slug: string;
  /** Hash of the evaluation's settings. */
  readonly evaluationHash: string;
  /** Path of the weights in the store. */
  readonly checkpoint: string;
  /** Repository of the hub, folder below the store, or the name of a model that the stack makes. */
  readonly source: string;
  /** The commit of a repository; undefined if none is chosen yet, and for other sources. */
  readonly revision: string | undefined;
  readonly languages: readonly string[];
  readonly benchmarks: readonly string[];
  readonly prompts: number;
  /** Bytes that the store holds in addition; 0 for weights that it has already. */
  readonly downloadBytes: number;
}

/** Bytes of a weight on the hub. Our assumption: 16 bits, as the study's models are published. */
const downloadedBytesPerParameter = 2;

function describeSource({ source, family }: EvaluatedModel): Pick<ModelPlan, "source" | "revision"> {
  if (source.kind === "hub") return { source: source.repository, revision: source.revision };
  return { source: source.kind === "store" ? source.path : family.title, revision: undefined };
}

/** Plans the evaluation of a model. */
export function buildModelPlan(
  model: EvaluatedModel,
  evaluation: Evaluation,
  hardware: NodeDevices & ServedPrompts,
): ModelPlan {
  const { subject, evaluationHash, benchmarks } = evaluation;
  const { parameters } = model.family.shape;
  const settings = Object.values(benchmarks).map((benchmark) => benchmark.settings);
  const prompts = Object.values(computeBenchmarkSizes(evaluation)).map((size) => size.prompts);
  return {
    ...buildBasePlan(evaluation, parameters, hardware),
    ...describeSource(model),
    slug: subject.slug,
    evaluationHash,
    checkpoint: subject.checkpoint,
    languages: [...new Set(settings.flatMap(({ languages }) => languages))],
    benchmarks: Object.keys(benchmarks),
    prompts: prompts.reduce((sum, count) => sum + count, 0),
    downloadBytes: model.source.kind === "hub" ? downloadedBytesPerParameter * parameters : 0,
  };
}

/** Bytes in the store of all downloads; models of one repository and commit share theirs. */
export function computeModelsBytes(models: readonly ModelPlan[]): number {
  const downloads = new Map(models.map(({ checkpoint, downloadBytes }) => [checkpoint, downloadBytes]));
  return [...downloads.values()].reduce((sum, bytes) => sum + bytes, 0);
}

export const plannedModelSchema = z.strictObject({
  id: z.string().describe("that of a cell or a base model, or another name"),
  slug: z.string(),
  run: z.string().describe("name under which the scores are published; its hash changes with model and settings"),
  model: z.string().describe("repository of the hub, folder below the store, or name of a model that the stack makes"),
  revision: z.string().nullable().describe("commit of the repository; null if none is chosen, and for other models"),
  languages: z.array(z.string()),
  benchmarks: z.array(z.string()),
  evaluationGpuHours: z.number().describe("a lower bound, billed as hours of a card"),
  downloadGB: z.number(),
});

/** Builds the document of a planned model. */
export function buildModelDocument(plan: ModelPlan): z.infer<typeof plannedModelSchema> {
  const { id, slug, run, source, revision = null, languages, benchmarks, evaluationGpuHours, downloadBytes } = plan;
  return {
    id,
    slug,
    run,
    model: source,
    revision,
    languages: [...languages],
    benchmarks: [...benchmarks],
    evaluationGpuHours: roundToSixDigits(evaluationGpuHours),
    downloadGB: roundToSixDigits(downloadBytes / 1e9),
  };
}
