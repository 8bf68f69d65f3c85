/** The arithmetic of the memory estimate. Only a run on a device can confirm the estimate itself. */
import fc from "fast-check";
import { gpus } from "../hardware/gpuCatalog.ts";
import type { DeviceMemoryInput } from "./deviceMemory.ts";
import { isWithinDeviceMemory, estimateDeviceMemory } from "./deviceMemory.ts";
import { llama2Shape, llama31Shape } from "./modelShapes.fixture.ts";

const published: DeviceMemoryInput = {
  shape: llama31Shape,
  sequences: 8,
  sequenceLength: 2048,
  shards: 8,
  fusedAttention: true,
};

function roundToGB(bytes: number) {
  return Math.round(bytes / 1e8) / 10;
}

describe("memory per device", () => {
  it("includes an eighth of sixteen bytes per parameter on each of eight devices", () => {
    expect(roundToGB(estimateDeviceMemory(published).states)).toBe(16.1);
    expect(roundToGB(estimateDeviceMemory({ ...published, shape: llama2Shape }).states)).toBe(13.5);
  });

  it("has the logits as its largest part if the vocabulary is large", () => {
    const { logits, total } = estimateDeviceMemory(published);
    expect(roundToGB(logits)).toBe(21);
    expect(logits / total).toBeGreaterThan(0.4);
    expect(roundToGB(estimateDeviceMemory({ ...published, shape: llama2Shape }).logits)).toBe(5.2);
  });

  it("of the published recipe fits on a node of MI250X and not on a single card", () => {
    expect(isWithinDeviceMemory(estimateDeviceMemory(published), gpus.MI250X)).toBe(true);
    expect(isWithinDeviceMemory(estimateDeviceMemory({ ...published, shards: 2 }), gpus.MI250X)).toBe(false);
  });

  it("has the whole weights with stage 2, and a copy that a node divides with hpz", () => {
    const { states } = estimateDeviceMemory(published);
    const weights = 2 * llama31Shape.parameters;
    expect(estimateDeviceMemory({ ...published, zero: 2 }).states).toBeCloseTo(states + (7 / 8) * weights, 0);
    const hpz = { ...published, shards: 32, shardsPerNode: 8, zero: "hpz" } as const;
    expect(roundToGB(estimateDeviceMemory(hpz).states)).toBe(roundToGB((16 * weights) / 2 / 32 + weights / 8));
  });

  it("has two buckets of 16-bit elements, and no gathered weights with stage 2", () => {
    expect(estimateDeviceMemory({ ...published, zero: 2, bucketElements: 5e8 }).gathered).toBe(2e9);
    expect(estimateDeviceMemory({ ...published, bucketElements: 5e8 }).gathered).toBe(4e9);
  });

  it("must leave a tenth of the device free", () => {
    expect(isWithinDeviceMemory({ total: 57.6e9 }, gpus.MI250X)).toBe(true);
    expect(isWithinDeviceMemory({ total: 57.7e9 }, gpus.MI250X)).toBe(false);
  });

  it("grows by the attention scores if attention writes them out", () => {
    const scores =
      estimateDeviceMemory({ ...published, fusedAttention: false }).total - estimateDeviceMemory(published).total;
    expect(scores).toBe(5 * 32 * 2048 * 2048 * 8);
  });

  it("never grows with more devices, and never shrinks with longer sequences", () => {
    const count = fc.integer({ min: 1, max: 64 });
    fc.assert(
      fc.property(count, count, count, (shards, sequences, blocks) => {
        const input = { ...published, shards: shards + 1, sequences, sequenceLength: 128 * blocks };
        const { total } = estimateDeviceMemory(input);
        expect(estimateDeviceMemory({ ...input, shards: shards + 2 }).total).toBeLessThanOrEqual(total);
        expect(estimateDeviceMemory({ ...input, sequenceLength: 128 * (blocks + 1) }).total).toBeGreaterThanOrEqual(
          total,
        );
      }),
    );
  });
});
