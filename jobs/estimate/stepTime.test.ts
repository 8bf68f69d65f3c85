/** The arithmetic of a step, and its properties. Only a run on devices can confirm the estimate itself. */
import fc from "fast-check";
import { zeroModes } from "../config/index.ts";
import { gpus } from "../hardware/gpuCatalog.ts";
import type { NetworkSettings } from "../hardware/network.ts";
import { resolveNetworkRates } from "../hardware/network.ts";
import type { StepTimeInput } from "./stepTime.ts";
import { computeStepTraffic, countTrainingOperations, estimateStepTime } from "./stepTime.ts";

interface StepOptions {
  readonly nodes?: number;
  readonly network?: NetworkSettings;
  readonly microTokens?: number;
  readonly accumulation?: number;
  readonly zero?: (typeof zeroModes)[number];
}

/** A step of Llama 3.1 8B on nodes of eight devices of an MI250X. */
function buildStep({ nodes = 1, network, microTokens = 2048, accumulation = 1, zero = 3 }: StepOptions): StepTimeInput {
  const hardware = { gpu: "MI250X", nodesPerCell: nodes, devicesPerNode: 8 } as const;
  return {
    parameters: 8.03e9,
    tokensPerStep: microTokens * accumulation * nodes * 8,
    accumulation,
    hardware,
    network: resolveNetworkRates(network, hardware),
    sharding: { zero, overlaps: true },
  };
}

function computePercentBand(options: StepOptions) {
  const { low, high } = estimateStepTime(buildStep(options)).utilization;
  return [100 * low, 100 * high].map((percent) => Math.round(10 * percent) / 10);
}

describe("the arithmetic of a step with 2,048 tokens a device and ZeRO-3", () => {
  it("sends 42 GB per device and micro-step for 8B: 3 · 2 bytes · 8.03·10⁹ · 7/8", () => {
    expect(computeStepTraffic(buildStep({})).acrossCell / 1e9).toBeCloseTo(42.2, 1);
  });

  it("uses 16 to 35 % of the peak on one node", () => {
    // 42.2 GB / (0.75 · 50 GB/s) = 1.12 s; 98.7 TFLOP / 191.5 = 0.515 s at the peak, 1.47 to 2.06 s of compute
    expect(estimateStepTime(buildStep({})).communication).toBeCloseTo(1.12, 2);
    expect(computePercentBand({})).toEqual([16.2, 35]);
  });

  it("uses 8 to 12 % of the peak on four nodes over 100G RoCE with one port", () => {
    // 3 · 2 bytes · 8.03·10⁹ · 31/32 = 46.7 GB at 11 GB/s: 4.24 s
    expect(computePercentBand({ nodes: 4, network: { preset: "roce-100g" } })).toEqual([8.2, 12.1]);
  });

  it("uses less than 3 % of the peak on four nodes over 25G TCP, which is assumed of an unknown network", () => {
    // 46.7 GB at 2.5 GB/s: 18.7 s
    expect(computePercentBand({ nodes: 4, network: { preset: "tcp-25g" } })).toEqual([2.5, 2.8]);
    expect(computePercentBand({ nodes: 4 })).toEqual([2.5, 2.8]);
  });

  it("is bound by compute on one node and by the network on several", () => {
    expect(estimateStepTime(buildStep({})).boundBy).toBe("compute");
    expect(estimateStepTime(buildStep({ microTokens: 1024 })).boundBy).toBe("links in the node");
    expect(estimateStepTime(buildStep({ nodes: 4 })).boundBy).toBe("network between nodes");
  });
});

describe("the traffic of a step", () => {
  const model = 2 * 8.03e9;

  it("is one scatter per micro-step and one gather per step with stage 2", () => {
    const { acrossCell, inNode } = computeStepTraffic(buildStep({ zero: 2, accumulation: 4 }));
    expect([acrossCell, inNode]).toEqual([5 * model * (7 / 8), 0]);
  });

  it("keeps one of three transfers in the node with hpz", () => {
    const { acrossCell, inNode } = computeStepTraffic(buildStep({ zero: "hpz", nodes: 4 }));
    expect(acrossCell).toBeCloseTo(2 * model * (31 / 32), 0);
    expect(inNode).toBeCloseTo(model * (7 / 8), 0);
  });
});

const steps = fc.record({
  nodes: fc.integer({ min: 1, max: 64 }),
  network: fc.record({
    betweenNodesGBs: fc.double({ min: 0.1, max: 400, noNaN: true }),
    inNodeGBs: fc.double({ min: 1, max: 400, noNaN: true }),
  }),
  microTokens: fc.integer({ min: 128, max: 65536 }),
  accumulation: fc.integer({ min: 1, max: 16 }),
  zero: fc.constantFrom(...zeroModes),
});

const roundingError = 1 - 1e-12;

describe("every step", () => {
  it("takes at least as long as each of its parts, and at most as long as their sum", () => {
    fc.assert(
      fc.property(steps, (options) => {
        const { compute, communication, network, total } = estimateStepTime(buildStep(options));
        expect(total.low).toBeGreaterThanOrEqual(Math.max(compute.low, communication));
        expect(communication).toBeGreaterThanOrEqual(network);
        expect(total.high).toBeCloseTo(compute.high + communication, 9);
      }),
    );
  });

  it("takes longer with more tokens", () => {
    fc.assert(
      fc.property(steps, ({ microTokens, ...options }) => {
        const [fewer, more] = [microTokens, microTokens + 1].map((count) =>
          estimateStepTime(buildStep({ ...options, microTokens: count })),
        );
        expect(more?.total.high).toBeGreaterThan(fewer?.total.high ?? NaN);
        expect(more?.total.low).toBeGreaterThanOrEqual(fewer?.total.low ?? NaN);
      }),
    );
  });

  it("is never faster per device on more nodes", () => {
    fc.assert(
      fc.property(steps, ({ nodes, ...options }) => {
        const [fewer, more] = [nodes, nodes + 1].map((count) =>
          estimateStepTime(buildStep({ ...options, nodes: count })),
        );
        expect(more?.total.low).toBeGreaterThanOrEqual((fewer?.total.low ?? NaN) * roundingError);
        expect(more?.total.high).toBeGreaterThanOrEqual((fewer?.total.high ?? NaN) * roundingError);
      }),
    );
  });

  it("takes the sum of compute and communication at both ends if they do not overlap", () => {
    const { compute, communication, total } = estimateStepTime({
      ...buildStep({}),
      sharding: { zero: 3, overlaps: false },
    });
    expect(total.low).toBe(compute.low + communication);
  });
});

describe("the efficiency of compute", () => {
  it("is at most three quarters of a measured GEMM, because the backward pass computes activations again", () => {
    const estimateWith = (value: number) =>
      estimateStepTime({ ...buildStep({}), gemmTflops: { value, from: "measured" } }).compute;
    const unbounded = estimateStepTime(buildStep({})).compute;
    expect(estimateWith(0.6 * gpus.MI250X.bf16Tflops)).toEqual(unbounded);
    const { low, high } = estimateWith(0.4 * gpus.MI250X.bf16Tflops);
    expect(low / unbounded.low).toBeCloseTo(0.35 / 0.3, 9);
    expect(high).toBe(unbounded.high);
  });

  it("has a low end that OLMo's 1,200 tokens per second and device reach on LUMI: 25.9 % of the peak", () => {
    const share = (countTrainingOperations(6.89e9, 1) * 1200) / (gpus.MI250X.bf16Tflops * 1e12);
    expect(share).toBeCloseTo(0.259, 3);
  });
});
