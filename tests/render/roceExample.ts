/** A cell that four nodes train over RoCE, as a site with RDMA adapters would declare its cluster. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { load } from "js-yaml";
import { deriveClusterOutputs } from "../../cli/plan/deriveClusterOutputs.ts";
import { loadFamilyConfig } from "../../cli/plan/loadStackConfig.ts";
import { placeholderImages } from "../../cli/render/renderStackFiles.ts";
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import { getClusterHardware, getDataJobShare } from "../../infra/clusterHardware.ts";
import { getClusterPods } from "../../infra/podConfig.ts";
import { buildProvisionalExperiment, listCellManifests } from "../../jobs/experiment/index.ts";
import type { ClusterOutputs } from "../../jobs/kube/clusterOutputs.ts";
import { buildQueues } from "../../jobs/kube/queues.ts";
import { buildTrainingRuntime } from "../../jobs/kube/trainingRuntime.ts";
import type { RenderedManifest } from "./renderedManifests.ts";

const file = "tests/render/roceCluster.yaml";
const cell = "L3-Mono+Code-Alt";

function readRoceCluster(): ClusterConfig {
  return parseClusterConfig(load(readFileSync(resolve(file), "utf8")), file);
}

/** Builds the queues of the example's cluster. */
export function buildRoceQueues() {
  const config = readRoceCluster();
  const hardware = getClusterHardware(config);
  const queues = buildQueues({
    namespace: "mixcpt",
    hardware,
    pods: getClusterPods(config),
    cpu: getDataJobShare(config),
  });
  return queues.filter(({ kind }) => kind === "ClusterQueue");
}

/** Builds the outputs of the example's cluster. */
export function buildRoceCluster(): ClusterOutputs {
  const config = readRoceCluster();
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
