import type { CellHardware, ExecutionSettings, FamilyConfig } from "../config/index.ts";
import type { MixtureTokens, TextReading } from "../data/index.ts";
import { estimateMixtureTokens, listTextReadings } from "../data/index.ts";
import type { Evaluation } from "../evaluate/index.ts";
import type { AxisValues, ModelShape } from "../matrix/index.ts";
import type { ClusterRate, MeasuredRates } from "../hardware/clusterRates.ts";
import { findMeasuredRate } from "../hardware/clusterRates.ts";
import type { NetworkRates, NetworkSettings } from "../hardware/network.ts";
import { resolveNetworkRates } from "../hardware/network.ts";
import type { Recipe, Run, ZeroSharding } from "../train/index.ts";
import {
  applyExecution,
  countRecipeSteps,
  countTokensOfStep,
  inferredSequenceLength,
  readZeroSharding,
} from "../train/index.ts";
import type { CheckpointSchedule, EvaluatedSteps, StoreRate } from "./checkpoints.ts";
import { resolveEvaluatedSteps, resolveStoreRate } from "./checkpoints.ts";
import type { DeviceMemory } from "./deviceMemory.ts";
import { estimateDeviceMemory } from "./deviceMemory.ts";
import type { BenchmarkSize, ServedPrompts } from "./evaluationTime.ts";
import { computeBenchmarkSizes } from "./evaluationTime.ts";

/** Everything that a plan needs to know about a cell, by value. */
export interface CellFacts extends CheckpointSchedule, EvaluatedSteps, ServedPrompts {
  readonly id: string;
  readonly slug: string;
  /** Name of the training run, with its hash. */
  readonly run: string;
  /** Hash of the evaluation's settings. */
  readonly evaluationHash: string;
  /** Path in the store of the checkpoint that has the cell's score. */
  readonly checkpoint: string;
  readonly family: string;
  readonly data: string;
  readonly category: string;
  /** The values on the axes that the stack has added. */
  readonly axisValues: AxisValues;
  /** Repository of the Hugging Face hub, or the name of a model that the stack makes. */
  readonly model: string;
  readonly shape: ModelShape;
  readonly languages: { training: readonly string[]; related: readonly string[] };
  /** Tokens of one epoch. */
  readonly tokens: MixtureTokens;
  /** Readings of the texts of a mixture by weight. */
  readonly readings: readonly TextReading[];
  readonly recipe: Recipe;
  /** The sequence length that the published steps suppose; undefined for other recipes. */
  readonly inferredLength: number | undefined;
  readonly batch: BatchShape;
  /** Batches that a device reads before the weights change. */
  readonly accumulation: number;
  /** Steps of the whole schedule, of which a run that stops early trains `trainedSteps`. */
  readonly steps: number;
  /** Tokens of one step over all processes. */
  readonly tokensPerStep: number;
  /** The work of training at the ends of the range of the tokens. */
  readonly workRange: { low: TrainingWork; high: TrainingWork };
  /** Steps at the ends of the range of the tokens. */
  readonly stepRange: { low: number; high: number };
  /** Devices over which ZeRO divides the model; 1 without it. */
  readonly shards: number;
  /** How ZeRO divides the model; undefined without DeepSpeed. */
  readonly sharding: ZeroSharding | undefined;
  /** Processes of a node that train together. */
  readonly shardsPerNode: number;
  readonly fusedAttention: boolean;
  /** Processes that train together. */
  readonly processCount: number;
  readonly benchmarks: Readonly<Record<string, BenchmarkSize>>;
  readonly hardware: CellHardware;
  /** The rates of the cluster's network. */
  readonly network: NetworkRates;
  /** TFLOPS of matrix products on the slowest device; undefined if they were not measured. */
  readonly gemmTflops: ClusterRate | undefined;
  /** MB/s at which all nodes of the cell together write a checkpoint. */
  readonly storeMBs: StoreRate;
  /** Hours between two stops of the run. */
  readonly stopsEvery: number;
}

/** What a run reads. */
interface TrainingWork {
  /** Steps until training stops. */
  readonly trainedSteps: number;
  /** Tokens that are read to evaluate the held-out share of the text, over the whole run. */
  readonly heldOutTokens: number;
}

/** The batch of one process on one device. */
interface BatchShape {
  readonly sequences: number;
  /** Tokens of a sequence. */
  readonly sequenceLength: number;
}

/** The number of processes that train together. */
type WorldSize = Run["world"];

/** The part of a cell's facts that determines how much memory a device needs. */
type CellMemoryFacts = Pick<CellFacts, "shape" | "batch" | "shards" | "sharding" | "shardsPerNode" | "fusedAttention">;

function readBatchShape(recipe: Recipe): BatchShape {
  return { sequences: recipe.per_device_train_batch_size, sequenceLength: recipe.cutoff_len };
}

/**
 * Estimates the tokens of one epoch from the words of the text. For the miniature, whose text is not published, they
 * are the tokens that the run reads.
 */
function estimateRunTokens({ cell, recipe }: Run, processCount: number): MixtureTokens {
  if (cell.parts.family.base !== undefined) return estimateMixtureTokens(cell.parts);
  const steps = "max_steps" in recipe ? recipe.max_steps : 0;
  const total = steps * countTokensOfStep(recipe, processCount);
  return { total, low: total, high: total, from: "steps", bySource: {}, byLanguage: {} };
}

/** Estimates the readings of a mixture's texts. The miniature has other texts than its categories state. */
function estimateReadings({ cell }: Run): readonly TextReading[] {
  return cell.parts.family.base === undefined ? [] : listTextReadings(cell.parts);
}

/** Builds the facts of a recipe that determine how much memory a device needs. */
export function buildMemoryFacts(
  recipe: Recipe,
  shape: ModelShape,
  { nodes, processesPerNode }: WorldSize,
): CellMemoryFacts {
  const sharding = readZeroSharding(recipe);
  return {
    shape,
    batch: readBatchShape(recipe),
    shards: sharding === undefined ? 1 : nodes * processesPerNode,
    sharding,
    shardsPerNode: processesPerNode,
    fusedAttention: recipe.flash_attn !== "disabled",
  };
}

/** Changes the facts of a cell to those of the same optimizer steps in another way. */
export function changeExecution<Facts extends CellFacts>(facts: Facts, execution: ExecutionSettings): Facts {
  const { shape, processCount, shardsPerNode } = facts;
  const recipe = applyExecution(facts.recipe, execution, shardsPerNode);
  const world = { nodes: processCount / shardsPerNode, processesPerNode: shardsPerNode };
  const accumulation = recipe.gradient_accumulation_steps;
  return { ...facts, recipe, accumulation, ...buildMemoryFacts(recipe, shape, world) };
}

/** Estimates the memory of one device at the peak of a step. */
export function estimateCellMemory({ batch, sharding, ...facts }: CellMemoryFacts): DeviceMemory {
  const { shape, shards, shardsPerNode, fusedAttention } = facts;
  return estimateDeviceMemory({ shape, ...batch, shards, ...sharding, shardsPerNode, fusedAttention });
}

/** Counts the tokens of all evaluations of the held-out text: at regular steps, and LLaMA-Factory's at the end. */
function countHeldOutTokens(
  recipe: Recipe,
  { tokens, trainedSteps }: { tokens: number; trainedSteps: number },
): number {
  if (!("do_eval" in recipe) || !recipe.do_eval) return 0;
  return recipe.val_size * tokens * (Math.floor(trainedSteps / recipe.eval_steps) + 1);
}

/** The settings of a stack and of its cluster that determine what its cells cost. */
export interface CellSettings extends Pick<FamilyConfig, "hardware" | "stopsEvery" | "protocol"> {
  /** The pod network if omitted. */
  readonly network?: NetworkSettings | undefined;
  /** The preset of the cluster's trainings, which may contradict an omitted network. */
  readonly trainingPreset?: string | undefined;
  /** What `preflight` measured on the nodes. */
  readonly measured?: MeasuredRates | undefined;
  /** How the cluster serves models to evaluations; as published if omitted. */
  readonly serving?: ServedPrompts | undefined;
}

/** Resolves the nodes of a cell with their rates, which preflight may have measured. */
function resolveCellRates({
  hardware,
  network,
  trainingPreset,
  measured,
}: CellSettings): Pick<CellFacts, "hardware" | "network" | "gemmTflops" | "storeMBs"> {
  return {
    hardware,
    network: resolveNetworkRates(network, hardware, { measured, trainingPreset }),
    gemmTflops: findMeasuredRate(measured, "tflops"),
    storeMBs: resolveStoreRate(measured, hardware.nodesPerCell),
  };
}

/**
 * Builds the facts of a cell from its run and its evaluation.
 * @param counted the tokens of its tokenized corpus, if that exists
 */
export function buildCellFacts(
  { run, evaluation }: { run: Run; evaluation: Evaluation },
  settings: CellSettings,
  counted?: MixtureTokens,
): CellFacts {
  const { stopsEvery, protocol } = settings;
  const { cell, recipe, world, checkpoints } = run;
  const { family, category } = cell.parts;
  const processCount = world.nodes * world.processesPerNode;
  const tokens = counted ?? estimateRunTokens(run, processCount);
  const countSteps = (count: number): number =>
    countRecipeSteps(recipe, { tokens: count, devices: processCount, sequences: tokens.sequences });
  const steps = countSteps(tokens.total);
  const evaluatedFacts = resolveEvaluatedSteps(checkpoints.evaluated, steps);
  const { evaluatedStep } = evaluatedFacts;
  const stepRange = { low: countSteps(tokens.low), high: countSteps(tokens.high) };
  const latestStop = checkpoints.stops ? Math.min(evaluatedStep, stepRange.high) : undefined;
  const trainedSteps = latestStop ?? steps;
  const buildWork = (end: "low" | "high"): TrainingWork => {
    const work = { tokens: tokens[end], trainedSteps: latestStop ?? stepRange[end] };
    return { trainedSteps: work.trainedSteps, heldOutTokens: countHeldOutTokens(recipe, work) };
  };
  return {
    ...cell,
    run: run.name,
    evaluationHash: evaluation.evaluationHash,
    checkpoint: evaluation.subject.checkpoint,
    model: family.base?.repository ?? family.title,
    ...buildMemoryFacts(recipe, family.shape, world),
    languages: { training: category.training, related: category.related },
    tokens,
    readings: estimateReadings(run),
    recipe,
    inferredLength: protocol === "as-published" ? inferredSequenceLength : undefined,
    steps,
    stepRange,
    saveSteps: recipe.save_steps,
    trainedSteps,
    ...evaluatedFacts,
    keepsWeights: checkpoints.keepsWeights,
    tokensPerStep: countTokensOfStep(recipe, processCount),
    workRange: { low: buildWork("low"), high: buildWork("high") },
    processCount,
    benchmarks: computeBenchmarkSizes(evaluation),
    maxNumSeqs: settings.serving?.maxNumSeqs,
    accumulation: recipe.gradient_accumulation_steps,
    ...resolveCellRates(settings),
    stopsEvery,
  };
}
