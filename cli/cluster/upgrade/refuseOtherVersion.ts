import type { ClusterConfig } from "../../../infra/clusterConfig.ts";
import { isForeignCluster } from "../../../infra/clusterConfig.ts";
import { connectToApiServer } from "../../../plugins/kubernetes/apiConnection.ts";
import type { Toolchain } from "../../../workspace/toolchain.ts";
import { requireNodeSoftware } from "../../../workspace/toolchain.ts";
import type { RecordedResource } from "../../engine/recordedRuns.ts";
import { hasKubeconfig, readClusterKubeconfig } from "../../kubernetes/kubeconfigFile.ts";
import type { LinePrinter } from "../../terminal/printLine.ts";
import { listClaims } from "../clusterNodes.ts";
import type { ClusterVersions } from "./clusterVersions.ts";
import { fetchClusterVersions } from "./clusterVersions.ts";
import { refuseVersionChange } from "./upgradeRules.ts";

interface ClusterChange {
  readonly stack: string;
  readonly config: ClusterConfig;
  readonly software: Toolchain;
  readonly print: LinePrinter;
}

/**
 * The version with which the last `cluster up` ran, for a cluster that does not answer. It is in the script of the
 * host, which is the standard input of the command; earlier versions recorded it as the command itself.
 */
function findRecordedVersion(resources: readonly RecordedResource[]): ClusterVersions | undefined {
  const { stdin, create } = resources.find(({ urn }) => urn.endsWith("-init"))?.inputs ?? {};
  const recorded = /kubernetesVersion: (v\d+\.\d+\.\d+)/.exec(JSON.stringify([stdin, create]))?.[1];
  return recorded === undefined ? undefined : { nodes: [], apiServers: new Map(), recorded };
}

async function findVersions(
  stack: string,
  resources: readonly RecordedResource[],
  print: LinePrinter,
): Promise<ClusterVersions | undefined> {
  if (!hasKubeconfig(stack)) return findRecordedVersion(resources);
  try {
    const kubeconfig = readClusterKubeconfig(stack);
    return await fetchClusterVersions(
      await connectToApiServer({ kubeconfig, context: undefined, cluster: undefined }),
      print,
    );
  } catch {
    return findRecordedVersion(resources);
  }
}

/**
 * Refuses a `cluster up` with another version of Kubernetes than the cluster has.
 * @throws Error with both versions
 */
export async function refuseOtherVersion(
  resources: readonly RecordedResource[],
  { stack, config, software, print }: ClusterChange,
): Promise<void> {
  if (isForeignCluster(config) || listClaims(resources).length === 0) return;
  const versions = await findVersions(stack, resources, print);
  if (versions !== undefined) refuseVersionChange(stack, versions, requireNodeSoftware(software).kubernetesVersion);
}
