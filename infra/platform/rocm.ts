import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

interface RocmArgs {
  /** AMD's images, by digest. */
  readonly devicePlugin: string;
  readonly nodeLabeller: string;
  /** Of the nodes that they run on. */
  readonly nodeLabels: Record<string, string>;
}

const rocmNamespace = "amd-gpu";

/**
 * AMD's device plugin and node labeller, in a namespace of their own: they need privileges that no experiment has.
 * What they need follows AMD's own manifests (ROCm/k8s-device-plugin 1.31).
 */
export class Rocm extends pulumi.ComponentResource {
  constructor(
    name: string,
    { devicePlugin, nodeLabeller, nodeLabels }: RocmArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("mixcpt:infra:Rocm", name, {}, options);
    const namespace = new kubernetes.core.v1.Namespace(
      rocmNamespace,
      { metadata: { name: rocmNamespace, labels: { "pod-security.kubernetes.io/enforce": "privileged" } } },
      { parent: this },
    );
    const within = { parent: this, dependsOn: [namespace] };
    createDaemonSet("device-plugin", { image: devicePlugin, nodeLabels, buildPod: buildDevicePluginPod }, within);
    const account = createLabellerAccount(within);
    createDaemonSet(
      "node-labeller",
      { image: nodeLabeller, nodeLabels, buildPod: createLabellerPodBuilder(account.metadata.name) },
      within,
    );
    this.registerOutputs({});
  }
}

type RocmPodSpec = kubernetes.types.input.core.v1.PodSpec;
type RocmContainer = kubernetes.types.input.core.v1.Container;
type PodBuilder = (container: Pick<RocmContainer, "name" | "image">) => RocmPodSpec;

function buildHostPathVolume(name: string, path: string) {
  return { name, hostPath: { path } };
}

const buildDevicePluginPod: PodBuilder = (container) => ({
  priorityClassName: "system-node-critical",
  containers: [
    {
      ...container,
      securityContext: { privileged: true }, // it reads /dev/kfd and the render devices, and writes the kubelet's socket
      resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } },
      volumeMounts: [
        { name: "plugins", mountPath: "/var/lib/kubelet/device-plugins" },
        { name: "sys", mountPath: "/sys", readOnly: true },
      ],
    },
  ],
  volumes: [buildHostPathVolume("plugins", "/var/lib/kubelet/device-plugins"), buildHostPathVolume("sys", "/sys")],
});

function createLabellerPodBuilder(account: pulumi.Input<string>): PodBuilder {
  return (container) => ({
    serviceAccountName: account,
    containers: [
      {
        ...container,
        args: ["-device-id", "-product-name", "-vram", "-cu-count", "-simd-count", "-family"],
        env: [{ name: "DS_NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }],
        securityContext: { privileged: true }, // it asks the driver through /dev
        resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } },
        volumeMounts: [
          { name: "sys", mountPath: "/sys", readOnly: true },
          { name: "dev", mountPath: "/dev" },
        ],
      },
    ],
    volumes: [buildHostPathVolume("sys", "/sys"), buildHostPathVolume("dev", "/dev")],
  });
}

interface DaemonSetArgs extends Pick<RocmArgs, "nodeLabels"> {
  readonly image: string;
  readonly buildPod: PodBuilder;
}

function createDaemonSet(
  name: string,
  { image, nodeLabels, buildPod: spec }: DaemonSetArgs,
  options: pulumi.CustomResourceOptions,
): void {
  const labels = { "app.kubernetes.io/name": `amd-gpu-${name}` };
  new kubernetes.apps.v1.DaemonSet(
    name,
    {
      metadata: { name, namespace: rocmNamespace, labels },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            ...spec({ name, image }),
            nodeSelector: nodeLabels,
            tolerations: [{ operator: "Exists", key: "amd.com/gpu" }],
          },
        },
      },
    },
    options,
  );
}

function createLabellerAccount(options: pulumi.CustomResourceOptions): kubernetes.core.v1.ServiceAccount {
  const metadata = { name: "node-labeller", namespace: rocmNamespace };
  const account = new kubernetes.core.v1.ServiceAccount("node-labeller", { metadata }, options);
  const name = "mixcpt:amd-node-labeller";
  new kubernetes.rbac.v1.ClusterRole(
    "node-labeller",
    {
      metadata: { name },
      rules: [{ apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch", "update", "patch"] }],
    },
    options,
  );
  new kubernetes.rbac.v1.ClusterRoleBinding(
    "node-labeller",
    {
      metadata: { name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", ...metadata }],
    },
    options,
  );
  return account;
}
