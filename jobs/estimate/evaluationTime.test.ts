import { gpus } from "../hardware/gpuCatalog.ts";
import { computeDecodeRate, estimateEvaluationHours, estimateEvaluationNodeHours } from "./evaluationTime.ts";

describe("the time of an evaluation", () => {
  it("generates 1,600 tokens per second with an 8B model, limited by the memory rate of one device", () => {
    expect(computeDecodeRate(8e9, gpus.MI250X)).toBe(1600);
  });

  it("is a lower bound for as many prompts at once as the cluster serves", () => {
    expect(computeDecodeRate(8e9, { ...gpus.MI250X, maxNumSeqs: 64 })).toBe(4 * 1600);
    const benchmark = { prompts: 1000, shots: 0, exampleTokens: 0, answerTokens: 45 };
    const estimate = (maxNumSeqs?: number): number =>
      estimateEvaluationNodeHours([benchmark], 8e9, { gpu: "MI250X", devicesPerNode: 8, maxNumSeqs });
    expect(estimate() / estimate(64)).toBeCloseTo(4);
  });

  it("is about forty hours of a device for all translations of the paper", () => {
    const prompts = 1012 * (13 + 15 + 11) * 2 * 12;
    const hours = estimateEvaluationHours(
      [{ prompts, shots: 3, exampleTokens: 150, answerTokens: 45 }],
      7.44e9,
      gpus.MI250X,
    );
    expect(prompts).toBe(947_232);
    expect(Math.round(hours)).toBe(38);
  });

  it("does not depend on the memory rate if the answer is read from the first logits", () => {
    const benchmark = { prompts: 1000, shots: 3, exampleTokens: 100, answerTokens: 0 };
    expect(estimateEvaluationHours([benchmark], 7e9, { ...gpus.MI250X, memoryTBs: 0.001 })).toBe(
      estimateEvaluationHours([benchmark], 7e9, gpus.MI250X),
    );
  });
});
