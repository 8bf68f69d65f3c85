import { z } from "zod";

/** What Kubernetes calls one schedulable part of an AMD GPU. */
export const deviceResource = "amd.com/gpu";

/** The label that AMD's node labeller writes; its value is a PCI device id. */
export const deviceIdLabel = "amd.com/gpu.device-id";

/** Marks a node whose devices are only advertised: scheduling is real, computing is the CPU's. */
export const emulatedLabel = "mixcpt.io/emulated-gpu";

export type GpuModel = "MI250X" | "MI300X";

export interface Gpu {
  readonly model: GpuModel;
  /** PCI device ids that this model reports, the usual one first. */
  readonly deviceIds: readonly [string, ...string[]];
  /** `amd.com/gpu` devices on one card: an MI250X is two dies. */
  readonly devicesPerCard: number;
  /** High-bandwidth memory of one device, in GB (10^9 bytes). */
  readonly memoryGB: number;
  /** Rate of that memory, in TB/s. */
  readonly memoryTBs: number;
  /** Peak bf16 rate of one device, in TFLOPS. */
  readonly bf16Tflops: number;
}

export const gpus: Readonly<Record<GpuModel, Gpu>> = {
  MI250X: {
    model: "MI250X",
    deviceIds: ["740c", "7408"],
    devicesPerCard: 2,
    memoryGB: 64,
    memoryTBs: 1.6,
    bf16Tflops: 191.5,
  },
  MI300X: {
    model: "MI300X",
    deviceIds: ["74a1", "74a9"],
    devicesPerCard: 1,
    memoryGB: 192,
    memoryTBs: 5.3,
    bf16Tflops: 1307,
  },
};

export const gpuModels = Object.keys(gpus) as GpuModel[];

function isGpuModel(name: unknown): boolean {
  return (gpuModels as readonly unknown[]).includes(name);
}

/** GPUs have names so alike that the nearest word is another GPU: none is suggested. */
export const gpuModelSchema = z.custom<GpuModel>(isGpuModel, {
  error: `allowed: ${gpuModels.join(", ")}`,
  params: { rule: "not-allowed" },
});
