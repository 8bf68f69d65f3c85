import type { SpecManifest } from "../../jobs/kube/manifestTypes.ts";
import { kindLabel, partOfLabel, stepLabel } from "../../jobs/kube/objectLabels.ts";
import type { NetworkPolicyConfig } from "./networkPolicyConfig.ts";

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { key: string; operator: "In"; values: readonly string[] }[];
}

interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

export interface PolicyPort {
  readonly protocol: "TCP" | "UDP";
  readonly port: number;
}

export interface IngressRule {
  /** Any address if absent. */
  readonly from?: readonly Peer[];
  /** All ports if absent. */
  readonly ports?: readonly PolicyPort[];
}

interface EgressRule {
  /** Any address if absent. */
  readonly to?: readonly Peer[];
  readonly ports?: readonly PolicyPort[];
}

interface NetworkPolicySpec {
  readonly podSelector: Selector;
  readonly policyTypes: readonly ("Ingress" | "Egress")[];
  readonly ingress?: readonly IngressRule[];
  readonly egress?: readonly EgressRule[];
}

export type NetworkPolicyManifest = SpecManifest<"networking.k8s.io/v1", "NetworkPolicy", NetworkPolicySpec>;

interface NetworkPolicyInput {
  readonly namespace: string;
  readonly networkPolicy?: NetworkPolicyConfig | undefined;
  /** The variables of data jobs, of which some name the hub's mirror and proxies. */
  readonly dataEnv?: Readonly<Record<string, string>> | undefined;
}

const jobLabelOfSet = "jobset.sigs.k8s.io/replicatedjob-name";

const podLabels = {
  /** Without the pods that wait for a corpus. */
  training: { [stepLabel]: "train", [jobLabelOfSet]: "node" },
  preflight: { [kindLabel]: "preflight" },
  publish: { [stepLabel]: "evaluate", [jobLabelOfSet]: "publish" },
  evaluation: { [stepLabel]: "evaluate" },
  data: { [stepLabel]: "data" },
  export: { [kindLabel]: "export" },
} as const satisfies Record<string, Record<string, string>>;

/** Cluster DNS, in the namespaces where distributions run it, and on the node (NodeLocal DNSCache's own addresses). */
const dnsPeers: readonly Peer[] = [
  {
    namespaceSelector: {
      matchExpressions: [
        { key: "kubernetes.io/metadata.name", operator: "In", values: ["kube-system", "openshift-dns"] },
      ],
    },
  },
  { ipBlock: { cidr: "169.254.20.10/32" } },
  { ipBlock: { cidr: "169.254.25.10/32" } },
];

/** CoreDNS listens on 53, or on 5353 if it may not use small ports. */
const dnsPorts: readonly PolicyPort[] = [53, 5353].flatMap((port) => [
  { protocol: "UDP", port },
  { protocol: "TCP", port },
]);

/** The ports of the service, which some networks see, and of kubeadm's servers behind it. */
const defaultApiServerPorts = [443, 6443];

/** All addresses but those of private networks, links and the cluster. */
const publicPeers: readonly Peer[] = [
  {
    ipBlock: {
      cidr: "0.0.0.0/0",
      except: ["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"],
    },
  },
  { ipBlock: { cidr: "::/0", except: ["fc00::/7", "fe80::/10"] } },
];

export function buildTcpPorts(...ports: readonly number[]): PolicyPort[] {
  return ports.map((port) => ({ protocol: "TCP", port }));
}

/** An address of a policy is a range, so that a name in the URL opens its port at any address. */
function buildOpening(url: string): EgressRule {
  const { hostname, port, protocol } = new URL(url);
  const ports = buildTcpPorts(port === "" ? (protocol === "http:" ? 80 : 443) : Number(port));
  if (/^\d+(\.\d+){3}$/.test(hostname)) return { to: [{ ipBlock: { cidr: `${hostname}/32` } }], ports };
  if (hostname.startsWith("[")) return { to: [{ ipBlock: { cidr: `${hostname.slice(1, -1)}/128` } }], ports };
  return { ports };
}

const proxyVariables = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"];
const mirrorVariables = ["HF_ENDPOINT"];

/** A proxy may be given without a protocol, as curl and Python take it. */
function completeUrl(address: string): string {
  return /^\w+:\/\//.test(address) ? address : `http://${address}`;
}

/**
 * The openings to the hub: its mirror, which NO_PROXY may name, and the proxies of data jobs or else public addresses.
 */
function buildHubOpenings({ dataEnv = {}, networkPolicy = {} }: NetworkPolicyInput): EgressRule[] {
  const values = new Map(Object.entries(dataEnv).map(([name, value]) => [name.toUpperCase(), value] as const));
  const selectValues = (names: readonly string[]) => names.flatMap((name) => values.get(name) ?? []);
  const [proxies, mirror] = [selectValues(proxyVariables), selectValues(mirrorVariables)];
  const called = [...new Set([...proxies, ...mirror, ...(networkPolicy.data ?? [])])];
  const openings = called.map(completeUrl).filter((url) => URL.canParse(url));
  const direct = proxies.length > 0 ? [] : [{ to: publicPeers, ports: buildTcpPorts(443) }];
  return [...direct, ...openings.map(buildOpening)];
}

export function buildPolicyMetadata(namespace: string, name: string) {
  return { name: `mixcpt-${name}`, namespace, labels: { [partOfLabel]: "mixcpt" } } as const;
}

export function buildPolicy(namespace: string, name: string, spec: NetworkPolicySpec): NetworkPolicyManifest {
  const metadata = buildPolicyMetadata(namespace, name);
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec };
}

/**
 * Lets the pods of a group talk to each other at all ports: PyTorch meets at 29500, and NCCL and gloo choose theirs at
 * random. Selectors cannot compare labels, so that the pods of one training also reach those of another.
 */
function buildGroupSpec(matchLabels: Readonly<Record<string, string>>): NetworkPolicySpec {
  const peers = [{ podSelector: { matchLabels } }];
  return {
    podSelector: { matchLabels },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: peers }],
    egress: [{ to: peers }],
  };
}

function buildEgressSpec(matchLabels: Readonly<Record<string, string>>, egress: readonly EgressRule[]) {
  return { podSelector: { matchLabels }, policyTypes: ["Egress"], egress } as const;
}

/**
 * Builds the policies of the experiments' namespace: no pod of it is reached or reaches anything, except what its step
 * needs. An evaluation and a pod that waits need nothing but the store, which the node mounts.
 */
export function buildNetworkPolicies(input: NetworkPolicyInput): NetworkPolicyManifest[] {
  const { namespace, networkPolicy = {} } = input;
  const { enabled = true, apiServerPorts = defaultApiServerPorts, training = [], evaluation = [] } = networkPolicy;
  if (!enabled) return [];
  const hub = buildHubOpenings(input);
  const further = { training: training.map(buildOpening), evaluation: evaluation.map(buildOpening) };
  const specs: readonly (readonly [string, NetworkPolicySpec])[] = [
    ["deny-all", { podSelector: {}, policyTypes: ["Ingress", "Egress"] }],
    ["dns", { podSelector: {}, policyTypes: ["Egress"], egress: [{ to: dnsPeers, ports: dnsPorts }] }],
    ["training", buildGroupSpec(podLabels.training)],
    ["preflight", buildGroupSpec(podLabels.preflight)],
    ["publish", buildEgressSpec(podLabels.publish, [{ ports: buildTcpPorts(...apiServerPorts) }])],
    ["hub", buildEgressSpec(podLabels.data, hub)],
    ["hub-export", buildEgressSpec(podLabels.export, hub)],
    ...(["training", "evaluation"] as const)
      .filter((kind) => further[kind].length > 0)
      .map((kind) => [`further-${kind}`, buildEgressSpec(podLabels[kind], further[kind])] as const),
  ];
  return specs.map(([name, spec]) => buildPolicy(namespace, name, spec));
}
