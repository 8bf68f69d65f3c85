/** The cluster files of the rendered examples, and the queues of such a cluster. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { load } from "js-yaml";
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import { getClusterHardware, getDataJobShare, selectQueueShare } from "../../infra/clusterHardware.ts";
import { getClusterPods } from "../../infra/podConfig.ts";
import { buildQueues } from "../../jobs/kube/queues.ts";

/** Reads the file `NAMECluster.yaml` of this folder. */
export function readExampleCluster(name: string): ClusterConfig {
  const file = `tests/render/${name}Cluster.yaml`;
  return parseClusterConfig(load(readFileSync(resolve(file), "utf8")), file);
}

/** Builds the cluster queues of an example. */
export function buildExampleQueues(name: string) {
  const config = readExampleCluster(name);
  const queues = buildQueues({
    namespace: "mixcpt",
    hardware: getClusterHardware(config),
    pods: getClusterPods(config),
    cpu: getDataJobShare(config),
    ...selectQueueShare(config),
  });
  return queues.filter(({ kind }) => kind === "ClusterQueue");
}
