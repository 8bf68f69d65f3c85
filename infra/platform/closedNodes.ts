import { deviceIdLabel, deviceResource } from "../../jobs/hardware/gpuCatalog.ts";
import { listDeviceIds } from "../../jobs/kube/clusterOutputs.ts";
import type { MarkedNode, PreflightState } from "../../jobs/kube/preflightMark.ts";
import { readPreflightState } from "../../jobs/kube/preflightMark.ts";
import type { ClusterConfig } from "../clusterConfig.ts";
import { makesPlatform } from "../clusterConfig.ts";
import { getClusterHardware } from "../clusterHardware.ts";
import { getNamespace } from "../clusterNames.ts";
import { getClusterPods } from "../podConfig.ts";
import type { NodeTaint } from "./nodeReach.ts";
import { explainExclusion } from "./nodeReach.ts";

/** A node with devices that gets no work until it passes preflight. */
export interface ClosedNode {
  readonly name: string;
  readonly state: Exclude<PreflightState, "passed">;
}

/** A node as the API client and kubectl's JSON have it. */
export interface ListedNode extends MarkedNode {
  readonly spec?: { readonly taints?: readonly NodeTaint[] | undefined } | undefined;
}

/** True for a node with the declared devices that pods of the cluster can reach. */
function mayGetWork({ metadata, spec, status }: ListedNode, config: ClusterConfig): boolean {
  const labels = metadata?.labels ?? {};
  const id = labels[deviceIdLabel];
  const hasDevices =
    id === undefined
      ? Number(status?.capacity?.[deviceResource] ?? 0) > 0
      : listDeviceIds(getClusterHardware(config)).includes(id);
  return hasDevices && explainExclusion({ labels, taints: spec?.taints ?? [] }, getClusterPods(config)) === undefined;
}

/** True if the stack of a cluster keeps work from nodes that have not passed preflight. */
export function requiresPreflight(config: ClusterConfig): boolean {
  return makesPlatform(config) && getClusterHardware(config).requiresPreflight === true;
}

/** Lists the nodes that would get work if they had passed preflight; none where the cluster's file requires none. */
export function listClosedNodes(nodes: readonly ListedNode[], config: ClusterConfig): ClosedNode[] {
  if (!requiresPreflight(config)) return [];
  return nodes
    .filter((node) => mayGetWork(node, config))
    .flatMap((node) => {
      const state = readPreflightState(node, getNamespace(config));
      return state === "passed" ? [] : [{ name: node.metadata?.name ?? "", state }];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
