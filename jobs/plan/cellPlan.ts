import type { NodeDevices } from "../config/index.ts";
import type {
  CellFacts,
  CheckpointInterval,
  DeviceMemory,
  ServedPrompts,
  TrainingEstimate,
} from "../estimate/index.ts";
import {
  computeBenchmarkSizes,
  computeCheckpointBytes,
  computeCheckpointInterval,
  computeRunBytes,
  computeUsableGB,
  estimateCellMemory,
  estimateEvaluationHours,
  estimateSavingSeconds,
  estimateTraining,
  isWithinDeviceMemory,
} from "../estimate/index.ts";
import type { Evaluation } from "../evaluate/index.ts";
import { estimateBaseNodeHours } from "../experiment/index.ts";
import { getDevice } from "../hardware/gpuCatalog.ts";
import type { AxisValues } from "../matrix/index.ts";
import { formatAxisValue } from "../matrix/index.ts";
import type { LintCell } from "../lint/warnings/lintRule.ts";

interface CellEstimate extends TrainingEstimate {
  readonly memory: DeviceMemory;
  readonly fits: boolean;
  readonly checkpointBytes: number;
  /** Bytes in the store: the most at a time, and after the run. */
  readonly diskBytes: { peak: number; kept: number };
  readonly interval: CheckpointInterval;
  /** Of all evaluated checkpoints. */
  readonly evaluationGpuHours: number;
}

export interface CellPlan extends CellFacts {
  readonly estimate: CellEstimate;
}

/** Compares the interval between a cell's checkpoints with the best one, at the slow end of its training. */
function estimateInterval(facts: CellFacts, { computeHours }: TrainingEstimate): CheckpointInterval {
  const { trainedSteps, saveSteps, stopsEvery } = facts;
  const secondsPerSave = (3600 * computeHours.high * Math.min(saveSteps, trainedSteps)) / trainedSteps;
  const saving = estimateSavingSeconds(computeCheckpointBytes(facts), facts.storeMBs);
  return computeCheckpointInterval({ secondsPerSave, saving, betweenStops: 3600 * stopsEvery });
}

/** Plans a cell: its facts with what it costs. docs/plan.md lists the formulas and their sources side by side. */
export function buildCellPlan(facts: CellFacts): CellPlan {
  const { parameters } = facts.shape;
  const gpu = getDevice(facts.hardware);
  const training = estimateTraining(facts);
  const memory = estimateCellMemory(facts);
  const benchmarks = Object.values(facts.benchmarks);
  const evaluation = estimateEvaluationHours(benchmarks, parameters, { ...gpu, maxNumSeqs: facts.maxNumSeqs });
  const estimate: CellEstimate = {
    ...training,
    memory,
    fits: isWithinDeviceMemory(memory, gpu),
    checkpointBytes: computeCheckpointBytes(facts),
    diskBytes: computeRunBytes(facts),
    interval: estimateInterval(facts, training),
    evaluationGpuHours: (facts.evaluatedSteps.length * evaluation) / gpu.devicesPerCard,
  };
  return { ...facts, estimate };
}

function mapAxisTexts(values: AxisValues): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([setting, value]) => [setting, formatAxisValue(value)]));
}

/** The facts of a planned cell that the lint rules check. */
export function buildLintCell(plan: CellPlan): LintCell {
  const { id, family, data, category, axisValues, recipe, inferredLength, processCount, hardware, estimate } = plan;
  const { steps, stepRange, trainedSteps, saveSteps, evaluatedStep, namedStep, readings, benchmarks, network } = plan;
  return {
    id,
    axes: { family, data, category, ...mapAxisTexts(axisValues) },
    recipe,
    inferredLength,
    devices: processCount,
    steps,
    trainedSteps,
    stepRange,
    saveSteps,
    evaluatedStep,
    namedStep,
    memory: { neededGB: estimate.memory.total / 1e9, usableGB: computeUsableGB(getDevice(hardware)) },
    interval: estimate.interval,
    step: { ...estimate.step, networkName: network.name, networkGBs: network.betweenNodesGBs.value },
    readings,
    benchmarks,
  };
}

/** The plan of a model that is evaluated and not trained, such as a base model. */
export interface BasePlan {
  readonly id: string;
  /** Name under which the scores are published. */
  readonly run: string;
  readonly evaluationGpuHours: number;
  /** Hours for which the evaluation occupies a node. */
  readonly evaluationNodeHours: number;
}

export function buildBasePlan(
  evaluation: Evaluation,
  parameters: number,
  hardware: NodeDevices & ServedPrompts,
): BasePlan {
  const { maxNumSeqs } = hardware;
  const gpu = getDevice(hardware);
  const benchmarks = Object.values(computeBenchmarkSizes(evaluation));
  return {
    id: evaluation.subject.id,
    run: evaluation.subject.run,
    evaluationGpuHours: estimateEvaluationHours(benchmarks, parameters, { ...gpu, maxNumSeqs }) / gpu.devicesPerCard,
    evaluationNodeHours: estimateBaseNodeHours(evaluation, parameters, hardware),
  };
}
