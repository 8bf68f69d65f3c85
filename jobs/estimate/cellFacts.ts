import { countMixtureTokens } from "../data/index.ts";
import type { BenchmarkSettings, Evaluation } from "../evaluate/index.ts";
import type { ModelShape } from "../matrix/index.ts";
import type { FamilyConfig } from "../config/index.ts";
import type { Recipe, Run } from "../train/index.ts";
import { countRecipeSteps } from "../train/index.ts";
import type { CellFacts, CellMemoryFacts } from "../plan/cellPlan.ts";
import type { BenchmarkSize } from "./evaluationTime.ts";

interface ItemSize extends Pick<BenchmarkSize, "exampleTokens" | "answerTokens"> {
  /** Per language. */
  readonly items: number;
}

// three examples and a sentence were taken to be 600 tokens, an answer 45: ours, languages differ by a factor of three
const translationSize: ItemSize = { items: 1012, exampleTokens: 150, answerTokens: 45 };
const classificationSize: ItemSize = { items: 204, exampleTokens: 100, answerTokens: 0 };

/** Items are those of FLORES-200's devtest and SIB-200's test, or what the configuration says of an added benchmark. */
function selectItemSize(name: string, { question }: BenchmarkSettings): ItemSize {
  if (question === undefined) return name === "flores200" ? translationSize : classificationSize;
  return { ...(question.kind === "translation" ? translationSize : classificationSize), items: question.items };
}

function computeBenchmarkSize(name: string, settings: BenchmarkSettings): BenchmarkSize {
  const { languages, directions, shots, limit } = settings;
  const { items, ...tokens } = selectItemSize(name, settings);
  return { prompts: Math.min(items, limit ?? items) * languages.length * (directions?.length ?? 1), shots, ...tokens };
}

/** Each benchmark of an evaluation as far as its time is concerned. */
export function computeBenchmarkSizes({ benchmarks }: Evaluation): CellFacts["benchmarks"] {
  return Object.fromEntries(
    Object.entries(benchmarks).map(([name, { settings }]) => [name, computeBenchmarkSize(name, settings)]),
  );
}

type BatchShape = CellFacts["batch"];

function readBatchShape(recipe: Recipe): BatchShape {
  return {
    sequences: recipe.per_device_train_batch_size,
    accumulated: recipe.gradient_accumulation_steps,
    sequenceLength: recipe.cutoff_len,
  };
}

/** Of the study's mixtures by its own count; of the miniature's what the run reads, for its text is counted when it is made. */
function countRunTokens({ cell, recipe }: Run, processes: number): CellFacts["tokens"] {
  if (cell.parts.family.base !== undefined) return countMixtureTokens(cell.parts);
  const { sequences, accumulated, sequenceLength } = readBatchShape(recipe);
  return {
    total: ("max_steps" in recipe ? recipe.max_steps : 0) * sequences * accumulated * sequenceLength * processes,
    bySource: {},
    byLanguage: {},
  };
}

/** What a recipe says about the memory of a device. */
export function buildMemoryFacts(recipe: Recipe, shape: ModelShape, processes: number): CellMemoryFacts {
  return {
    shape,
    batch: readBatchShape(recipe),
    shards: "deepspeed" in recipe ? processes : 1,
    fusedAttention: recipe.flash_attn !== "disabled",
  };
}

/** What the plan of a cell is made from, out of its run and its evaluation. */
export function buildCellFacts(
  { run, evaluation }: { run: Run; evaluation: Evaluation },
  { hardware }: Pick<FamilyConfig, "hardware">,
): CellFacts {
  const { cell, recipe, world, finalCheckpoint } = run;
  const { base, shape, title } = cell.parts.family;
  const { training, related } = cell.parts.category;
  const processes = world.nodes * world.processesPerNode;
  const tokens = countRunTokens(run, processes);
  const steps = countRecipeSteps(recipe, { tokens: tokens.total, devices: processes });
  const { save_total_limit: saveTotalLimit } = recipe;
  return {
    ...cell,
    run: run.name,
    evaluationHash: evaluation.evaluationHash,
    model: base?.repository ?? title,
    ...buildMemoryFacts(recipe, shape, processes),
    languages: { training, related },
    tokens,
    recipe,
    steps,
    saveSteps: recipe.save_steps,
    ...(saveTotalLimit === undefined ? {} : { saveTotalLimit }),
    processCount: processes,
    evaluatedStep: finalCheckpoint === "last" ? steps : finalCheckpoint,
    benchmarks: computeBenchmarkSizes(evaluation),
    hardware,
  };
}
