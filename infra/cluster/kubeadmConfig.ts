import { stringify } from "yaml";
import type { PodNetwork } from "../network/podNetworkConfig.ts";
import { apiServerConfig } from "./apiServerConfig.ts";

/** `local`: hosts that share one machine with its other programs. `hosts`: machines that are nodes and nothing else. */
export type HostKind = "local" | "hosts";

/** The address under which nodes and clients reach the API servers, whichever machines run them. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

interface KubeadmInput {
  readonly hostKind: HostKind;
  /** Absent if the only control plane is reached by its own address. */
  readonly endpoint?: Endpoint | undefined;
  readonly nodeName: string;
  readonly address: string;
  readonly kubernetesVersion: string;
  readonly etcdVersion: string;
  readonly corednsVersion: string;
  readonly podNetwork: PodNetwork;
}

export function formatEndpoint({ address, port }: Endpoint): string {
  return `${address}:${String(port)}`;
}

/**
 * The preflight checks of kubeadm that local hosts may fail: the kernel is the one of the machine, which may be a small
 * virtual machine with one processor.
 */
export const toleratedPreflightErrors: Readonly<Record<HostKind, string>> = {
  local: "SystemVerification,NumCPU",
  hosts: "",
};

/**
 * The probes of the control plane's static pods on local hosts; empty for kubeadm's own. On a small machine that
 * unpacks images an answer can take minutes. The probes of kubeadm restart the pod after 80 seconds, or 240 while it
 * starts, which delays it further.
 */
export const staticPodProbes: Readonly<Record<HostKind, string>> = {
  local: JSON.stringify({
    livenessProbe: { timeoutSeconds: 60, periodSeconds: 60, failureThreshold: 10 },
    startupProbe: { failureThreshold: 120 },
  }),
  hosts: "",
};

/**
 * How long kubeadm waits on a busy machine, for the first node and for those that join: for a control plane, a kubelet
 * and its certificate, and for one answer of the API server or of etcd. By default 4, 4, 5, 1 and 2 minutes.
 */
export const patientTimeouts = {
  controlPlaneComponentHealthCheck: "10m0s",
  kubeletHealthCheck: "10m0s",
  tlsBootstrap: "10m0s",
  kubernetesAPICall: "5m0s",
  etcdAPICall: "5m0s",
};

const kubeadmApiVersion = "kubeadm.k8s.io/v1beta4";

function buildInitConfiguration({ hostKind, nodeName, address }: KubeadmInput) {
  return {
    apiVersion: kubeadmApiVersion,
    kind: "InitConfiguration",
    // kubeadm always makes one, valid for a day, and here each machine that joins gets a token of its own
    bootstrapTokens: [{ ttl: "1s" }],
    localAPIEndpoint: { advertiseAddress: address, bindPort: 6443 },
    nodeRegistration: {
      name: nodeName,
      criSocket: "unix:///run/containerd/containerd.sock",
      imagePullPolicy: "Never",
      kubeletExtraArgs: [{ name: "node-ip", value: address }],
      taints: [],
    },
    skipPhases: ["addon/kube-proxy"],
    timeouts: patientTimeouts,
    // init-control-plane.sh writes the probes there
    ...(staticPodProbes[hostKind] !== "" && { patches: { directory: "/etc/kubernetes/patches" } }),
  };
}

/** Without a second control plane there is nothing to elect, and a leader whose lease is late ends itself. */
const soleLeader = { extraArgs: [{ name: "leader-elect", value: "false" }] };

function buildClusterConfiguration(input: KubeadmInput) {
  const { hostKind, endpoint, kubernetesVersion, etcdVersion, corednsVersion, podNetwork } = input;
  return {
    apiVersion: kubeadmApiVersion,
    kind: "ClusterConfiguration",
    kubernetesVersion,
    ...(endpoint !== undefined && { controlPlaneEndpoint: formatEndpoint(endpoint) }),
    imageRepository: "mixcpt.local",
    etcd: { local: { imageTag: etcdVersion } },
    dns: { imageTag: corednsVersion },
    apiServer: apiServerConfig,
    ...(hostKind === "local" && { controllerManager: soleLeader, scheduler: soleLeader }),
    networking: { podSubnet: podNetwork.pods, serviceSubnet: podNetwork.services },
  };
}

/**
 * What a kubelet keeps free by evicting pods, and its own priority when memory is short. Corpora and checkpoints fill
 * disks on purpose: the kubelet's default of 15 % would be half a terabyte of a node's disk. The disk of local hosts is
 * full of other things, and their root may be a container's, which cannot raise the priority.
 */
const kubeletReserves = {
  local: {
    oomScoreAdj: 0,
    evictionHard: { "nodefs.available": "1%", "imagefs.available": "1%", "memory.available": "200Mi" },
  },
  hosts: {
    // For sshd, journald, containerd and the like, which are no pods.
    systemReserved: { memory: "1Gi" },
    evictionHard: {
      "nodefs.available": "5Gi",
      "imagefs.available": "5Gi",
      "nodefs.inodesFree": "5%",
      "memory.available": "500Mi",
    },
  },
} as const satisfies Record<HostKind, object>;

function buildKubeletConfiguration(hostKind: HostKind) {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    cgroupDriver: "systemd",
    // The machine may swap, but the kubelet gives pods no swap.
    failSwapOn: false,
    // A controller reads its new certificate from a volume, which the kubelet refreshes at this interval.
    syncFrequency: "10s",
    // Images were sent, so that a deleted one does not come back by itself.
    imageMinimumGCAge: "720h",
    ...kubeletReserves[hostKind],
  };
}

/** The three documents of kubeadm's configuration. Nothing is pulled: the images are already on the nodes. */
export function renderKubeadmConfig(input: KubeadmInput): string {
  return [buildInitConfiguration(input), buildClusterConfiguration(input), buildKubeletConfiguration(input.hostKind)]
    .map((document) => stringify(document))
    .join("---\n");
}
