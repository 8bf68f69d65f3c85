/** Network policies of the namespaces of controllers and agents that a stack installs. */
import type { SpecManifest } from "../../jobs/kube/manifestTypes.ts";
import type { IngressRule, NetworkPolicyManifest, PolicyPort } from "./networkPolicies.ts";
import { buildPolicy, buildPolicyMetadata, buildTcpPorts } from "./networkPolicies.ts";
import type { NetworkPolicyConfig } from "./networkPolicyConfig.ts";
import type { PodNetwork } from "./podNetworkConfig.ts";

interface NodeIngressSpec {
  readonly endpointSelector: Record<string, never>;
  readonly ingress: readonly {
    readonly fromEntities: readonly string[];
    readonly toPorts: readonly { readonly ports: readonly { readonly port: string; readonly protocol: "TCP" }[] }[];
  }[];
}

type NodeIngressManifest = SpecManifest<"cilium.io/v2", "CiliumNetworkPolicy", NodeIngressSpec>;

/** Kubeflow Trainer takes the progress of trainings at this port of its controller. */
export const trainerStatusPort = 10443;

interface ControllerOpenings {
  /** Ports of webhooks and of the API that Kueue adds to the API server (visibility). */
  readonly calledByApiServer: readonly number[];
  /** What others call if the cluster's file has `monitoring`. */
  readonly monitored: readonly IngressRule[];
}

/** Webhooks of controller-runtime. */
const webhookPort = 9443;

/** The openings by namespace; the ports are those of the pods, which Services in the manifests lead to. */
export const controllerOpenings = {
  // Prometheus may be anywhere, and Kueue answers only a token that may read metrics
  "kueue-system": { calledByApiServer: [webhookPort, 8082], monitored: [{ ports: buildTcpPorts(8443) }] },
  "jobset-system": { calledByApiServer: [webhookPort], monitored: [] },
  "kubeflow-system": {
    calledByApiServer: [webhookPort],
    // trainings of all installs and tenants, whose tokens it checks
    monitored: [{ from: [{ namespaceSelector: {} }], ports: buildTcpPorts(trainerStatusPort) }],
  },
  "amd-gpu": { calledByApiServer: [], monitored: [] },
} as const satisfies Record<string, ControllerOpenings>;

export type ControllerNamespace = keyof typeof controllerOpenings;

interface ControllerPolicyInput {
  /** The namespaces that the stack makes. */
  readonly namespaces: readonly ControllerNamespace[];
  /** The pod network that the stack installs; undefined on a cluster that others run. */
  readonly podNetwork: PodNetwork["kind"] | undefined;
  readonly hasMonitoring: boolean;
  readonly networkPolicy?: NetworkPolicyConfig | undefined;
}

/** The API server runs on nodes, so that it has their addresses: those of all nodes are let in, and no pod's. */
function buildNodeIngress(namespace: string, ports: readonly PolicyPort[]): NodeIngressManifest {
  const toPorts = [{ ports: ports.map(({ port }) => ({ port: String(port), protocol: "TCP" as const })) }];
  return {
    apiVersion: "cilium.io/v2",
    kind: "CiliumNetworkPolicy",
    metadata: buildPolicyMetadata(namespace, "api-server"),
    spec: { endpointSelector: {}, ingress: [{ fromEntities: ["host", "remote-node", "kube-apiserver"], toPorts }] },
  };
}

function buildIngressPolicy(namespace: string, rules: readonly IngressRule[]): NetworkPolicyManifest {
  const ingress = rules.length > 0 ? { ingress: rules } : {};
  return buildPolicy(namespace, "ingress", { podSelector: {}, policyTypes: ["Ingress"], ...ingress });
}

/**
 * Builds the policies of the namespaces: nobody reaches their pods except the API server and, with `monitoring`, who
 * reads metrics and who reports progress. The kubelet's probes come from the pod's own node, which Kubernetes always
 * lets in.
 *
 * A NetworkPolicy cannot name the API server: it has the address of its node, or in a tunnel another one of that node,
 * and on clusters of others it may be outside. With Cilium, its own kind of policy lets in nodes alone; elsewhere the
 * port is open to everyone. Egress stays open for the same reason: by port, 443 of any address would be open anyway,
 * and where the API server has another port than the file says, the whole cluster would admit nothing.
 *
 * The list is in the order in which the policies must be applied: an opening before what denies the rest.
 */
export function buildControllerPolicies(
  input: ControllerPolicyInput,
): readonly (NetworkPolicyManifest | NodeIngressManifest)[] {
  const { namespaces, podNetwork, hasMonitoring, networkPolicy: { enabled = true } = {} } = input;
  if (!enabled) return [];
  return namespaces.flatMap((namespace) => {
    const { calledByApiServer, monitored }: ControllerOpenings = controllerOpenings[namespace];
    const [ports, rules] = [buildTcpPorts(...calledByApiServer), hasMonitoring ? monitored : []];
    if (ports.length === 0) return [buildIngressPolicy(namespace, rules)];
    if (podNetwork === "cilium") return [buildNodeIngress(namespace, ports), buildIngressPolicy(namespace, rules)];
    return [buildIngressPolicy(namespace, [{ ports }, ...rules])];
  });
}
