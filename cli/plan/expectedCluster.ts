import type { ClusterConfig } from "../../infra/config.ts";
import type { ClusterHardware, ClusterOutputs } from "../../jobs/kube/outputs.ts";
import type { CorporaConfig, StackConfig } from "../../jobs/matrix/index.ts";
import { clusterConfig } from "../cluster/declared.ts";
import { declaredStacks } from "../engine/declared.ts";
import { workImageRefs } from "../setup/workImages.ts";

type Devices = Pick<ClusterHardware, "gpu" | "devicesPerNode">;

function hardwareOf(config: ClusterConfig): ClusterHardware {
  const of = ({ gpu, devicesPerNode }: Devices, nodes: number): Omit<ClusterHardware, "emulated"> => ({ gpu, devicesPerNode, nodes });
  switch (config.kind) {
    case "local":
      return { ...of(config.emulated, config.hosts), emulated: true };
    case "hosts":
      return { ...of(config.devices, config.machines.length), emulated: false };
    case "existing":
      return { ...of(config.devices, config.nodes), emulated: config.devices.emulated };
    default:
      return config satisfies never;
  }
}

/** Where the cluster is not declared in infra/: nodes like the stack's, and so many of them. Ours. */
const assumedNodes = 4;

/** Where neither says: the study's node, four MI250X. */
const studyHardware = { gpu: "MI250X", devicesPerNode: 8, nodesPerCell: 1 } as const;

function assumedHardware(config: StackConfig | CorporaConfig): ClusterHardware {
  const { gpu, devicesPerNode, nodesPerCell } = config.kind === "family" ? config.hardware : studyHardware;
  return { gpu, devicesPerNode, emulated: false, nodes: Math.max(assumedNodes, nodesPerCell) };
}

/**
 * What the cluster of a stack will say of itself, as far as the files of this checkout tell: its nodes from
 * infra/Pulumi.CLUSTER.yaml, and the images from their sources as they stand. Nothing is asked or built.
 */
export function expectedCluster(config: StackConfig | CorporaConfig, nodes?: number): ClusterOutputs {
  const declared = declaredStacks("mixcpt-infra").includes(config.cluster) ? clusterConfig(config.cluster) : undefined;
  const hardware = declared === undefined ? assumedHardware(config) : hardwareOf(declared);
  const images = declared !== undefined && "images" in declared ? declared.images : undefined;
  return {
    namespace: "mixcpt",
    store: { claim: "store", mount: "/store" },
    queues: { gpu: "gpu", cpu: "cpu" },
    runtime: "llama-factory",
    images: images ?? workImageRefs(),
    hardware: nodes === undefined ? hardware : { ...hardware, nodes },
  };
}
