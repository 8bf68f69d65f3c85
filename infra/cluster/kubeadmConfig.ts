import { stringify } from "yaml";

export interface KubeadmInput {
  readonly nodeName: string;
  readonly address: string;
  readonly kubernetesVersion: string;
  readonly etcdVersion: string;
  readonly corednsVersion: string;
}

/** The addresses of the pods of the node with this number. */
export function formatPodRange(number: number): string {
  return `10.244.${String(number)}.0/24`;
}

/** The preflight check that fails on a machine with cgroup v1, which Kubernetes 1.36 still runs on when told to. */
export const toleratedPreflightErrors = "SystemVerification";

const kubeletConfiguration = {
  apiVersion: "kubelet.config.k8s.io/v1beta1",
  kind: "KubeletConfiguration",
  cgroupDriver: "systemd",
  failCgroupV1: false,
  oomScoreAdj: 0,
  // a controller reads its new certificate from a volume, which is brought up to date at this interval
  syncFrequency: "10s",
  // corpora and checkpoints fill disks on purpose; the defaults (10-15 %) would evict training
  evictionHard: { "nodefs.available": "1%", "imagefs.available": "1%", "memory.available": "200Mi" },
  imageMinimumGCAge: "720h",
};

/** kubeadm's three documents. Images are on the nodes already: nothing is pulled. */
export function renderKubeadmConfig({
  nodeName,
  address,
  kubernetesVersion,
  etcdVersion,
  corednsVersion,
}: KubeadmInput): string {
  const init = {
    apiVersion: "kubeadm.k8s.io/v1beta4",
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
  const cluster = {
    apiVersion: "kubeadm.k8s.io/v1beta4",
    kind: "ClusterConfiguration",
    kubernetesVersion,
    imageRepository: "mixcpt.local",
    etcd: { local: { imageTag: etcdVersion } },
    dns: { imageTag: corednsVersion },
    networking: { podSubnet: "10.244.0.0/16", serviceSubnet: "10.96.0.0/16" },
  };
  return [init, cluster, kubeletConfiguration].map((document) => stringify(document)).join("---\n");
}
