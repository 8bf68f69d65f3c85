import { z } from "zod";

/** The Kubernetes resource that counts the schedulable devices of AMD GPUs. */
export const deviceResource = "amd.com/gpu";

/** The node label that AMD's node labeler writes; its value is a PCI device id. */
export const deviceIdLabel = "amd.com/gpu.device-id";

/** Marks a node that only advertises its devices: scheduling is real, but the CPU does the computing. */
export const emulatedLabel = "mixcpt.io/emulated-gpu";

export type GpuModel = "MI250X" | "MI300X";

export interface Gpu {
  readonly model: GpuModel;
  /** PCI device ids that this model reports, the most common first. */
  readonly deviceIds: readonly [string, ...string[]];
  /** `amd.com/gpu` devices on one card. An MI250X has two dies. */
  readonly devicesPerCard: number;
  /** High-bandwidth memory of one device, in GB (10^9 bytes). */
  readonly memoryGB: number;
  /** Memory bandwidth of one device, in TB/s. */
  readonly memoryTBs: number;
  /** Peak bf16 throughput of one device, in TFLOPS. */
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

/** The schema of a GPU model. It suggests no nearest match: GPU names are so similar that it would be another GPU. */
export const gpuModelSchema = z
  .custom<GpuModel>(isGpuModel, {
    error: `not a supported GPU; allowed: ${gpuModels.join(", ")}`,
    params: { rule: "not-allowed" },
  })
  .meta({ enum: gpuModels });
