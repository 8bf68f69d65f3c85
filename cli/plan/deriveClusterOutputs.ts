import { getClusterHardware } from "../../infra/clusterHardware.ts";
import type { ClusterHardware, ClusterOutputs, ImageRefs } from "../../jobs/kube/clusterOutputs.ts";
import { platformNames } from "../../jobs/kube/clusterOutputs.ts";
import type { CellHardware, CorporaConfig, FamilyConfig } from "../../jobs/config/index.ts";
import { readClusterConfig } from "../cluster/readClusterConfig.ts";
import { listDeclaredStacks } from "../engine/stackDeclarations.ts";
import { readWorkImageRefs } from "../setup/workImageRefs.ts";

/** Where the cluster is not declared in infra/: nodes like the stack's, and so many of them. Ours. */
const assumedNodeCount = 4;

/** What a stack without GPUs is taken to stand beside: one of the study's nodes. Nothing that it makes depends on it. */
const studyNodeHardware: CellHardware = { gpu: "MI250X", devicesPerNode: 8, nodesPerCell: 1 };

function assumeHardware({ gpu, devicesPerNode, nodesPerCell }: CellHardware): ClusterHardware {
  return { gpu, devicesPerNode, emulated: false, nodes: Math.max(assumedNodeCount, nodesPerCell) };
}

/** What is given takes the place of what the files say. */
interface ClusterOverrides {
  readonly nodes?: number | undefined;
  readonly images?: ImageRefs;
}

/**
 * What the cluster of a stack will say of itself, as far as the files of this checkout tell: its nodes from
 * infra/Pulumi.CLUSTER.yaml, and the images from their sources as they stand. Nothing is asked or built.
 */
export function deriveClusterOutputs(
  config: FamilyConfig | CorporaConfig,
  given: ClusterOverrides = {},
): ClusterOutputs {
  const declared = listDeclaredStacks("mixcpt-infra").includes(config.cluster)
    ? readClusterConfig(config.cluster)
    : undefined;
  const hardware =
    declared === undefined
      ? assumeHardware(config.kind === "family" ? config.hardware : studyNodeHardware)
      : getClusterHardware(declared);
  const images = declared !== undefined && "images" in declared ? declared.images : undefined;
  return {
    ...platformNames,
    images: images ?? given.images ?? readWorkImageRefs(),
    hardware: { ...hardware, nodes: given.nodes ?? hardware.nodes },
  };
}
