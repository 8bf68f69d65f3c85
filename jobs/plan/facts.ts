import { mixtureTokens } from "../data/index.ts";
import type { BenchmarkSettings, Evaluation } from "../evaluate/index.ts";
import type { ModelShape, StackConfig } from "../matrix/index.ts";
import type { Recipe, Run } from "../train/index.ts";
import { recipeSteps } from "../train/index.ts";
import type { CellFacts, MemoryFacts } from "./cellPlan.ts";
import type { Benchmark } from "./evaluationTime.ts";

interface Size extends Pick<Benchmark, "exampleTokens" | "answerTokens"> {
  /** Per language. */
  items: number;
}

// three examples and a sentence were taken to be 600 tokens, an answer 45: ours, languages differ by a factor of three
const translated: Size = { items: 1012, exampleTokens: 150, answerTokens: 45 };
const classified: Size = { items: 204, exampleTokens: 100, answerTokens: 0 };

/** Items are those of FLORES-200's devtest and SIB-200's test, or what the configuration says of an added benchmark. */
function sizeOf(name: string, { question }: BenchmarkSettings): Size {
  if (question === undefined) return name === "flores200" ? translated : classified;
  return { ...(question.kind === "translation" ? translated : classified), items: question.items };
}

function benchmarkOf(name: string, settings: BenchmarkSettings): Benchmark {
  const { languages, directions, shots, limit } = settings;
  const { items, ...tokens } = sizeOf(name, settings);
  return { prompts: Math.min(items, limit ?? items) * languages.length * (directions?.length ?? 1), shots, ...tokens };
}

/** Each benchmark of an evaluation as far as its time is concerned. */
export function benchmarksOf({ benchmarks }: Evaluation): CellFacts["benchmarks"] {
  return Object.fromEntries(Object.entries(benchmarks).map(([name, { settings }]) => [name, benchmarkOf(name, settings)]));
}

type Batch = CellFacts["batch"];

const batchOf = (recipe: Recipe): Batch => ({
  sequences: recipe.per_device_train_batch_size,
  accumulated: recipe.gradient_accumulation_steps,
  sequenceLength: recipe.cutoff_len,
});

/** Of the study's mixtures by its own count; of the miniature's what the run reads, for its text is counted when it is made. */
function tokensOf({ cell, recipe }: Run, processes: number): CellFacts["tokens"] {
  if (cell.parts.family.base !== undefined) return mixtureTokens(cell.parts);
  const { sequences, accumulated, sequenceLength } = batchOf(recipe);
  return { total: ("max_steps" in recipe ? recipe.max_steps : 0) * sequences * accumulated * sequenceLength * processes, bySource: {}, byLanguage: {} };
}

/** What a recipe says about the memory of a device. */
export function memoryFacts(recipe: Recipe, shape: ModelShape, processes: number): MemoryFacts {
  return { shape, batch: batchOf(recipe), shards: "deepspeed" in recipe ? processes : 1, fusedAttention: recipe.flash_attn !== "disabled" };
}

/** What the plan of a cell is made from, out of its run and its evaluation. */
export function cellFacts({ run, evaluation }: { run: Run; evaluation: Evaluation }, { hardware }: Pick<StackConfig, "hardware">): CellFacts {
  const { cell, recipe, world, finalCheckpoint } = run;
  const { base, shape, title } = cell.parts.family;
  const { training, related } = cell.parts.category;
  const processes = world.nodes * world.processesPerNode;
  const tokens = tokensOf(run, processes);
  const steps = recipeSteps(recipe, { tokens: tokens.total, devices: processes });
  const { save_total_limit: saveTotalLimit } = recipe;
  return {
    ...cell,
    run: run.name,
    asked: evaluation.asked,
    model: base?.repository ?? title,
    ...memoryFacts(recipe, shape, processes),
    languages: { training, related },
    tokens,
    recipe,
    steps,
    saveSteps: recipe.save_steps,
    ...(saveTotalLimit === undefined ? {} : { saveTotalLimit }),
    processes,
    evaluated: finalCheckpoint === "last" ? steps : finalCheckpoint,
    benchmarks: benchmarksOf(evaluation),
    hardware,
  };
}
