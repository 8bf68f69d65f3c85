/** What of the toolchain the clusters need, and the command that provides it. */
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { getControllersOrigin, isForeignCluster } from "../../infra/clusterConfig.ts";
import type { Toolchain } from "../../workspace/toolchain.ts";
import { toolchainFile } from "../../workspace/toolchain.ts";
import type { SetupScope } from "./scopeNeeds.ts";

/** True if `cluster up` uses programs or images that `setup client` does not provide. */
export function usesNodeSoftware(config: ClusterConfig): boolean {
  return !isForeignCluster(config) || getControllersOrigin(config) === "built" || config.images === undefined;
}

/** True if Cilium connects the pods of a cluster of this project's machines. */
export function usesCilium(config: ClusterConfig): boolean {
  return !isForeignCluster(config) && config.podNetwork.kind === "cilium";
}

/** True if kube-vip holds the address of the control planes. */
export function usesKubeVip(config: ClusterConfig): boolean {
  return config.kind === "hosts" && config.endpoint?.heldBy === "kube-vip";
}

/** The smallest scope of setup that provides all that `cluster up` uses for a configuration. */
export function findNeededScope(config: ClusterConfig): SetupScope {
  if (!usesNodeSoftware(config)) return "client";
  if (config.kind === "local" && usesCilium(config)) return "cilium";
  return usesCilium(config) || usesKubeVip(config) ? "all" : "demo";
}

export function formatSetupCommand(scope: SetupScope): string {
  return scope === "all" ? "./mixcpt setup" : `./mixcpt setup ${scope}`;
}

/** The scope that a record of the toolchain stems from, or one that provides the same. */
export function findRecordedScope({ nodes }: Toolchain): SetupScope {
  if (nodes === undefined) return "client";
  if (nodes.ciliumImages !== undefined) return "cilium";
  return nodes.ciliumManifests !== undefined && nodes.endpointImages !== undefined ? "all" : "demo";
}

/** Lists what the record of a toolchain lacks of what `cluster up` uses for a configuration. */
export function listMissingSoftware({ nodes }: Toolchain, config: ClusterConfig): string[] {
  if (!usesNodeSoftware(config)) return [];
  if (nodes === undefined) return ["software for nodes"];
  const fromSetup = [
    { part: "manifests of Cilium", isUsed: usesCilium(config), path: nodes.ciliumManifests },
    { part: "images of Cilium", isUsed: usesCilium(config) && config.kind === "local", path: nodes.ciliumImages },
    { part: "image of kube-vip", isUsed: usesKubeVip(config), path: nodes.endpointImages },
  ];
  return fromSetup.filter(({ isUsed, path }) => isUsed && path === undefined).map(({ part }) => part);
}

/**
 * Refuses a toolchain that was set up for less than a cluster needs, before anything changes.
 * @throws Error with what is missing and the command that provides all of it
 */
export function refuseIncompleteToolchain(recorded: Toolchain, config: ClusterConfig): void {
  const missing = listMissingSoftware(recorded, config);
  if (missing.length === 0) return;
  throw new Error(
    `${toolchainFile}: has no ${missing.join(" and no ")}, which the file of this cluster asks for; ` +
      `run ${formatSetupCommand(findNeededScope(config))}`,
  );
}
