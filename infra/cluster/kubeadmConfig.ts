import { stringify } from "yaml";

interface KubeadmInput {
  readonly nodeName: string;
  readonly address: string;
  readonly kubernetesVersion: string;
  readonly etcdVersion: string;
  readonly corednsVersion: string;
}

/** The addresses of all pods and of all services. */
export const podNetwork = "10.244.0.0/16";
export const serviceNetwork = "10.96.0.0/16";

/** The range of pod addresses of the node with this number. */
export function formatPodRange(number: number): string {
  return `10.244.${String(number)}.0/24`;
}

/**
 * The preflight checks that fail on machines which work: with cgroup v1, which Kubernetes 1.36 supports only on
 * request, and with one processor, such as a small virtual machine.
 */
export const toleratedPreflightErrors = "SystemVerification,NumCPU";

const kubeadmApiVersion = "kubeadm.k8s.io/v1beta4";

function buildInitConfiguration({ nodeName, address }: KubeadmInput) {
  return {
    apiVersion: kubeadmApiVersion,
    kind: "InitConfiguration",
    localAPIEndpoint: { advertiseAddress: address, bindPort: 6443 },
    nodeRegistration: {
      name: nodeName,
      criSocket: "unix:///run/containerd/containerd.sock",
      imagePullPolicy: "Never",
      kubeletExtraArgs: [{ name: "node-ip", value: address }],
      taints: [],
    },
    skipPhases: ["addon/kube-proxy"],
  };
}

function buildClusterConfiguration({ kubernetesVersion, etcdVersion, corednsVersion }: KubeadmInput) {
  return {
    apiVersion: kubeadmApiVersion,
    kind: "ClusterConfiguration",
    kubernetesVersion,
    imageRepository: "mixcpt.local",
    etcd: { local: { imageTag: etcdVersion } },
    dns: { imageTag: corednsVersion },
    networking: { podSubnet: podNetwork, serviceSubnet: serviceNetwork },
  };
}

const kubeletConfiguration = {
  apiVersion: "kubelet.config.k8s.io/v1beta1",
  kind: "KubeletConfiguration",
  cgroupDriver: "systemd",
  oomScoreAdj: 0,
  // A controller reads its new certificate from a volume, which the kubelet refreshes at this interval.
  syncFrequency: "10s",
  // Corpora and checkpoints fill disks on purpose; the defaults (10-15 %) would evict training.
  evictionHard: { "nodefs.available": "1%", "imagefs.available": "1%", "memory.available": "200Mi" },
  imageMinimumGCAge: "720h",
};

/** The three documents of kubeadm's configuration. Nothing is pulled: the images are already on the nodes. */
export function renderKubeadmConfig(input: KubeadmInput): string {
  return [buildInitConfiguration(input), buildClusterConfiguration(input), kubeletConfiguration]
    .map((document) => stringify(document))
    .join("---\n");
}
