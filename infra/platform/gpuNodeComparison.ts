import {
  countedDeviceIdLabel,
  deviceIdLabel,
  deviceResource,
  emulatedLabel,
  formatDeviceKind,
  findGpuModel,
  getDevice,
  isPartitionable,
  maxCardsPerNode,
  partitionLabel,
} from "../../jobs/hardware/gpuCatalog.ts";
import type { ClusterHardware } from "../../jobs/kube/clusterOutputs.ts";
import { listDeviceIds } from "../../jobs/kube/clusterOutputs.ts";

/** A node that has AMD devices, by its labels or its resources. */
export interface GpuNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Devices that pods may be given: without those that the device plugin found unhealthy. */
  readonly devices: number;
}

/** The comparison of the nodes of a cluster with the file that declares them. */
export interface GpuNodeReport {
  /** Nodes on which work can run as the file says. */
  readonly fitting: number;
  /** One line for each kind of misfit; none if enough nodes fit and no other node would get work. */
  readonly problems: readonly string[];
}

/** The reason why a node does not fit, without its name, so that nodes with one reason share a line. */
interface Misfit {
  readonly reason: string;
  /** True if work is given to the node nevertheless. */
  readonly attractsWork?: boolean;
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
  const counted = listCountedIds(node);
  if (counted.length > 0)
    return {
      reason:
        `has devices of several PCI ids (${counted.join(", ")}), and a pod may get any of them; ` +
        "remove the others from the node, or use nodes with one kind",
    };
  const found = node.labels[`beta.${deviceIdLabel}`] === undefined ? "no device id" : `only beta.${deviceIdLabel}`;
  return {
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
  return { reason };
}

function checkModel(node: GpuNode, declared: ClusterHardware): Misfit | undefined {
  const id = node.labels[deviceIdLabel];
  if (id === undefined || listDeviceIds(declared).includes(id)) return undefined;
  const model = findGpuModel(id);
  const found = `has ${formatDevices(node)} of id ${id}`;
  const added = `set deviceId to "${id}"`;
  if (model === undefined)
    return {
      reason:
        `${found}, which the catalog of GPUs does not list; if they are ${declared.gpu}, ${added}; ` +
        "ids and models: docs/cluster.md#gpus",
    };
  const wanted = declared.deviceId === undefined ? declared.gpu : `id ${declared.deviceId}`;
  const correction = model === declared.gpu ? "remove deviceId" : `set gpu to ${model}`;
  return {
    reason:
      `${found} (${model}), but the file declares ${wanted}; ` +
      `${correction}, or, if that is what they are, ${added}`,
  };
}

/** Compares the mode of the cards: by AMD's label if there is one, else by a number that no other mode can reach. */
function checkPartition(node: GpuNode, declared: ClusterHardware): Misfit | undefined {
  const { partition = "SPX" } = declared;
  const label = node.labels[partitionLabel];
  const mode = label?.replace(/_.*$/, "").toUpperCase() ?? partition;
  const most = maxCardsPerNode * getDevice(declared).devicesPerCard;
  const correction = `and devicesPerNode to ${String(node.devices)}, or change the mode of the cards`;
  if (isPartitionable(declared.gpu) && mode !== partition)
    return {
      reason:
        `has cards in mode ${mode} (label ${partitionLabel}=${label ?? ""}), but the file declares ${partition}; ` +
        `set partition to ${mode} ${correction}`,
      attractsWork: true,
    };
  if (node.devices <= most) return undefined;
  return {
    reason:
      `has ${formatDevices(node)}, ` +
      `but ${String(maxCardsPerNode)} ${formatDeviceKind(declared)} have ${String(most)}; ` +
      `set partition to the mode of the cards ${correction}`,
    attractsWork: true,
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
  return { reason: `${found}; ${adviseOnDeviceCount(node, declared)}` };
}

const checks: readonly Check[] = [checkLabels, checkEmulation, checkModel, checkPartition, checkDeviceCount];

function findMisfit(node: GpuNode, declared: ClusterHardware): Misfit | undefined {
  return checks.map((check) => check(node, declared)).find((misfit) => misfit !== undefined);
}

export function formatNodeNames([first = "", ...others]: readonly string[]): string {
  const more = others.length === 1 ? "1 other" : `${String(others.length)} others`;
  return others.length === 0 ? `node ${first}` : `node ${first} (${more} likewise)`;
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

/**
 * Compares the nodes with devices with those that a cluster's file declares. Nodes that do not fit are no problem while
 * enough others do, because no work is given to them, unless they differ in what labels do not select.
 */
export function compareGpuNodes(nodes: readonly GpuNode[], declared: ClusterHardware): GpuNodeReport {
  const judged = nodes.map((node) => ({ node, misfit: findMisfit(node, declared) }));
  const fitting = judged.filter(({ misfit }) => misfit === undefined).length;
  const isShort = fitting < declared.nodes;
  const reported = judged.flatMap(({ node, misfit }) =>
    misfit !== undefined && (isShort || misfit.attractsWork === true) ? [{ name: node.name, ...misfit }] : [],
  );
  const lines = [...Map.groupBy(reported, ({ reason }) => reason)].map(
    ([reason, group]) => `${formatNodeNames(group.map(({ name }) => name))}: ${reason}`,
  );
  return { fitting, problems: [...(isShort ? [formatShortage(nodes, fitting, declared)] : []), ...lines] };
}
