import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import type { EvictedPods } from "../kubernetes/evictedPods.ts";
import type { RecordedResource } from "../engine/recordedRuns.ts";
import { formatNodeLabel, listClaims, listDeclaredNodes } from "./clusterNodes.ts";
import { formatNodePods } from "./formatNodePods.ts";

/** A node of this Pulumi state that the file of its stack no longer declares, or declares at another address. */
interface LeavingNode {
  readonly name: string;
  /** The name with the address. */
  readonly label: string;
  /** The address that the file declares for it. */
  readonly newAddress?: string;
}

/** Lists the nodes that `cluster up` gives up: the state has claimed them, and the file does not declare them there. */
export function listLeavingNodes(
  resources: readonly RecordedResource[],
  { stack, config }: { readonly stack: string; readonly config: ClusterConfig },
): LeavingNode[] {
  const declared = new Map(listDeclaredNodes(stack, config).map((node) => [node.name, node]));
  return listClaims(resources).flatMap(({ name, label }) => {
    const node = declared.get(name);
    if (node === undefined) return [{ name, label }];
    const { address: newAddress } = node;
    return newAddress === undefined || label === formatNodeLabel(node) ? [] : [{ name, label, newAddress }];
  });
}

/** Lists what `cluster up` removes: nodes, and the pods that a drain evicts. */
export function formatLeavingNodes(
  stack: string,
  nodes: readonly (LeavingNode & { readonly pods: EvictedPods })[],
): string[] {
  return [
    `cluster up ${stack} removes`,
    ...nodes.flatMap(({ label, newAddress, pods }) => [
      newAddress === undefined
        ? `  ${label}, which infra/Pulumi.${stack}.yaml no longer names: drained, then left as it was before it came`
        : `  ${label}, which becomes the machine at ${newAddress}: what is at the old address is neither drained nor ` +
          "reset; if it is still on, remove its line first, run cluster up, then add the new machine",
      `    ${formatNodePods(pods, { verb: "run there", heading: "ends these pods there" })}`,
    ]),
  ];
}
