import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

interface RocmArgs {
  /** References of AMD's images, with digests. */
  readonly devicePlugin: string;
  readonly nodeLabeller: string;
  /** True if the device plugin reports the health of GPUs, as AMD's device metrics exporter finds it. */
  readonly health?: boolean;
  /** Labels of the nodes that both run on. */
  readonly nodeLabels: Record<string, string>;
  /** True if the file names the mode of the cards: the modes of the nodes are then labels, too. */
  readonly labelsPartitions: boolean;
}

const rocmNamespace = "amd-gpu";

/**
 * AMD's device plugin and node labeller, in a separate namespace because they need privileges that no experiment has.
 * Their privileges and mounts follow AMD's manifests (ROCm/k8s-device-plugin 1.31).
 */
export class Rocm extends pulumi.ComponentResource {
  constructor(
    name: string,
    { devicePlugin, nodeLabeller, health = false, nodeLabels, labelsPartitions }: RocmArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("mixcpt:infra:Rocm", name, {}, options);
    const namespace = new kubernetes.core.v1.Namespace(
      rocmNamespace,
      { metadata: { name: rocmNamespace, labels: { "pod-security.kubernetes.io/enforce": "privileged" } } },
      { parent: this },
    );
    const within = { parent: this, dependsOn: [namespace] };
    const buildPod = health ? buildHealthPluginPod : buildDevicePluginPod;
    createDaemonSet("device-plugin", { image: devicePlugin, nodeLabels, buildPod }, within);
    const account = createLabellerAccount(within);
    createDaemonSet(
      "node-labeller",
      {
        image: nodeLabeller,
        nodeLabels,
        buildPod: createLabellerPodBuilder(account.metadata.name, listLabelFlags(labelsPartitions)),
      },
      within,
    );
    this.registerOutputs({});
  }
}

type RocmPodSpec = kubernetes.types.input.core.v1.PodSpec;
type RocmContainer = kubernetes.types.input.core.v1.Container;
type ContainerIdentity = Pick<RocmContainer, "name" | "image">;
type PodBuilder = (container: ContainerIdentity) => RocmPodSpec;

function buildHostPathVolume(name: string, path: string) {
  return { name, hostPath: { path } };
}

/** It reads /sys and writes the kubelet's sockets as root, which needs no capability: as in AMD's Helm chart. */
function buildDevicePluginPod(container: ContainerIdentity) {
  return {
    priorityClassName: "system-node-critical",
    containers: [
      {
        ...container,
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } },
        volumeMounts: [
          { name: "plugins", mountPath: "/var/lib/kubelet/device-plugins" },
          { name: "sys", mountPath: "/sys", readOnly: true },
        ],
      },
    ],
    volumes: [buildHostPathVolume("plugins", "/var/lib/kubelet/device-plugins"), buildHostPathVolume("sys", "/sys")],
  };
}

/** The folder of the exporter's socket is that of AMD's charts; the exporter may start later than the plugin. */
const exporterFolder = "/var/lib/amd-metrics-exporter";

/** Seconds between two reports of health, as in AMD's documentation. */
const healthPulse = 10;

/**
 * Builds the device plugin that asks AMD's device metrics exporter for each GPU's health and tells the kubelet. A GPU
 * of which the exporter says nothing is healthy if /dev/kfd can be opened, which needs a privileged container; without
 * it all GPUs would be withdrawn whenever the exporter restarts. Folder and program are those of AMD's image, whose
 * command has the program and its flags together.
 */
function buildHealthPluginPod(identity: ContainerIdentity): RocmPodSpec {
  const { containers, volumes, ...pod } = buildDevicePluginPod(identity);
  const addExporter = (container: (typeof containers)[number]) => ({
    ...container,
    workingDir: "/root",
    command: ["./k8s-device-plugin"],
    args: ["-logtostderr=true", "-stderrthreshold=INFO", "-v=5", `-pulse=${String(healthPulse)}`],
    securityContext: { privileged: true, capabilities: { drop: ["ALL"] } },
    volumeMounts: [
      ...container.volumeMounts,
      { name: "dev", mountPath: "/dev" },
      { name: "health", mountPath: exporterFolder },
    ],
  });
  return {
    ...pod,
    containers: containers.map(addExporter),
    volumes: [
      ...volumes,
      buildHostPathVolume("dev", "/dev"),
      { name: "health", hostPath: { path: exporterFolder, type: "DirectoryOrCreate" } },
    ],
  };
}

/** The flag of the modes exists since labeller 1.31.0.7, and an older one does not start with it. */
function listLabelFlags(labelsPartitions: boolean): string[] {
  const flags = ["-device-id", "-product-name", "-vram", "-cu-count", "-simd-count", "-family"];
  return labelsPartitions ? [...flags, "-compute-memory-partition"] : flags;
}

function createLabellerPodBuilder(account: pulumi.Input<string>, args: string[]): PodBuilder {
  return (container) => ({
    serviceAccountName: account,
    containers: [
      {
        ...container,
        args,
        env: [{ name: "DS_NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }],
        // It queries the driver through /dev.
        securityContext: { privileged: true },
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
  { image, nodeLabels, buildPod }: DaemonSetArgs,
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
            ...buildPod({ name, image }),
            nodeSelector: nodeLabels,
            // Sites taint GPU nodes in many ways, and without these agents their devices are unknown.
            tolerations: [{ operator: "Exists" }],
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
  createNodeUpdateRole({ kind: "ServiceAccount", ...metadata }, options);
  return account;
}

/** Creates the cluster role that lets the node labeller's account write labels of nodes, and binds it. */
function createNodeUpdateRole(
  subject: kubernetes.types.input.rbac.v1.Subject,
  options: pulumi.CustomResourceOptions,
): void {
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
      subjects: [subject],
    },
    options,
  );
}
