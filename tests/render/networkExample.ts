import { buildControllerPolicies, controllerOpenings } from "../../infra/network/controllerPolicies.ts";
import type { ControllerNamespace } from "../../infra/network/controllerPolicies.ts";
import { buildNetworkPolicies } from "../../infra/network/networkPolicies.ts";
import type { NetworkPolicyManifest } from "../../infra/network/networkPolicies.ts";

export const controllerNamespaces = Object.keys(controllerOpenings) as ControllerNamespace[];

function buildOwnPolicies(): NetworkPolicyManifest[] {
  return buildNetworkPolicies({ namespace: "mixcpt" });
}

/** Builds the policies of a rack with Cilium, AMD's agents and a monitor, whose file says nothing about its network. */
export function buildDefaultPolicies() {
  const rack = { namespaces: controllerNamespaces, podNetwork: "cilium", hasMonitoring: true } as const;
  return [...buildOwnPolicies(), ...buildControllerPolicies(rack)];
}

/**
 * Builds the policies of a cluster that others run, and of one behind a proxy, with an MLflow server. All are of the
 * kind that every cluster has.
 */
export function buildNetworkExamples() {
  const networkPolicy = { training: ["https://mlflow.example"], evaluation: ["http://[fd00::7]:8080"] };
  const dataEnv = { HTTPS_PROXY: "http://10.0.0.3:3128" };
  const foreign = { namespaces: controllerNamespaces, podNetwork: undefined, hasMonitoring: true };
  return [
    ...buildOwnPolicies(),
    ...buildControllerPolicies(foreign),
    ...buildNetworkPolicies({ namespace: "mixcpt", networkPolicy, dataEnv }),
  ];
}
