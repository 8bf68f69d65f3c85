import type { GpuModel } from "../../jobs/hardware/gpuCatalog.ts";
import {
  countedDeviceIdLabel,
  deviceIdLabel,
  deviceResource,
  emulatedLabel,
  formatDeviceKind,
  findGpuModel,
  getDevice,
  isPartitionable,
  partitionLabel,
} from "../../jobs/hardware/gpuCatalog.ts";
import type { ClusterHardware } from "../../jobs/kube/clusterOutputs.ts";
import { listDeviceIds } from "../../jobs/kube/clusterOutputs.ts";
import type { ClusterPods } from "../../jobs/kube/podSettings.ts";
import type { MeasuredNode } from "./gpuNodeRoom.ts";
import { checkRoom } from "./gpuNodeRoom.ts";
import { checkAvailability } from "./nodeAvailability.ts";
import { formatNodeNames } from "./nodeNames.ts";
import type { ReachedNode } from "./nodeReach.ts";
import { explainExclusion } from "./nodeReach.ts";

/** A node that has AMD devices, by its labels or its resources. */
export interface GpuNode extends ReachedNode, MeasuredNode {
  readonly name: string;
  /** Devices that pods may be given: without those that the device plugin found unhealthy. */
  readonly devices: number;
  readonly state: "ready" | "not ready" | "cordoned";
}

/** The comparison of the nodes of a cluster with the file that declares them. */
export interface GpuNodeReport {
  /** In one line, that fewer nodes fit than the file declares; undefined if enough do. */
  readonly shortage: string | undefined;
  /** One line for each kind of misfit; none if enough nodes fit and no other node would get work. */
  readonly misfits: readonly string[];
  /** True if all nodes that the pods can reach have other devices than the file says, or none that labels describe. */
  readonly isUnusable: boolean;
  /** True if nodes, labels or all devices of a node are missing, which AMD's labeller and plugin may add soon. */
  readonly isIncomplete: boolean;
}

/**
 * The reason why a node does not fit, without its name, so that nodes with one reason share a line. Only a node with
 * other devices stays unusable: the rest changes when a node, a card or a file is repaired.
 */
interface Misfit {
  readonly reason: string;
  readonly kind:
    "out of reach" | "other devices" | "unavailable" | "quarantine" | "other mode" | "too few devices" | "too small";
  /** True if AMD's labeller or device plugin may not have run on the node yet. */
  readonly isIncomplete?: boolean;
}

/** The cluster's file: its devices and its pods. */
interface DeclaredCluster {
  readonly hardware: ClusterHardware;
  readonly pods: ClusterPods;
}

type Check = (node: GpuNode, declared: ClusterHardware) => Misfit | undefined;

/** Lists the ids that AMD's node labeler counts on a node with devices of several kinds, with the number of each. */
function listCountedIds({ labels }: GpuNode): string[] {
  return Object.entries(labels)
    .filter(([label]) => label.startsWith(countedDeviceIdLabel))
    .map(([label, count]) => `${count} of ${label.slice(countedDeviceIdLabel.length)}`);
}

/** The devices of a node as people count them: `8 devices`. */
function formatDevices({ devices }: GpuNode): string {
  return devices === 1 ? "1 device" : `${String(devices)} devices`;
}

/** Explains a node that the labels of AMD's node labeler do not describe by one id. */
function checkLabels(node: GpuNode): Misfit | undefined {
  if (node.labels[deviceIdLabel] !== undefined) return undefined;
  const kind = "other devices";
  const counted = listCountedIds(node);
  if (counted.length > 0)
    return {
      kind,
      reason:
        `has devices of several PCI ids (${counted.join(", ")}), and a pod may get any of them; ` +
        "remove the others from the node, or use nodes with one kind",
    };
  const found = node.labels[`beta.${deviceIdLabel}`] === undefined ? "no device id" : `only beta.${deviceIdLabel}`;
  return {
    kind,
    isIncomplete: true,
    reason:
      `has ${found}; AMD's node labeller must set the label ${deviceIdLabel}; ` +
      "upgrade the labeller, or configure rocm",
  };
}

function checkEmulation({ labels }: GpuNode, { emulated }: ClusterHardware): Misfit | undefined {
  const isEmulated = labels[emulatedLabel] === "true";
  if (isEmulated === emulated) return undefined;
  const reason = isEmulated
    ? "reports devices that do not exist, but the file declares real ones; set devices.emulated to true"
    : "has real devices, but the file declares emulated ones; remove devices.emulated";
  return { kind: "other devices", reason };
}

/** The two ways to use nodes of another model. `gpu` is part of names: another model adds in another order. */
function adviseOnModel(id: string, model: GpuModel, { gpu }: ClusterHardware): string {
  if (model === gpu) return `remove deviceId, or set it to "${id}"`;
  return (
    `set deviceId to "${id}" to use them as ${gpu} under the present names, ` +
    `or set gpu to ${model}, which gives every training and score a new name`
  );
}

function checkModel(node: GpuNode, declared: ClusterHardware): Misfit | undefined {
  const id = node.labels[deviceIdLabel];
  if (id === undefined || listDeviceIds(declared).includes(id)) return undefined;
  const kind = "other devices";
  const model = findGpuModel(id);
  const found = `has ${formatDevices(node)} of id ${id}`;
  if (model === undefined)
    return {
      kind,
      reason:
        `${found}, which the catalog of GPUs does not list; if they are ${declared.gpu}, set deviceId to "${id}"; ` +
        "ids and models: docs/gpu-nodes.md#gpus",
    };
  const wanted = declared.deviceId === undefined ? declared.gpu : `id ${declared.deviceId}`;
  const advice = adviseOnModel(id, model, declared);
  return { kind, reason: `${found} (${model}), but the file declares ${wanted}; ${advice}` };
}

/** Compares the mode of the cards: by AMD's label if there is one, else by a number that no other mode can reach. */
function checkPartition(node: GpuNode, declared: ClusterHardware): Misfit | undefined {
  if (!isPartitionable(declared.gpu)) return undefined;
  const { partition = "SPX" } = declared;
  const { maxCardsPerNode, devicesPerCard } = getDevice(declared);
  const label = node.labels[partitionLabel];
  const mode = label?.replace(/_.*$/, "").toUpperCase() ?? partition;
  const most = maxCardsPerNode * devicesPerCard;
  const kind = "other mode";
  const correction = `and devicesPerNode to ${String(node.devices)}, or change the mode of the cards`;
  if (mode !== partition)
    return {
      kind,
      reason:
        `has cards in mode ${mode} (label ${partitionLabel}=${label ?? ""}), but the file declares ${partition}; ` +
        `set partition to ${mode} ${correction}`,
    };
  if (node.devices <= most) return undefined;
  return {
    kind,
    reason:
      `has ${formatDevices(node)}, ` +
      `but ${String(maxCardsPerNode)} ${formatDeviceKind(declared)} have ${String(most)}; ` +
      `set partition to the mode of the cards ${correction}`,
  };
}

const emulationAdvice = "./mixcpt cluster up of the stack that emulates the devices makes nodes report them";

function adviseOnDeviceCount({ devices }: GpuNode, { emulated }: ClusterHardware): string {
  if (emulated) return emulationAdvice;
  return devices === 0
    ? "AMD's device plugin must run there: configure rocm, or see its log"
    : `set devicesPerNode to ${String(devices)}, or repair the node: unhealthy devices do not count`;
}

function checkDeviceCount(node: GpuNode, declared: ClusterHardware): Misfit | undefined {
  const { devicesPerNode } = declared;
  if (node.devices >= devicesPerNode) return undefined;
  const found = `offers ${formatDevices(node)}, but devicesPerNode is ${String(devicesPerNode)}`;
  return {
    kind: "too few devices",
    isIncomplete: node.devices === 0,
    reason: `${found}; ${adviseOnDeviceCount(node, declared)}`,
  };
}

/** Devices before the state of a node: a node that is repaired has the same ones. */
const checks: readonly Check[] = [
  checkLabels,
  checkEmulation,
  checkModel,
  checkAvailability,
  checkPartition,
  checkDeviceCount,
];

function findMisfit(node: GpuNode, { hardware, pods }: DeclaredCluster): Misfit | undefined {
  const exclusion = explainExclusion(node, pods);
  if (exclusion !== undefined) return { kind: "out of reach", reason: exclusion };
  const misfit = checks.map((check) => check(node, hardware)).find((found) => found !== undefined);
  return misfit ?? checkRoom(node, { hardware, pods });
}

function formatShortage(nodes: readonly GpuNode[], fitting: number, declared: ClusterHardware): string {
  const wanted = `the file declares ${String(declared.nodes)} with ${formatDeviceKind(declared)}`;
  if (nodes.length === 0)
    return (
      `GPU nodes: no node has the label ${deviceIdLabel} or the resource ${deviceResource}, but ${wanted}; ` +
      (declared.emulated
        ? emulationAdvice
        : "AMD's device plugin and node labeller must run there: configure rocm, or install AMD's GPU operator")
    );
  return `GPU nodes: ${String(fitting)} of ${String(nodes.length)} fit, but ${wanted}; work for more of them waits`;
}

interface JudgedNode {
  readonly node: GpuNode;
  readonly misfit: Misfit | undefined;
}

/** What is reported although enough other nodes fit: work would go there, or somebody has to release the node. */
const alwaysReported: readonly Misfit["kind"][] = ["other mode", "quarantine"];

function formatMisfits(judged: readonly JudgedNode[], isShort: boolean): string[] {
  const reported = judged.flatMap(({ node, misfit }) =>
    misfit !== undefined && (isShort || alwaysReported.includes(misfit.kind)) ? [{ name: node.name, ...misfit }] : [],
  );
  return [...Map.groupBy(reported, ({ reason }) => reason)].map(
    ([reason, group]) => `${formatNodeNames(group.map(({ name }) => name))}: ${reason}`,
  );
}

/**
 * Compares the nodes with devices with those that a cluster's file declares. Nodes that do not fit are no problem while
 * enough others do, because no work is given to them, unless they differ in what labels do not select.
 */
export function compareGpuNodes(nodes: readonly GpuNode[], declared: DeclaredCluster): GpuNodeReport {
  const { hardware } = declared;
  const judged = nodes.map((node) => ({ node, misfit: findMisfit(node, declared) }));
  const reached = judged.filter(({ misfit }) => misfit?.kind !== "out of reach");
  const fitting = judged.filter(({ misfit }) => misfit === undefined).length;
  const isShort = fitting < hardware.nodes;
  return {
    shortage: isShort ? formatShortage(nodes, fitting, hardware) : undefined,
    misfits: formatMisfits(judged, isShort),
    isUnusable: reached.length > 0 && reached.every(({ misfit }) => misfit?.kind === "other devices"),
    isIncomplete:
      isShort && (reached.length < hardware.nodes || reached.some(({ misfit }) => misfit?.isIncomplete === true)),
  };
}

/** Lists the lines of a report. */
export function listGpuNodeLines({ shortage, misfits }: GpuNodeReport): string[] {
  return [...(shortage === undefined ? [] : [shortage]), ...misfits];
}
