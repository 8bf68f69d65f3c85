import { hardwareOf } from "../../infra/hardware.ts";
import type { ClusterHardware, ClusterOutputs, ImageRefs } from "../../jobs/kube/outputs.ts";
import { platform } from "../../jobs/kube/platform.ts";
import type { CellHardware, CorporaConfig, StackConfig } from "../../jobs/matrix/index.ts";
import { clusterConfig } from "../cluster/declared.ts";
import { declaredStacks } from "../engine/declared.ts";
import { workImageRefs } from "../setup/workImageRefs.ts";

/** Where the cluster is not declared in infra/: nodes like the stack's, and so many of them. Ours. */
const assumedNodes = 4;

/** What a stack without GPUs is taken to stand beside: one of the study's nodes. Nothing that it makes depends on it. */
const studyNode: CellHardware = { gpu: "MI250X", devicesPerNode: 8, nodesPerCell: 1 };

function assumedHardware({ gpu, devicesPerNode, nodesPerCell }: CellHardware): ClusterHardware {
  return { gpu, devicesPerNode, emulated: false, nodes: Math.max(assumedNodes, nodesPerCell) };
}

/** What is given takes the place of what the files say. */
interface Given {
  nodes?: number | undefined;
  images?: ImageRefs;
}

/**
 * What the cluster of a stack will say of itself, as far as the files of this checkout tell: its nodes from
 * infra/Pulumi.CLUSTER.yaml, and the images from their sources as they stand. Nothing is asked or built.
 */
export function expectedCluster(config: StackConfig | CorporaConfig, given: Given = {}): ClusterOutputs {
  const declared = declaredStacks("mixcpt-infra").includes(config.cluster) ? clusterConfig(config.cluster) : undefined;
  const hardware = declared === undefined ? assumedHardware(config.kind === "family" ? config.hardware : studyNode) : hardwareOf(declared);
  const images = declared !== undefined && "images" in declared ? declared.images : undefined;
  return {
    ...platform,
    images: images ?? given.images ?? workImageRefs(),
    hardware: { ...hardware, nodes: given.nodes ?? hardware.nodes },
  };
}
