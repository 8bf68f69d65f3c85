import type { GpuModel } from "../hardware/catalogue.ts";
import { gpus } from "../hardware/catalogue.ts";
import { checkpointBytes, checkpointCount } from "./checkpoints.ts";
import type { Benchmark } from "./evaluationTime.ts";
import { evaluationHours } from "./evaluationTime.ts";
import type { Interval } from "./interval.ts";
import { checkpointInterval, savingSeconds } from "./interval.ts";
import type { LintCell } from "./lint/rule.ts";
import type { Memory } from "./memory.ts";
import { fits, headroom, memoryPerDevice } from "./memory.ts";
import type { ModelShape } from "../matrix/index.ts";
import type { Band } from "./training.ts";
import { deviceHours, gpuHours, scaled } from "./training.ts";

/** All that a plan needs to know of a cell, by value. */
export interface CellFacts {
  id: string;
  slug: string;
  /** Name of the training run, with its hash. */
  run: string;
  /** Hash of what its evaluation asks. */
  asked: string;
  family: string;
  data: string;
  category: string;
  /** Repository of the Hugging Face hub, or the name of a model that is made here. */
  model: string;
  shape: ModelShape;
  languages: { training: readonly string[]; related: readonly string[] };
  /** Tokens of one epoch. A source is `monolingual`, `bilingual` or `code`. */
  tokens: { total: number; bySource: Readonly<Record<string, number>>; byLanguage: Readonly<Record<string, number>> };
  recipe: Readonly<Record<string, unknown>>;
  /** Of one process on one device; a step has one such batch per accumulation and process. */
  batch: { sequences: number; accumulated: number; sequenceLength: number };
  steps: number;
  saveSteps: number;
  saveTotalLimit?: number;
  /** Devices over which ZeRO-3 divides the model; 1 without it. */
  shards: number;
  fusedAttention: boolean;
  /** Processes that train together. */
  processes: number;
  evaluated: number;
  benchmarks: Readonly<Record<string, Benchmark>>;
  hardware: { gpu: GpuModel; nodesPerCell: number; devicesPerNode: number };
}

export interface Estimate {
  tokens: number;
  gpuHours: Band;
  /** From the first step to the last, if nothing stops it. */
  wallHours: Band;
  memory: Memory;
  fits: boolean;
  checkpointBytes: number;
  /** In the store: at most at a time, and after the run. */
  diskBytes: { peak: number; kept: number };
  interval: Interval;
  evaluationGpuHours: number;
}

export interface CellPlan extends CellFacts {
  estimate: Estimate;
}

function tokensPerStep({ batch, processes }: CellFacts): number {
  return batch.sequences * batch.accumulated * batch.sequenceLength * processes;
}

/** The part of a cell's facts that decides how much a device must hold. */
export type MemoryFacts = Pick<CellFacts, "shape" | "batch" | "shards" | "fusedAttention">;

/** Memory of one device at the peak of a step. */
export function memoryOf({ shape, batch, shards, fusedAttention }: MemoryFacts): Memory {
  return memoryPerDevice({ shape, sequences: batch.sequences, sequenceLength: batch.sequenceLength, shards, fusedAttention });
}

/** Checkpoints, and the 16-bit weights that the trainer saves when it is done. */
function diskBytes(facts: CellFacts): Estimate["diskBytes"] {
  const { peak, kept } = checkpointCount(facts);
  const one = checkpointBytes(facts.shape.parameters);
  const weights = 2 * facts.shape.parameters;
  return { peak: peak * one + weights, kept: kept * one + weights };
}

/** What a cell costs. Every formula has its source where it is written; docs/plan.md has them side by side. */
export function planCell(facts: CellFacts): CellPlan {
  const { hardware, shape, steps, saveSteps } = facts;
  const { parameters } = shape;
  const gpu = gpus[hardware.gpu];
  const tokens = steps * tokensPerStep(facts);
  const devices = deviceHours({ parameters, tokens }, gpu);
  const wallHours = scaled(devices, 1 / (hardware.nodesPerCell * hardware.devicesPerNode));
  const memory = memoryOf(facts);
  const bytes = checkpointBytes(parameters);
  const secondsPerSave = (3600 * wallHours.high * Math.min(saveSteps, steps)) / steps;
  const estimate: Estimate = {
    tokens,
    gpuHours: gpuHours(devices, gpu),
    wallHours,
    memory,
    fits: fits(memory, gpu),
    checkpointBytes: bytes,
    diskBytes: diskBytes(facts),
    interval: checkpointInterval({ secondsPerSave, saving: savingSeconds(bytes) }),
    evaluationGpuHours: evaluationHours(Object.values(facts.benchmarks), parameters, gpu) / gpu.devicesPerCard,
  };
  return { ...facts, estimate };
}

/** What the lint rules see of a planned cell. */
export function lintCell({ id, family, data, category, recipe, steps, saveSteps, evaluated, benchmarks, hardware, estimate }: CellPlan): LintCell {
  const usableGB = (1 - headroom) * gpus[hardware.gpu].memoryGB;
  const memory = { neededGB: estimate.memory.total / 1e9, usableGB };
  return { id, axes: { family, data, category }, recipe, steps, saveSteps, evaluated, memory, interval: estimate.interval, benchmarks };
}
