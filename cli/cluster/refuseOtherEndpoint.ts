import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { selectControlPlanes } from "../../infra/inventory.ts";
import type { RecordedResource } from "../engine/recordedRuns.ts";
import { listClaims } from "./clusterNodes.ts";
import { hasKubeconfig, readClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";

/** The address of the API server in a kubeconfig, as HOST:PORT; undefined if it names none. */
export function readServerAddress(kubeconfig: string): string | undefined {
  return /^\s*server: https:\/\/(\S+?)\/?$/m.exec(kubeconfig)?.[1];
}

/** The address that a file declares; undefined if it leaves it to others. */
function findDeclaredAddress(config: ClusterConfig): string | undefined {
  if (config.kind !== "hosts") return undefined;
  const { endpoint, machines } = config;
  const [first] = selectControlPlanes(machines);
  return endpoint === undefined ? first && `${first.address}:6443` : `${endpoint.address}:${String(endpoint.port)}`;
}

/**
 * Refuses another endpoint for a cluster that exists: its certificates, the kubeconfigs of its kubelets and those that
 * were given to people name the earlier one.
 * @throws Error with both addresses
 */
export function refuseOtherEndpoint(
  resources: readonly RecordedResource[],
  { stack, config }: { readonly stack: string; readonly config: ClusterConfig },
): void {
  if (listClaims(resources).length === 0) return;
  const declared = findDeclaredAddress(config);
  const recorded = hasKubeconfig(stack) ? readServerAddress(readClusterKubeconfig(stack)) : undefined;
  if (declared === undefined || recorded === undefined || declared === recorded) return;
  throw new Error(
    [
      `cluster up ${stack} cannot move the API server from ${recorded} to ${declared}; nothing was changed`,
      "  certificates, kubelets and kubeconfigs name the earlier address, so a cluster keeps it for life",
      "what to do:",
      `  remove or restore endpoint in infra/Pulumi.${stack}.yaml`,
      `  ./mixcpt cluster destroy ${stack} removes the cluster; then cluster up makes it with the endpoint ` +
        "(corpora, checkpoints and scores in the store are kept)",
    ].join("\n"),
  );
}
