import { z } from "zod";

/** The Kubernetes resource that counts the schedulable devices of AMD GPUs. */
export const deviceResource = "amd.com/gpu";

/** The node label that AMD's node labeler writes; its value is a PCI device id. */
export const deviceIdLabel = "amd.com/gpu.device-id";

/** Marks a node that only advertises its devices: scheduling is real, but the CPU does the computing. */
export const emulatedLabel = "mixcpt.io/emulated-gpu";

/** Prefix of the labels with which AMD's node labeler counts the ids of a node whose devices are of several kinds. */
export const countedDeviceIdLabel = `${deviceIdLabel}.`;

/** The label with which AMD's node labeler (since 1.31.0.7) names the modes of the cards, such as `cpx_nps4`. */
export const partitionLabel = "amd.com/gpu.compute-memory-partition";

export type GpuModel = "MI210" | "MI250" | "MI250X" | "MI300A" | "MI300X" | "MI325X" | "MI350X" | "MI355X";

/** The modes in which a card divides itself, by the driver's names. Kubernetes counts each part as a device. */
export const partitionModes = ["SPX", "DPX", "TPX", "QPX", "CPX"] as const;
export type PartitionMode = (typeof partitionModes)[number];

/** The most cards on the boards that carry AMD's accelerators. */
const cardsPerBoard = 8;

/** Devices of one model, as a file names them. */
export interface DeviceKind {
  readonly gpu: GpuModel;
  /** Omitted for cards that are not partitioned, which is the mode SPX. */
  readonly partition?: PartitionMode;
}

export interface Gpu {
  readonly model: GpuModel;
  /** PCI device ids that this model reports, the most common first. Sources: `pciIds.fixture.ts`. */
  readonly deviceIds: readonly [string, ...string[]];
  /** `amd.com/gpu` devices on one card. An MI250 and an MI250X have two dies. */
  readonly devicesPerCard: number;
  readonly maxCardsPerNode: number;
  /** Parts of the card by partition mode; empty for a card that cannot be partitioned. */
  readonly partitions: Readonly<Partial<Record<PartitionMode, number>>>;
  /** High-bandwidth memory of one device, in GB (10^9 bytes). */
  readonly memoryGB: number;
  /** True if the programs of the host use the same memory, because the card has the processor's cores, too. */
  readonly hasHostMemory?: true;
  /** Memory bandwidth of one device, in TB/s. */
  readonly memoryTBs: number;
  /** Peak bf16 throughput of one device, in TFLOPS. */
  readonly bf16Tflops: number;
  /** Peak rate of one link between cards, per direction, in GB/s. */
  readonly linkGBs: number;
  /** Links of a card over which a collective in a node sends at once. */
  readonly links: number;
}

/**
 * The modes of a card with six or eight compute dies (XCDs), which are those of the kernel's driver
 * (`__aqua_vanjaram_update_supported_modes` in drivers/gpu/drm/amd/amdgpu/aqua_vanjaram.c).
 */
const partitionsOfDies = { 6: { SPX: 1, TPX: 3, CPX: 6 }, 8: { SPX: 1, DPX: 2, QPX: 4, CPX: 8 } } as const;

/**
 * The accelerators that clusters may have. Memory, bandwidth and dense bf16 peak are AMD's figures (data sheets; each
 * model has the link of its product page, which is about a card); the peak is compute units x matrix operations per
 * clock x clock. Ids of virtual functions (VF) pass whole cards on.
 *
 * Links between cards (Infinity Fabric, xGMI):
 * - MI210: our assumption is PCIe 4.0 x16, because bridges join four cards at most.
 * - MI250 and MI250X: 50 GB/s per link and direction, and some dies of a node share a single link, which bounds a ring
 *   (docs.olcf.ornl.gov/systems/frontier_user_guide.html).
 * - MI300A: three neighbors with two links of 64 GB/s each, 256 GB/s in both directions
 *   (www.amd.com/content/dam/amd/en/documents/instinct-tech-docs/white-papers/amd-cdna-3-white-paper.pdf, before figure
 *   10).
 * - MI300X and MI325X: seven links of 64 GB/s
 *   (rocm.blogs.amd.com/software-tools-optimization/mi300x-rccl-xgmi/README.html).
 * - MI350X and MI355X: seven links of 76.8 GB/s, 537.6 in all (github.com/AMD-AGI/Primus, examples/hardware_configs).
 */
export const gpus: Readonly<Record<GpuModel, Gpu>> = {
  // www.amd.com/en/products/accelerators/instinct/mi200/mi210.html
  MI210: {
    model: "MI210",
    deviceIds: ["740f", "7410"],
    devicesPerCard: 1,
    // a PCIe card: servers take ten, and GigaIO's SuperNODE 32
    maxCardsPerNode: 32,
    partitions: {},
    memoryGB: 64,
    memoryTBs: 1.6,
    bf16Tflops: 181,
    linkGBs: 32,
    links: 1,
  },
  // www.amd.com/en/products/accelerators/instinct/mi200/mi250.html
  MI250: {
    model: "MI250",
    // pci.ids calls it MI250X/MI250, but it has 104 compute units a die, as an MI250
    deviceIds: ["740c"],
    devicesPerCard: 2,
    maxCardsPerNode: cardsPerBoard,
    partitions: {},
    memoryGB: 64,
    memoryTBs: 1.6,
    bf16Tflops: 181,
    linkGBs: 50,
    links: 1,
  },
  // www.amd.com/en/products/accelerators/instinct/mi200/mi250x.html
  MI250X: {
    model: "MI250X",
    deviceIds: ["7408"],
    devicesPerCard: 2,
    maxCardsPerNode: cardsPerBoard,
    partitions: {},
    memoryGB: 64,
    memoryTBs: 1.6,
    bf16Tflops: 191.5,
    linkGBs: 50,
    links: 1,
  },
  // www.amd.com/en/products/accelerators/instinct/mi300/mi300a.html
  MI300A: {
    model: "MI300A",
    deviceIds: ["74a0", "74b4"],
    devicesPerCard: 1,
    maxCardsPerNode: cardsPerBoard,
    partitions: partitionsOfDies[6],
    memoryGB: 128,
    hasHostMemory: true,
    memoryTBs: 5.3,
    bf16Tflops: 980.6,
    linkGBs: 128,
    links: 3,
  },
  // www.amd.com/en/products/accelerators/instinct/mi300/mi300x.html
  MI300X: {
    model: "MI300X",
    deviceIds: ["74a1", "74a9", "74b5", "74bd"],
    devicesPerCard: 1,
    maxCardsPerNode: cardsPerBoard,
    partitions: partitionsOfDies[8],
    memoryGB: 192,
    memoryTBs: 5.3,
    bf16Tflops: 1307,
    linkGBs: 64,
    links: 7,
  },
  // www.amd.com/en/products/accelerators/instinct/mi300/mi325x.html
  MI325X: {
    model: "MI325X",
    deviceIds: ["74a5", "74b9"],
    devicesPerCard: 1,
    maxCardsPerNode: cardsPerBoard,
    partitions: partitionsOfDies[8],
    memoryGB: 256,
    memoryTBs: 6,
    bf16Tflops: 1307,
    linkGBs: 64,
    links: 7,
  },
  // www.amd.com/en/products/accelerators/instinct/mi350/mi350x.html
  MI350X: {
    model: "MI350X",
    deviceIds: ["75a0", "75b0"],
    devicesPerCard: 1,
    maxCardsPerNode: cardsPerBoard,
    partitions: partitionsOfDies[8],
    memoryGB: 288,
    memoryTBs: 8,
    bf16Tflops: 2307,
    linkGBs: 76.8,
    links: 7,
  },
  // www.amd.com/en/products/accelerators/instinct/mi350/mi355x.html
  MI355X: {
    model: "MI355X",
    deviceIds: ["75a3", "75b3"],
    devicesPerCard: 1,
    maxCardsPerNode: cardsPerBoard,
    partitions: partitionsOfDies[8],
    memoryGB: 288,
    memoryTBs: 8,
    bf16Tflops: 2517,
    linkGBs: 76.8,
    links: 7,
  },
};

export const gpuModels = Object.keys(gpus) as GpuModel[];

/** Finds the model that reports a PCI device id; undefined if the catalog does not list the id. */
export function findGpuModel(deviceId: string): GpuModel | undefined {
  return gpuModels.find((model) => gpus[model].deviceIds.includes(deviceId));
}

/** True if cards of this model can divide themselves into several devices. */
export function isPartitionable(gpu: GpuModel): boolean {
  return Object.keys(gpus[gpu].partitions).length > 0;
}

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
