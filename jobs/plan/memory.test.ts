/** The arithmetic of memory. That a device needs what it says is shown by a device only. */
import fc from "fast-check";
import { gpus } from "../hardware/catalogue.ts";
import type { MemoryInput } from "./memory.ts";
import { fits, memoryPerDevice } from "./memory.ts";
import { llama2, llama31 } from "./shapes.fixture.ts";

const published: MemoryInput = { shape: llama31, sequences: 8, sequenceLength: 2048, shards: 8, fusedAttention: true };
const GB = (bytes: number) => Math.round(bytes / 1e8) / 10;

describe("memory per device", () => {
  it("holds an eighth of sixteen bytes a parameter on each of eight devices", () => {
    expect(GB(memoryPerDevice(published).states)).toBe(16.1);
    expect(GB(memoryPerDevice({ ...published, shape: llama2 }).states)).toBe(13.5);
  });

  it("is led by the logits where the vocabulary is large", () => {
    const { logits, total } = memoryPerDevice(published);
    expect(GB(logits)).toBe(21);
    expect(logits / total).toBeGreaterThan(0.4);
    expect(GB(memoryPerDevice({ ...published, shape: llama2 }).logits)).toBe(5.2);
  });

  it("of the published recipe fits a node of MI250X and not a single card", () => {
    expect(fits(memoryPerDevice(published), gpus.MI250X)).toBe(true);
    expect(fits(memoryPerDevice({ ...published, shards: 2 }), gpus.MI250X)).toBe(false);
  });

  it("leaves a tenth of the device free", () => {
    expect(fits({ total: 57.6e9 }, gpus.MI250X)).toBe(true);
    expect(fits({ total: 57.7e9 }, gpus.MI250X)).toBe(false);
  });

  it("grows by attention's scores where attention writes them out", () => {
    const scores = memoryPerDevice({ ...published, fusedAttention: false }).total - memoryPerDevice(published).total;
    expect(scores).toBe(5 * 32 * 2048 * 2048 * 8);
  });

  it("never grows with more devices, and never shrinks with longer sequences", () => {
    const count = fc.integer({ min: 1, max: 64 });
    fc.assert(
      fc.property(count, count, count, (shards, sequences, blocks) => {
        const input = { ...published, shards: shards + 1, sequences, sequenceLength: 128 * blocks };
        const { total } = memoryPerDevice(input);
        expect(memoryPerDevice({ ...input, shards: shards + 2 }).total).toBeLessThanOrEqual(total);
        expect(memoryPerDevice({ ...input, sequenceLength: 128 * (blocks + 1) }).total).toBeGreaterThanOrEqual(total);
      }),
    );
  });
});
