import type { GpuModel } from "../hardware/gpuCatalog.ts";

/** Twice the 100 GB/s below which AMD's Primus fails a node (docs of its node-smoke test, messages of 64 MB). */
const ofEightCards = 200;

/**
 * GB/s of bus bandwidth that an all-reduce over a node with eight cards should reach with 1 GiB; half of it is a
 * failure. Our assumption: between Primus' limit and the 330 GB/s that AMD's validation suite CVS expects of 8 GiB.
 * Nothing is published for the other models.
 */
export const busBandwidthReferences: Readonly<Partial<Record<GpuModel, number>>> = {
  MI300X: ofEightCards,
  MI325X: ofEightCards,
  MI350X: ofEightCards,
  MI355X: ofEightCards,
};
