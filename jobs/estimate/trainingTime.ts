import type { Gpu } from "../hardware/gpuCatalog.ts";

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
 * Floating-point operations of training: 6 per parameter and token (Kaplan et al. 2020, arXiv 2001.08361). Attention's
 * own are left out, as they are in the measurements behind `utilisation`: at 2,048 tokens they are 4 % of a 7B model's.
 */
export function countTrainingOperations(parameters: number, tokens: number): number {
  return 6 * parameters * tokens;
}

/** Tokens that one device trains on in a second, at the low and the high end of its utilisation. */
export function estimateTokensPerSecond(parameters: number, { bf16Tflops }: Pick<Gpu, "bf16Tflops">): EstimateRange {
  const computeTokenRate = (share: number): number =>
    (share * bf16Tflops * 1e12) / countTrainingOperations(parameters, 1);
  return { low: computeTokenRate(trainingUtilization.low), high: computeTokenRate(trainingUtilization.high) };
}

/** Hours of one device for so many tokens. The low end of the hours is the high end of the utilisation. */
export function estimateDeviceHours(
  { parameters, tokens }: { parameters: number; tokens: number },
  gpu: Pick<Gpu, "bf16Tflops">,
): EstimateRange {
  const { low, high } = estimateTokensPerSecond(parameters, gpu);
  return { low: tokens / high / secondsPerHour, high: tokens / low / secondsPerHour };
}

/**
 * GPU-hours as they are billed: hours of a card. LUMI bills an hour of an MI250X, which is two devices, as one
 * (docs.lumi-supercomputer.eu, "Billing policy").
 */
export function convertToGpuHours(
  devices: EstimateRange,
  { devicesPerCard }: Pick<Gpu, "devicesPerCard">,
): EstimateRange {
  return { low: devices.low / devicesPerCard, high: devices.high / devicesPerCard };
}

/** Multiplies both ends. */
export function scaleRange({ low, high }: EstimateRange, factor: number): EstimateRange {
  return { low: low * factor, high: high * factor };
}

/** Adds bands end by end. */
export function sumRanges(bands: readonly EstimateRange[]): EstimateRange {
  return bands.reduce((sum, { low, high }) => ({ low: sum.low + low, high: sum.high + high }), { low: 0, high: 0 });
}
