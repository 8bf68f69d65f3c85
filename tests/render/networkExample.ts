import { buildNetworkPolicies } from "../../infra/network/networkPolicies.ts";
import type { NetworkPolicyManifest } from "../../infra/network/networkPolicies.ts";

/** Builds the policies of a cluster whose file says nothing about its network. */
export function buildDefaultPolicies(): NetworkPolicyManifest[] {
  return buildNetworkPolicies({ namespace: "mixcpt" });
}

/** Builds those policies, and the policies of a cluster behind a proxy, with an MLflow server. */
export function buildNetworkExamples(): NetworkPolicyManifest[] {
  const networkPolicy = { training: ["https://mlflow.example"], evaluation: ["http://[fd00::7]:8080"] };
  const dataEnv = { HTTPS_PROXY: "http://10.0.0.3:3128" };
  return [...buildDefaultPolicies(), ...buildNetworkPolicies({ namespace: "mixcpt", networkPolicy, dataEnv })];
}
