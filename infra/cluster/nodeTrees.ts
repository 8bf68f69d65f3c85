import type { NodeSoftware } from "../../workspace/toolchain.ts";
import type { PodNetwork } from "../network/podNetworkConfig.ts";
import type { NodeRole } from "./hostOwnership.ts";

interface TreeReceiver {
  readonly role: NodeRole;
  readonly podNetwork: Pick<PodNetwork, "kind">;
}

/** Selects the directories that a node gets. With routes every node runs mixcpt-routes, which uses kubectl. */
export function selectNodeTrees(
  { everyNode, kubectl, controlPlane }: NodeSoftware["nodeTrees"],
  { role, podNetwork }: TreeReceiver,
): string[] {
  const isControlPlane = role === "controlPlane";
  const usesKubectl = isControlPlane || podNetwork.kind === "routes";
  return [...everyNode, ...(usesKubectl ? kubectl : []), ...(isControlPlane ? controlPlane : [])];
}
