import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { formatApiAddress } from "../../infra/endpoint.ts";
import type { RecordedResource } from "../engine/recordedRuns.ts";
import { listClaims } from "./clusterNodes.ts";
import { findRecordedKubeconfig } from "./recordedKubeconfig.ts";
import { hasKubeconfig, readClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";

/** The address of the API server in a kubeconfig, as HOST:PORT; undefined if it names none. */
export function readServerAddress(kubeconfig: string): string | undefined {
  return /^\s*server: https:\/\/(\S+?)\/?$/m.exec(kubeconfig)?.[1];
}

/** The address that a file declares; undefined if it leaves it to others. */
function findDeclaredAddress(config: ClusterConfig): string | undefined {
  return config.kind === "hosts" ? formatApiAddress(config) : undefined;
}

/** The copy in this checkout may lead through a bastion; the state has what the control plane printed. */
function findRecordedAddress(resources: readonly RecordedResource[], stack: string): string | undefined {
  const copy = hasKubeconfig(stack) ? readClusterKubeconfig(stack) : "";
  return readServerAddress(findRecordedKubeconfig(resources) ?? copy);
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
  const recorded = findRecordedAddress(resources, stack);
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
