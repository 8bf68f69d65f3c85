/** A cell that four nodes train over RoCE, as a site with RDMA adapters would declare its cluster. */
import { deriveClusterOutputs } from "../../cli/plan/deriveClusterOutputs.ts";
import { loadFamilyConfig } from "../../cli/plan/loadStackConfig.ts";
import { placeholderImages } from "../../cli/render/renderStackFiles.ts";
import { getClusterHardware } from "../../infra/clusterHardware.ts";
import { getClusterPods } from "../../infra/podConfig.ts";
import { buildProvisionalExperiment, listCellManifests } from "../../jobs/experiment/index.ts";
import type { ClusterOutputs } from "../../jobs/kube/clusterOutputs.ts";
import { buildTrainingRuntime } from "../../jobs/kube/trainingRuntime.ts";
import { readExampleCluster } from "./exampleCluster.ts";
import type { RenderedManifest } from "./renderedManifests.ts";

const cell = "L3-Mono+Code-Alt";

/** Builds the outputs of the example's cluster. */
export function buildRoceCluster(): ClusterOutputs {
  const config = readExampleCluster("roce");
  return {
    ...deriveClusterOutputs(loadFamilyConfig("llama-3.1"), { images: placeholderImages }),
    hardware: getClusterHardware(config),
    pods: getClusterPods(config),
  };
}

/** Builds the training runtime and the objects of one cell. */
export function buildRoceManifests(): RenderedManifest[] {
  const family = loadFamilyConfig("llama-3.1");
  const hardware = { ...family.hardware, nodesPerCell: 4 };
  const cluster = buildRoceCluster();
  const { cells } = buildProvisionalExperiment({ ...family, hardware, protocol: "uniform" }, cluster);
  return [
    buildTrainingRuntime(cluster),
    ...cells.filter((experiment) => experiment.cell.id === cell).flatMap(listCellManifests),
  ];
}
