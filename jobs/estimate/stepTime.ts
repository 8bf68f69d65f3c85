import type { CellHardware, ZeroMode } from "../config/index.ts";
import { getDevice } from "../hardware/gpuCatalog.ts";
import type { ClusterRate } from "../hardware/clusterRates.ts";
import type { NetworkRates } from "../hardware/network.ts";

/** A range of estimates; `low` is the smaller number. */
export interface EstimateRange {
  readonly low: number;
  readonly high: number;
}

/**
 * Share of a device's peak that its kernels reach, counted as 6N operations a token. Our assumption: the band of whole
 * steps that others measured, which include some communication, so the slow end is on the safe side. Low end: OLMo 7B,
 * first untuned runs on LUMI, 25.9 % (allenai/OLMo TRAINLOG.md). High end: MPT 7B on four MI250, 35 %
 * (mosaicml/llm-foundry#1153). Frontier's tuned 22B run reached 38.4 % (arXiv 2312.12705).
 */
export const computeEfficiency: EstimateRange = { low: 0.25, high: 0.35 };

/**
 * Share of a GEMM's operations that count: the backward pass computes the activations again, which makes 8 operations
 * per parameter and token of 6 (Korthikanti et al. 2022, arXiv 2205.05198).
 */
export const countedGemmShare = 6 / 8;

/** Weights and gradients travel in 16 bits. */
const bytesPerParameter = 2;

/**
 * Counts the floating-point operations of training: 6 per parameter and token (Kaplan et al. 2020, arXiv 2001.08361).
 * The operations of attention are left out, as in the measurements behind `computeEfficiency`: at 2,048 tokens they
 * are 4 % of a 7B model's.
 */
export function countTrainingOperations(parameters: number, tokens: number): number {
  return 6 * parameters * tokens;
}

/** The quantities that determine how long an optimizer step takes. */
export interface StepTimeInput {
  readonly parameters: number;
  /** Tokens of a step over all devices. */
  readonly tokensPerStep: number;
  /** Micro-steps of a step. */
  readonly accumulation: number;
  readonly hardware: CellHardware;
  readonly network: NetworkRates;
  /** TFLOPS of matrix products on the slowest device, if they were measured. */
  readonly gemmTflops?: ClusterRate | undefined;
  /** Undefined for a training without DeepSpeed, whose communication is not estimated. */
  readonly sharding?: { readonly zero: ZeroMode; readonly overlaps: boolean } | undefined;
}

/** The parts of a machine that can bound a step. */
type StepBound = "compute" | "links in the node" | "network between nodes";

/** The seconds of an optimizer step. */
export interface StepTime {
  /** With all devices, at the high and the low end of `computeEfficiency`. */
  readonly compute: EstimateRange;
  readonly communication: number;
  /** Seconds in which the network between nodes sends; 0 on one node. */
  readonly network: number;
  /** Seconds in which the links of a node send. */
  readonly links: number;
  /** The larger of both if they overlap, to their sum. */
  readonly total: EstimateRange;
  /** Share of the peak over the whole step. */
  readonly utilization: EstimateRange;
  readonly boundBy: StepBound;
}

/** Bytes that a device sends in rings: over all devices, and over those of its node alone. */
interface StepTraffic {
  readonly acrossCell: number;
  readonly inNode: number;
}

/** A ring sends n - 1 of n parts over each hop (nccl-tests, PERFORMANCE.md). */
function computeRingBytes(bytes: number, participants: number): number {
  return (bytes * (participants - 1)) / participants;
}

/**
 * Counts what a device sends in a step. ZeRO-3 gathers the weights for the forward and the backward pass and scatters
 * the gradients, 3 per parameter in each micro-step; stage 2 scatters them in each micro-step and gathers the weights
 * once a step (Rajbhandari et al. 2019, arXiv 1910.02054, section 7). With hpZ the second gather stays in the node
 * (Wang et al. 2023, ZeRO++, arXiv 2306.10209).
 */
export function computeStepTraffic({
  parameters,
  accumulation,
  hardware: { nodesPerCell, devicesPerNode },
  sharding,
}: Pick<StepTimeInput, "parameters" | "accumulation" | "hardware" | "sharding">): StepTraffic {
  if (sharding === undefined) return { acrossCell: 0, inNode: 0 };
  const model = bytesPerParameter * parameters;
  const across = computeRingBytes(model, nodesPerCell * devicesPerNode);
  if (sharding.zero === 2) return { acrossCell: (accumulation + 1) * across, inNode: 0 };
  if (sharding.zero === 3) return { acrossCell: 3 * accumulation * across, inNode: 0 };
  return { acrossCell: 2 * accumulation * across, inNode: accumulation * computeRingBytes(model, devicesPerNode) };
}

/** Estimates the seconds of communication; a ring over several nodes is as fast as its slowest hop. */
function estimateCommunication(input: StepTimeInput): Pick<StepTime, "communication" | "network" | "links"> {
  const { acrossCell, inNode } = computeStepTraffic(input);
  const linkRate = 1e9 * input.network.inNodeGBs.value;
  const network = input.hardware.nodesPerCell === 1 ? 0 : acrossCell / (1e9 * input.network.betweenNodesGBs.value);
  return {
    communication: Math.max(network, acrossCell / linkRate) + inNode / linkRate,
    network,
    links: (acrossCell + inNode) / linkRate,
  };
}

function findBound({ compute, communication, network, links }: Omit<StepTime, "total" | "utilization" | "boundBy">) {
  if (compute.low >= communication) return "compute";
  return network > links ? "network between nodes" : "links in the node";
}

/** Limits a share of the peak to what matrix products reach: no kernel of a transformer is faster. */
function limitEfficiency(share: number, { hardware, gemmTflops }: StepTimeInput): number {
  if (gemmTflops === undefined) return share;
  return Math.min(share, (countedGemmShare * gemmTflops.value) / getDevice(hardware).bf16Tflops);
}

/** Estimates an optimizer step from compute and communication: a roofline with a band. */
export function estimateStepTime(input: StepTimeInput): StepTime {
  const { parameters, tokensPerStep, hardware, sharding } = input;
  const devices = hardware.nodesPerCell * hardware.devicesPerNode;
  const atPeak = countTrainingOperations(parameters, tokensPerStep) / (devices * getDevice(hardware).bf16Tflops * 1e12);
  const compute = {
    low: atPeak / limitEfficiency(computeEfficiency.high, input),
    high: atPeak / limitEfficiency(computeEfficiency.low, input),
  };
  const parts = { compute, ...estimateCommunication(input) };
  const separate = compute.low + parts.communication;
  const total = {
    low: sharding?.overlaps === true ? Math.max(compute.low, parts.communication) : separate,
    high: compute.high + parts.communication,
  };
  const utilization = { low: atPeak / total.high, high: atPeak / total.low };
  return { ...parts, total, utilization, boundBy: findBound(parts) };
}
