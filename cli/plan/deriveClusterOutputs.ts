import { readClusterCode } from "../../infra/clusterCode.ts";
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { getPlatformNames } from "../../infra/clusterNames.ts";
import { completeImages } from "../../infra/clusterImages.ts";
import { getClusterHardware, selectServing } from "../../infra/clusterHardware.ts";
import { getClusterPods } from "../../infra/podConfig.ts";
import type { ClusterHardware, ClusterOutputs, ImageRefs } from "../../jobs/kube/clusterOutputs.ts";
import { platformVersion } from "../../jobs/kube/clusterOutputs.ts";
import { platformNames } from "../../jobs/kube/platformNames.ts";
import type { CellHardware, StackConfig } from "../../jobs/config/index.ts";
import { readClusterConfig } from "../cluster/readClusterConfig.ts";
import { listDeclaredStacks } from "../engine/stackDeclarations.ts";
import { readWorkImageRefs } from "../setup/workImageRefs.ts";

/** The number of nodes of a cluster that infra/ does not declare. Our assumption, because a plan needs a number. */
const assumedNodeCount = 4;

/** A node of the study, assumed for stacks that need no GPUs; none of their output depends on it. */
const studyNodeHardware: CellHardware = { gpu: "MI250X", devicesPerNode: 8, nodesPerCell: 1 };

function assumeHardware({ nodesPerCell, ...devices }: CellHardware): ClusterHardware {
  return { ...devices, emulated: false, nodes: Math.max(assumedNodeCount, nodesPerCell) };
}

/** Values that replace those of the files. */
interface ClusterOverrides {
  readonly nodes?: number | undefined;
  readonly images?: ImageRefs;
}

/**
 * The images that experiments on a cluster run: its file names them, or the sources of this checkout decide.
 * @param undeclared images instead of those of the sources
 */
export function selectClusterImages(config: ClusterConfig | undefined, undeclared?: ImageRefs): ImageRefs {
  const declared = config !== undefined && "images" in config ? config.images : undefined;
  return declared === undefined ? (undeclared ?? readWorkImageRefs()) : completeImages(declared);
}

/**
 * Predicts the outputs of a stack's cluster from the files of this checkout: the nodes from infra/Pulumi.CLUSTER.yaml
 * and the images from their current sources. Contacts no cluster and builds nothing.
 */
export function deriveClusterOutputs(config: StackConfig, overrides: ClusterOverrides = {}): ClusterOutputs {
  const declared = listDeclaredStacks("mixcpt-infra").includes(config.cluster)
    ? readClusterConfig(config.cluster)
    : undefined;
  const hardware =
    declared === undefined
      ? assumeHardware(config.kind === "corpora" ? studyNodeHardware : { nodesPerCell: 1, ...config.hardware })
      : getClusterHardware(declared);
  return {
    ...(declared === undefined ? platformNames : getPlatformNames(declared)),
    platformVersion,
    images: selectClusterImages(declared, overrides.images),
    code: readClusterCode(declared),
    hardware: { ...hardware, nodes: overrides.nodes ?? hardware.nodes },
    pods: declared === undefined ? {} : getClusterPods(declared),
    ...selectServing(declared),
  };
}
