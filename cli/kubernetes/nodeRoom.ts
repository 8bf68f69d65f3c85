import type { V1Node, V1Pod } from "@kubernetes/client-node";
import { deviceIdLabel, deviceResource } from "../../jobs/hardware/gpuCatalog.ts";
import { platformNames } from "../../jobs/kube/platformNames.ts";

/** Processors and memory, of a node or requested. */
export interface NodeCapacity {
  readonly cores: number;
  readonly memoryGiB: number;
}

/** A node as a place for work with emulated devices. */
export interface NodeRoom {
  readonly name: string;
  /** The reason why the node cannot be used; undefined if it can. */
  readonly unusable: string | undefined;
  /** The allocatable part that no pod requests. Pods of the experiments do not count. */
  readonly free: NodeCapacity;
}

type Quantities = Readonly<Record<string, string>>;

/** Reads a Kubernetes quantity, such as `500m` or `2Gi`. A parameter, because Jest cannot load the vendor's parser. */
type QuantityParser = (quantity: string) => number;

function readCapacity({ cpu = "0", memory = "0" }: Quantities = {}, parseQuantity: QuantityParser): NodeCapacity {
  return { cores: parseQuantity(cpu), memoryGiB: parseQuantity(memory) / 1024 ** 3 };
}

export function addCapacities(capacities: readonly NodeCapacity[]): NodeCapacity {
  return {
    cores: capacities.reduce((sum, { cores }) => sum + cores, 0),
    memoryGiB: capacities.reduce((sum, { memoryGiB }) => sum + memoryGiB, 0),
  };
}

/** The requests of the pods of a node, except of those that the experiments run themselves. */
function sumRequests(node: string, pods: readonly V1Pod[], parseQuantity: QuantityParser): NodeCapacity {
  const isCounted = ({ metadata, spec, status }: V1Pod): boolean =>
    spec?.nodeName === node &&
    metadata?.namespace !== platformNames.namespace &&
    !["Succeeded", "Failed"].includes(status?.phase ?? "");
  const containers = pods.filter(isCounted).flatMap(({ spec }) => spec?.containers ?? []);
  return addCapacities(containers.map(({ resources }) => readCapacity(resources?.requests, parseQuantity)));
}

/** The annotation with the Pulumi state that emulates the devices of a node (`emulate-node-devices.sh`). */
const emulatorAnnotation = "mixcpt.io/emulated-by";

/** The label that Node Feature Discovery gives nodes with AMD devices. */
const amdFeatureLabel = "feature.node.kubernetes.io/amd-gpu";

function listEntries(word: string, values: Quantities = {}, keys: readonly string[]): string[] {
  return keys.flatMap((key) => (values[key] === undefined ? [] : [`${word} ${key}=${values[key]}`]));
}

/** The resources that count GPUs of any maker, such as nvidia.com/gpu and nvidia.com/gpu.shared. */
const gpuResourcePattern = /\/gpu$|\.com\/gpu/;

/**
 * Lists what says that a node has devices. A count of 0 says so as well: that of a device plugin that restarts.
 * @param isEmulated true if this Pulumi state emulates the AMD devices of the node
 */
function listDeviceSigns({ metadata, status }: V1Node, isEmulated: boolean): string[] {
  const resources = Object.keys(status?.capacity ?? {}).filter(
    (key) => gpuResourcePattern.test(key) && !(isEmulated && key === deviceResource),
  );
  const labels = isEmulated ? [] : [deviceIdLabel, amdFeatureLabel];
  return [...listEntries("capacity", status?.capacity, resources), ...listEntries("label", metadata?.labels, labels)];
}

interface DemoUse {
  /** The owner of the devices that this Pulumi state emulates (`recordOwner`); undefined if it has emulated none. */
  readonly emulator: string | undefined;
  /** The architecture of images that this machine builds, by Kubernetes' name; undefined if none are built. */
  readonly architecture: string | undefined;
  readonly parseQuantity: QuantityParser;
}

/** Says which devices a node has that this Pulumi state does not emulate. */
function explainDevices(node: V1Node, emulator: string | undefined): string | undefined {
  const foundEmulator = node.metadata?.annotations?.[emulatorAnnotation];
  if (foundEmulator !== undefined && foundEmulator !== emulator)
    return `reports devices that another Pulumi state emulates (${foundEmulator})`;
  const signs = listDeviceSigns(node, foundEmulator !== undefined);
  return signs.length === 0 ? undefined : `has devices already (${signs.join(", ")})`;
}

function explainUnusable(node: V1Node, { emulator, architecture }: DemoUse): string | undefined {
  const { metadata, spec, status } = node;
  const taint = spec?.taints?.find(({ key, effect }) => effect !== "PreferNoSchedule" && key !== deviceResource);
  const found = metadata?.labels?.["kubernetes.io/arch"];
  if (status?.conditions?.find(({ type }) => type === "Ready")?.status !== "True") return "not Ready";
  if (spec?.unschedulable === true) return "cordoned";
  if (taint !== undefined) return `tainted with ${taint.key}`;
  if (architecture !== undefined && found !== undefined && found !== architecture)
    return `is ${found}, and this machine builds images for ${architecture}`;
  return explainDevices(node, emulator);
}

/** Measures how much room each node has, and whether work may use it. */
export function measureNodeRoom(nodes: readonly V1Node[], pods: readonly V1Pod[], use: DemoUse): NodeRoom[] {
  return nodes.map((node) => {
    const name = node.metadata?.name ?? "";
    const all = readCapacity(node.status?.allocatable, use.parseQuantity);
    const used = sumRequests(name, pods, use.parseQuantity);
    const free = { cores: all.cores - used.cores, memoryGiB: all.memoryGiB - used.memoryGiB };
    return { name, unusable: explainUnusable(node, use), free };
  });
}
