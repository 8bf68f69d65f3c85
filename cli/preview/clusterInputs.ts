import { readClusterCode } from "../../infra/clusterCode.ts";
import { getClusterHardware, getDataJobShare, selectQueueShare } from "../../infra/clusterHardware.ts";
import { getClusterPods } from "../../infra/podConfig.ts";
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { getControllersOrigin, isForeignCluster, makesPlatform } from "../../infra/clusterConfig.ts";
import { getPlatformNames } from "../../infra/clusterNames.ts";
import { buildQueueGuard } from "../../infra/platform/queueGuard.ts";
import { buildQueues } from "../../jobs/kube/queues.ts";
import { buildTrainingRuntime } from "../../jobs/kube/trainingRuntime.ts";
import { readClusterConfig } from "../cluster/readClusterConfig.ts";
import { selectClusterImages } from "../plan/deriveClusterOutputs.ts";
import { isDeployedCluster } from "../deploy/deployedStacks.ts";
import type { GoSetName } from "../setup/goPrograms.ts";
import { readPinnedVersion } from "../setup/goPrograms.ts";
import type { ClusterFacts } from "./snapshotSchema.ts";
import { convertManifest } from "./snapshotSchema.ts";
import { walkLeaves } from "./stepInputs.ts";

const controllers = ["kueue", "jobset", "trainer"] as const satisfies readonly GoSetName[];
const nodePrograms = ["kubernetes", "etcd", "containerd", "cni", "coredns"] as const satisfies readonly GoSetName[];

/** The programs that `cluster up` installs, at the versions that tools/ pins. */
function listInstalledPrograms(config: ClusterConfig): readonly GoSetName[] {
  if (isForeignCluster(config)) return getControllersOrigin(config) === "installed" ? [] : controllers;
  return config.platform === "elsewhere" ? nodePrograms : [...controllers, ...nodePrograms];
}

function buildPlatformManifests(config: ClusterConfig): object[] {
  if (!makesPlatform(config)) return [];
  const hardware = getClusterHardware(config);
  const pods = getClusterPods(config);
  const names = getPlatformNames(config);
  const runtime = buildTrainingRuntime({ ...names, images: selectClusterImages(config), hardware, pods });
  if (config.kind === "tenant") return config.runtime === undefined ? [runtime] : [];
  const { namespace } = names;
  const queues = buildQueues({ namespace, hardware, pods, cpu: getDataJobShare(config), ...selectQueueShare(config) });
  return [...buildQueueGuard(names), ...queues, runtime];
}

/**
 * Describes what `cluster up` would make of a stack of infra/ at this commit.
 * @throws Error with all problems of its file
 */
export function describeCluster(cluster: string): ClusterFacts {
  const config = readClusterConfig(cluster);
  const versions = listInstalledPrograms(config).map((name) => [name, readPinnedVersion(name)] as const);
  const inputs = {
    ...config,
    images: selectClusterImages(config),
    code: readClusterCode(config),
    ...Object.fromEntries(versions),
  };
  return {
    deployed: isDeployedCluster(cluster),
    inputs: Object.fromEntries(walkLeaves(inputs, "")),
    manifests: buildPlatformManifests(config).map(convertManifest),
  };
}
