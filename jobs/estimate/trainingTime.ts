import type { Gpu } from "../hardware/gpuCatalog.ts";
import { getDevice } from "../hardware/gpuCatalog.ts";
import type { CellFacts } from "./cellFacts.ts";
import { computeCheckpointBytes, estimateSavingSeconds, listWrittenSteps } from "./checkpoints.ts";
import type { EstimateRange, StepTime } from "./stepTime.ts";
import { estimateStepTime } from "./stepTime.ts";

const secondsPerHour = 3600;

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
  readonly step: StepTime;
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

/**
 * Our assumption: reading a token without learning from it costs a third: 2 of 6 operations per parameter, and one of
 * ZeRO-3's three transfers.
 */
const readingShare = 1 / 3;

/** Estimates how long an optimizer step of a cell takes. */
export function estimateCellStep(facts: CellFacts): StepTime {
  return estimateStepTime({ ...facts, parameters: facts.shape.parameters });
}

/** Estimates how long a cell trains, on all of its devices. */
export function estimateTraining(facts: CellFacts): TrainingEstimate {
  const { tokensPerStep } = facts;
  const devices = facts.hardware.nodesPerCell * facts.hardware.devicesPerNode;
  const gpu = getDevice(facts.hardware);
  const step = estimateCellStep(facts);
  const estimateHours = (steps: number): EstimateRange => scaleRange(step.total, steps / secondsPerHour);
  const estimateSavingHours = (trainedSteps: number): number => {
    const saves = listWrittenSteps({ ...facts, trainedSteps }).length;
    return (saves * estimateSavingSeconds(computeCheckpointBytes(facts), facts.storeMBs)) / secondsPerHour;
  };
  const estimateEnd = (end: keyof EstimateRange): number => {
    const { trainedSteps, heldOutTokens } = facts.workRange[end];
    const steps = trainedSteps + (readingShare * heldOutTokens) / tokensPerStep;
    return estimateHours(steps)[end] + estimateSavingHours(trainedSteps);
  };
  const wallHours = { low: estimateEnd("low"), high: estimateEnd("high") };
  return {
    step,
    tokens: facts.trainedSteps * tokensPerStep,
    gpuHours: convertToGpuHours(scaleRange(wallHours, devices), gpu),
    wallHours,
    computeHours: estimateHours(facts.trainedSteps),
    savingHours: estimateSavingHours(facts.trainedSteps),
  };
}
