import { gpus } from "../hardware/gpuCatalog.ts";
import {
  estimateDeviceHours,
  convertToGpuHours,
  estimateTokensPerSecond,
  countTrainingOperations,
} from "./trainingTime.ts";

const billion = 1e9;

function roundRange({ low, high }: { low: number; high: number }) {
  return [Math.round(low), Math.round(high)];
}

function computeBilledHours(parameters: number) {
  return roundRange(convertToGpuHours(estimateDeviceHours({ parameters, tokens: billion }, gpus.MI250X), gpus.MI250X));
}

describe("the cost of training", () => {
  it("is 25.9 % of the peak for OLMo's 1,200 tokens per second and device on LUMI", () => {
    const share = (countTrainingOperations(6.89e9, 1) * 1200) / (gpus.MI250X.bf16Tflops * 1e12);
    expect(share).toBeCloseTo(0.259, 3);
  });

  it.each([
    [6.74e9, 1184, 1657],
    [8.03e9, 994, 1391],
    [7.55e9, 1057, 1480],
  ])("of %d parameters is %d to %d tokens per second on one device of an MI250X", (parameters, low, high) => {
    expect(roundRange(estimateTokensPerSecond(parameters, gpus.MI250X))).toEqual([low, high]);
  });

  it("bills 10^9 tokens of a 7B model as 84 to 117 hours of an MI250X, of an 8B model as 100 to 140", () => {
    expect(computeBilledHours(6.74e9)).toEqual([84, 117]);
    expect(computeBilledHours(8.03e9)).toEqual([100, 140]);
  });

  it("bills an hour of a node with four MI250X as four GPU-hours", () => {
    expect(convertToGpuHours({ low: 8, high: 8 }, gpus.MI250X)).toEqual({ low: 4, high: 4 });
  });
});
