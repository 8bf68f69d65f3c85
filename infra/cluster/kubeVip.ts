import { stringify } from "yaml";

/** Replaced on each machine by the network device that has the machine's address. */
const deviceMark = "@DEVICE@";

interface KubeVipArgs {
  readonly image: string;
  /** The address that one of the control planes holds at a time. */
  readonly address: string;
}

/** The times of the election in seconds, as kube-vip's own manifest has them: a dead machine is replaced within 5. */
const election = { vip_leaseduration: "5", vip_renewdeadline: "3", vip_retryperiod: "1" };

function buildSettings(address: string): Readonly<Record<string, string>> {
  return {
    cp_enable: "true",
    cp_namespace: "kube-system",
    vip_arp: "true",
    vip_leaderelection: "true",
    vip_leasename: "plndr-cp-lock",
    ...election,
    vip_interface: deviceMark,
    vip_subnet: "32",
    address,
    port: "6443",
    // nothing reads its metrics, and the port would be open to everybody
    prometheus_server: "127.0.0.1:2112",
  };
}

/**
 * The static pod that holds the endpoint's address. It asks the API server of its own machine, which it calls
 * `kubernetes`: where that one fails, the machine gives the address up.
 */
export function renderKubeVipManifest({ image, address }: KubeVipArgs): string {
  const kubeconfig = "/etc/kubernetes/admin.conf";
  const env = [
    ...Object.entries(buildSettings(address)).map(([name, value]) => ({ name, value })),
    { name: "vip_nodename", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
  ];
  const container = {
    name: "kube-vip",
    image,
    imagePullPolicy: "Never",
    args: ["manager"],
    env,
    resources: { requests: { cpu: "25m", memory: "64Mi" } },
    securityContext: { capabilities: { drop: ["ALL"], add: ["NET_ADMIN", "NET_RAW"] } },
    volumeMounts: [{ name: "kubeconfig", mountPath: kubeconfig, readOnly: true }],
  };
  return stringify({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "kube-vip", namespace: "kube-system" },
    spec: {
      hostNetwork: true,
      priorityClassName: "system-node-critical",
      priority: 2_000_001_000,
      hostAliases: [{ ip: "127.0.0.1", hostnames: ["kubernetes"] }],
      containers: [container],
      volumes: [{ name: "kubeconfig", hostPath: { path: kubeconfig, type: "File" } }],
    },
  });
}
