import { z } from "zod";

/** The Kubernetes resource that counts the schedulable devices of AMD GPUs. */
export const deviceResource = "amd.com/gpu";

/** The node label that AMD's node labeler writes; its value is a PCI device id. */
export const deviceIdLabel = "amd.com/gpu.device-id";

/** Marks a node that only advertises its devices: scheduling is real, but the CPU does the computing. */
export const emulatedLabel = "mixcpt.io/emulated-gpu";

export type GpuModel = "MI250X" | "MI300X";

/** The modes in which a card divides itself, by the driver's names. Kubernetes counts each part as a device. */
export const partitionModes = ["SPX", "DPX", "QPX", "CPX"] as const;
type PartitionMode = (typeof partitionModes)[number];

/** Devices of one model, as a file names them. */
export interface DeviceKind {
  readonly gpu: GpuModel;
  /** Omitted for cards that are not partitioned, which is the mode SPX. */
  readonly partition?: PartitionMode;
}

export interface Gpu {
  readonly model: GpuModel;
  /** PCI device ids that this model reports, the most common first. */
  readonly deviceIds: readonly [string, ...string[]];
  /** `amd.com/gpu` devices on one card. An MI250X has two dies. */
  readonly devicesPerCard: number;
  /** Parts of the card by partition mode; empty for a card that cannot be partitioned. */
  readonly partitions: Readonly<Partial<Record<PartitionMode, number>>>;
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
    partitions: {},
    memoryGB: 64,
    memoryTBs: 1.6,
    bf16Tflops: 191.5,
  },
  MI300X: {
    model: "MI300X",
    deviceIds: ["74a1", "74a9"],
    devicesPerCard: 1,
    // one part for all eight compute dies, or for four, two or one of them (AMD SMI's accelerator partition profiles)
    partitions: { SPX: 1, DPX: 2, QPX: 4, CPX: 8 },
    memoryGB: 192,
    memoryTBs: 5.3,
    bf16Tflops: 1307,
  },
};

export const gpuModels = Object.keys(gpus) as GpuModel[];

/**
 * Returns the figures of one device. A partition has its share of the card's memory in every memory mode (NPS): even
 * if all partitions can address all memory, the processes of one training fill them all.
 */
export function getDevice({ gpu, partition = "SPX" }: DeviceKind): Gpu {
  const card = gpus[gpu];
  const parts = card.partitions[partition] ?? 1;
  return {
    ...card,
    devicesPerCard: card.devicesPerCard * parts,
    memoryGB: card.memoryGB / parts,
    memoryTBs: card.memoryTBs / parts,
    bf16Tflops: card.bf16Tflops / parts,
  };
}

/** Formats devices for people: `MI250X`, or `MI300X (CPX)` if the cards are partitioned. Equal kinds look equal. */
export function formatDeviceKind({ gpu, partition = "SPX" }: DeviceKind): string {
  return partition === "SPX" ? gpu : `${gpu} (${partition})`;
}

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
