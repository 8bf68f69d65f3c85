import { computeBenchmarkSizes } from "../estimate/cellFacts.ts";
import {
  computeCheckpointBytes,
  computeCheckpointInterval,
  countCheckpoints,
  estimateSavingSeconds,
} from "../estimate/checkpoints.ts";
import type { CheckpointInterval } from "../estimate/checkpoints.ts";
import type { DeviceMemory } from "../estimate/deviceMemory.ts";
import { estimateDeviceMemory, isWithinDeviceMemory, memoryHeadroom } from "../estimate/deviceMemory.ts";
import type { BenchmarkSize } from "../estimate/evaluationTime.ts";
import { estimateEvaluationHours } from "../estimate/evaluationTime.ts";
import type { EstimateRange } from "../estimate/trainingTime.ts";
import { convertToGpuHours, estimateDeviceHours, scaleRange } from "../estimate/trainingTime.ts";
import type { Evaluation } from "../evaluate/index.ts";
import type { GpuModel } from "../hardware/gpuCatalog.ts";
import { gpus } from "../hardware/gpuCatalog.ts";
import type { LintCell } from "../lint/warnings/lintRule.ts";
import type { ModelShape } from "../matrix/index.ts";

/** All that a plan needs to know of a cell, by value. */
export interface CellFacts {
  readonly id: string;
  readonly slug: string;
  /** Name of the training run, with its hash. */
  readonly run: string;
  /** Hash of what its evaluation asks. */
  readonly evaluationHash: string;
  readonly family: string;
  readonly data: string;
  readonly category: string;
  /** Repository of the Hugging Face hub, or the name of a model that is made here. */
  readonly model: string;
  readonly shape: ModelShape;
  readonly languages: { training: readonly string[]; related: readonly string[] };
  /** Tokens of one epoch. A source is `monolingual`, `bilingual` or `code`. */
  readonly tokens: {
    total: number;
    bySource: Readonly<Record<string, number>>;
    byLanguage: Readonly<Record<string, number>>;
  };
  readonly recipe: Readonly<Record<string, unknown>>;
  /** Of one process on one device; a step has one such batch per accumulation and process. */
  readonly batch: { sequences: number; accumulated: number; sequenceLength: number };
  readonly steps: number;
  readonly saveSteps: number;
  readonly saveTotalLimit?: number;
  /** Devices over which ZeRO-3 divides the model; 1 without it. */
  readonly shards: number;
  readonly fusedAttention: boolean;
  /** Processes that train together. */
  readonly processCount: number;
  readonly evaluatedStep: number;
  readonly benchmarks: Readonly<Record<string, BenchmarkSize>>;
  readonly hardware: { gpu: GpuModel; nodesPerCell: number; devicesPerNode: number };
}

export interface CellEstimate {
  readonly tokens: number;
  readonly gpuHours: EstimateRange;
  /** From the first step to the last, if nothing stops it. */
  readonly wallHours: EstimateRange;
  readonly memory: DeviceMemory;
  readonly fits: boolean;
  readonly checkpointBytes: number;
  /** In the store: at most at a time, and after the run. */
  readonly diskBytes: { peak: number; kept: number };
  readonly interval: CheckpointInterval;
  readonly evaluationGpuHours: number;
}

export interface CellPlan extends CellFacts {
  readonly estimate: CellEstimate;
}

function countTokensPerStep({ batch, processCount: processes }: CellFacts): number {
  return batch.sequences * batch.accumulated * batch.sequenceLength * processes;
}

/** The part of a cell's facts that decides how much a device must hold. */
export type CellMemoryFacts = Pick<CellFacts, "shape" | "batch" | "shards" | "fusedAttention">;

/** Memory of one device at the peak of a step. */
export function estimateCellMemory({ shape, batch, shards, fusedAttention }: CellMemoryFacts): DeviceMemory {
  return estimateDeviceMemory({
    shape,
    sequences: batch.sequences,
    sequenceLength: batch.sequenceLength,
    shards,
    fusedAttention,
  });
}

/** Checkpoints, and the 16-bit weights that the trainer saves when it is done. */
function computeDiskBytes(facts: CellFacts): CellEstimate["diskBytes"] {
  const { peak, kept } = countCheckpoints(facts);
  const one = computeCheckpointBytes(facts.shape.parameters);
  const weights = 2 * facts.shape.parameters;
  return { peak: peak * one + weights, kept: kept * one + weights };
}

/** What a cell costs. Every formula has its source where it is written; docs/plan.md has them side by side. */
export function buildCellPlan(facts: CellFacts): CellPlan {
  const { hardware, shape, steps, saveSteps } = facts;
  const { parameters } = shape;
  const gpu = gpus[hardware.gpu];
  const tokens = steps * countTokensPerStep(facts);
  const devices = estimateDeviceHours({ parameters, tokens }, gpu);
  const wallHours = scaleRange(devices, 1 / (hardware.nodesPerCell * hardware.devicesPerNode));
  const memory = estimateCellMemory(facts);
  const bytes = computeCheckpointBytes(parameters);
  const secondsPerSave = (3600 * wallHours.high * Math.min(saveSteps, steps)) / steps;
  const estimate: CellEstimate = {
    tokens,
    gpuHours: convertToGpuHours(devices, gpu),
    wallHours,
    memory,
    fits: isWithinDeviceMemory(memory, gpu),
    checkpointBytes: bytes,
    diskBytes: computeDiskBytes(facts),
    interval: computeCheckpointInterval({ secondsPerSave, saving: estimateSavingSeconds(bytes) }),
    evaluationGpuHours: estimateEvaluationHours(Object.values(facts.benchmarks), parameters, gpu) / gpu.devicesPerCard,
  };
  return { ...facts, estimate };
}

/** What the lint rules see of a planned cell. */
export function buildLintCell({
  id,
  family,
  data,
  category,
  recipe,
  steps,
  saveSteps,
  evaluatedStep: evaluated,
  benchmarks,
  hardware,
  estimate,
}: CellPlan): LintCell {
  const usableGB = (1 - memoryHeadroom) * gpus[hardware.gpu].memoryGB;
  const memory = { neededGB: estimate.memory.total / 1e9, usableGB };
  return {
    id,
    axes: { family, data, category },
    recipe,
    steps,
    saveSteps,
    evaluatedStep: evaluated,
    memory,
    interval: estimate.interval,
    benchmarks,
  };
}

/** What the evaluation of a base model costs; it is not trained. */
export interface BasePlan {
  readonly id: string;
  readonly evaluationGpuHours: number;
}

export function buildBasePlan(evaluation: Evaluation, parameters: number, model: GpuModel): BasePlan {
  const gpu = gpus[model];
  const hours = estimateEvaluationHours(Object.values(computeBenchmarkSizes(evaluation)), parameters, gpu);
  return { id: evaluation.subject.id, evaluationGpuHours: hours / gpu.devicesPerCard };
}
