import type { Gpu } from "../hardware/gpuCatalog.ts";
import { getDevice } from "../hardware/gpuCatalog.ts";
import type { CellFacts } from "./cellFacts.ts";
import { computeCheckpointBytes, estimateSavingSeconds, listWrittenSteps } from "./checkpoints.ts";

/** A range of estimates; `low` is the smaller number. */
export interface EstimateRange {
  readonly low: number;
  readonly high: number;
}

/**
 * Share of a device's peak that full training with ZeRO-3 reaches on one node, counted as 6N operations a token.
 * Low end: OLMo 7B, first untuned runs on LUMI, 25.9 % (allenai/OLMo TRAINLOG.md). High end: MPT 7B on four MI250,
 * 35 % (mosaicml/llm-foundry#1153). Frontier's tuned 22B run reached 38.4 % (arXiv 2312.12705).
 */
export const trainingUtilization: EstimateRange = { low: 0.25, high: 0.35 };

const secondsPerHour = 3600;

/**
 * Counts the floating-point operations of training: 6 per parameter and token (Kaplan et al. 2020, arXiv 2001.08361).
 * The operations of attention are left out, as in the measurements behind `trainingUtilization`: at 2,048 tokens they
 * are 4 % of a 7B model's.
 */
export function countTrainingOperations(parameters: number, tokens: number): number {
  return 6 * parameters * tokens;
}

/** Estimates the tokens that one device trains on per second, at the low and the high end of its utilization. */
export function estimateTokensPerSecond(parameters: number, { bf16Tflops }: Pick<Gpu, "bf16Tflops">): EstimateRange {
  const computeTokenRate = (share: number): number =>
    (share * bf16Tflops * 1e12) / countTrainingOperations(parameters, 1);
  return { low: computeTokenRate(trainingUtilization.low), high: computeTokenRate(trainingUtilization.high) };
}

/** Estimates the hours of one device for this many tokens. The low end of the hours is the high end of utilization. */
export function estimateDeviceHours(
  { parameters, tokens }: { parameters: number; tokens: number },
  gpu: Pick<Gpu, "bf16Tflops">,
): EstimateRange {
  const { low, high } = estimateTokensPerSecond(parameters, gpu);
  return { low: tokens / high / secondsPerHour, high: tokens / low / secondsPerHour };
}

/**
 * Converts hours of a device into GPU-hours as they are billed, which are hours of a card. LUMI bills an hour of an
 * MI250X, which is two devices, as one (docs.lumi-supercomputer.eu, "Billing policy").
 */
export function convertToGpuHours(
  deviceHours: EstimateRange,
  { devicesPerCard }: Pick<Gpu, "devicesPerCard">,
): EstimateRange {
  return { low: deviceHours.low / devicesPerCard, high: deviceHours.high / devicesPerCard };
}

/** Multiplies both ends. */
function scaleRange({ low, high }: EstimateRange, factor: number): EstimateRange {
  return { low: low * factor, high: high * factor };
}

/** Adds ranges end by end. */
export function sumRanges(ranges: readonly EstimateRange[]): EstimateRange {
  return ranges.reduce((sum, { low, high }) => ({ low: sum.low + low, high: sum.high + high }), { low: 0, high: 0 });
}

/** The time that the training of a cell takes. */
export interface TrainingEstimate {
  /** Tokens read over all steps, at the likely number of them. */
  readonly tokens: number;
  /** All hours below, as they are billed. */
  readonly gpuHours: EstimateRange;
  /**
   * Hours from the first step to the last with all saves and held-out evaluations, if nothing interrupts the run. The
   * ends are those of the tokens and of the utilization together, so that a budget of the high end holds.
   */
  readonly wallHours: EstimateRange;
  /** The hours in which the run trains on the likely number of steps. */
  readonly computeHours: EstimateRange;
  /** The hours in which training waits for checkpoints at the likely number of steps. */
  readonly savingHours: number;
}

/** Our assumption: reading a token without learning from it costs a third, 2 of 6 operations per parameter. */
const readingShare = 1 / 3;

/** Estimates how long a cell trains, on all of its devices. */
export function estimateTraining(facts: CellFacts): TrainingEstimate {
  const { tokensPerStep } = facts;
  const { parameters } = facts.shape;
  const devices = facts.hardware.nodesPerCell * facts.hardware.devicesPerNode;
  const gpu = getDevice(facts.hardware);
  const tokens = facts.trainedSteps * tokensPerStep;
  const estimateHours = (count: number): EstimateRange =>
    scaleRange(estimateDeviceHours({ parameters, tokens: count }, gpu), 1 / devices);
  const estimateSavingHours = (trainedSteps: number): number => {
    const saves = listWrittenSteps({ ...facts, trainedSteps }).length;
    return (saves * estimateSavingSeconds(computeCheckpointBytes(parameters))) / secondsPerHour;
  };
  const estimateEnd = (end: keyof EstimateRange): number => {
    const { trainedSteps, heldOutTokens } = facts.workRange[end];
    const reading = trainedSteps * tokensPerStep + readingShare * heldOutTokens;
    return estimateHours(reading)[end] + estimateSavingHours(trainedSteps);
  };
  const wallHours = { low: estimateEnd("low"), high: estimateEnd("high") };
  return {
    tokens,
    gpuHours: convertToGpuHours(scaleRange(wallHours, devices), gpu),
    wallHours,
    computeHours: estimateHours(tokens),
    savingHours: estimateSavingHours(facts.trainedSteps),
  };
}
