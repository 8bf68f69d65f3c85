import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { GpuModel } from "../../jobs/hardware/gpuCatalog.ts";
import { gpus } from "../../jobs/hardware/gpuCatalog.ts";
import type { NodeSoftware } from "../../workspace/toolchain.ts";
import { formatPodRange, renderKubeadmConfig, toleratedPreflightErrors } from "./kubeadmConfig.ts";
import type { Host, HostAccess } from "./remoteHost.ts";
import { runOnHost, sendToHost } from "./remoteHost.ts";

interface KubeadmClusterArgs {
  readonly hosts: readonly Host[];
  readonly privateKey: pulumi.Output<string>;
  readonly software: NodeSoftware;
  /** The OCI layout (a directory) with the images of the work; absent if nodes fetch them from a registry. */
  readonly workImages?: string;
  /** Devices that the nodes only claim to have; absent if AMD's device plugin reports the real ones. */
  readonly emulated?: { gpu: GpuModel; devicesPerNode: number };
}

/** A Kubernetes cluster that kubeadm builds from hosts reached by SSH; the first host is the control plane. */
export class KubeadmCluster extends pulumi.ComponentResource {
  readonly kubeconfig: pulumi.Output<string>;
  /**
   * Resources that exist once the nodes have joined and report their devices. The images of the work may still be in
   * transfer.
   */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: KubeadmClusterArgs, options?: pulumi.ComponentResourceOptions) {
    super("mixcpt:infra:Cluster", name, {}, options);
    const nodes = args.hosts.map((host) => prepareNode({ ...args, name, host, parent: this }));
    const [first, ...others] = nodes;
    if (first === undefined) throw new Error("a cluster needs at least one host");
    const control = initControlPlane(first, args.software);
    const joined = others.map((node) => joinNode(node, { control: first, after: [control] }));
    // The images of the work are large: they are sent after the cluster is up, while its controllers are installed.
    const { workImages } = args;
    if (workImages !== undefined)
      for (const node of nodes) sendImages(node, { imageSet: "work", layout: workImages, after: [control, ...joined] });
    const emulated = nodes.flatMap((node) => emulateDevices(node, { control: first, after: [control, ...joined] }));
    this.kubeconfig = fetchKubeconfig(first, control);
    this.ready = [control, ...joined, ...emulated];
    this.registerOutputs({ kubeconfig: this.kubeconfig });
  }
}

interface KubeadmNodeArgs extends KubeadmClusterArgs {
  readonly name: string;
  readonly host: Host;
  readonly parent: pulumi.Resource;
}

interface KubeadmNode extends HostAccess {
  readonly name: string;
  readonly args: KubeadmNodeArgs;
  /** Resources that exist once the node runs containerd and holds the cluster's images. */
  readonly prepared: pulumi.Resource[];
}

const nodeFiles = resolve(import.meta.dirname, "files");
// `--local` imports in ctr itself, because the daemon's import takes twice the processor time. Unpacked layers are
// discarded, so that they are not stored twice.
const importImagesCommand =
  "ctr --namespace k8s.io images import --local --discard-unpacked-layers --digests=false - >/dev/null";

function prepareNode(args: KubeadmNodeArgs): KubeadmNode {
  const { host, hosts, privateKey, software, parent } = args;
  const name = `${args.name}-${host.id}`;
  const access = { host, privateKey, parent };
  const installed = sendToHost(`${name}-software`, {
    ...access,
    trees: [software.nodeSoftware, nodeFiles],
    receive: "tar -x -C /",
  });
  const others = hosts.filter((other) => other !== host);
  const input = { NODE_NAME: host.name, POD_RANGE: formatPodRange(host.number), ROUTES: renderRoutes(others) };
  const preparation = runOnHost(`${name}-prepare`, {
    ...access,
    script: "prepare-node.sh",
    undo: "reset-node.sh",
    input,
    after: [installed],
  });
  const node = { name, args, host, privateKey };
  return {
    ...node,
    prepared: [
      preparation,
      sendImages(node, { imageSet: "cluster", layout: software.clusterImages, after: [preparation] }),
    ],
  };
}

/** A line `RANGE via ADDRESS` for the pods of each host. */
function renderRoutes(hosts: readonly Host[]): pulumi.Output<string> {
  const lines = hosts.map(({ number, address }) => pulumi.interpolate`${formatPodRange(number)} via ${address}`);
  return pulumi.all(lines).apply((routes) => routes.join("\n"));
}

interface ImageTransfer {
  readonly imageSet: "cluster" | "work";
  /** Directory of an OCI layout. */
  readonly layout: string;
  readonly after: pulumi.Resource[];
}

function sendImages(
  { name, args: { parent }, ...access }: Omit<KubeadmNode, "prepared">,
  { imageSet, layout, after }: ImageTransfer,
): pulumi.Resource {
  return sendToHost(`${name}-${imageSet}-images`, {
    ...access,
    trees: [layout],
    receive: importImagesCommand,
    after,
    parent,
  });
}

function initControlPlane(node: KubeadmNode, software: NodeSoftware): pulumi.Resource {
  const { kubernetesVersion, etcdVersion, corednsVersion } = software;
  const config = pulumi
    .output(node.host.address)
    .apply((address) =>
      renderKubeadmConfig({ nodeName: node.host.name, address, kubernetesVersion, etcdVersion, corednsVersion }),
    );
  const input = { KUBEADM_CONFIG: config, TOLERATED: toleratedPreflightErrors };
  return runOnHost(`${node.name}-init`, {
    ...node,
    script: "init-control-plane.sh",
    input,
    after: node.prepared,
    parent: node.args.parent,
  });
}

/** The control plane that acts for another node, and the resources that must exist first. */
interface NodeDependencies {
  readonly control: KubeadmNode;
  readonly after: pulumi.Resource[];
}

/**
 * Joins a prepared node to the cluster. The control plane creates a separate token for each node, and a new one if the
 * machine was reinstalled, which changes its host key.
 */
function joinNode(node: KubeadmNode, { control, after }: NodeDependencies): pulumi.Resource {
  const {
    name,
    host,
    args: { parent },
  } = node;
  const admission = runOnHost(`${name}-admission`, {
    ...control,
    script: "admit-node.sh",
    after: [...after, ...node.prepared],
    triggers: [host.hostKey],
    parent,
    secret: true,
  });
  const input = {
    JOIN: admission.stdout,
    NODE_NAME: host.name,
    ADDRESS: host.address,
    TOLERATED: toleratedPreflightErrors,
  };
  return runOnHost(`${name}-join`, {
    ...node,
    script: "join-node.sh",
    input,
    after: [admission],
    parent,
    secret: true,
  });
}

function emulateDevices(node: KubeadmNode, { control, after }: NodeDependencies): pulumi.Resource[] {
  const { emulated, parent } = node.args;
  if (emulated === undefined) return [];
  const input = {
    NODE_NAME: node.host.name,
    DEVICES: String(emulated.devicesPerNode),
    DEVICE_ID: gpus[emulated.gpu].deviceIds[0],
  };
  return [runOnHost(`${node.name}-emulated-gpus`, { ...control, script: "emulate-gpus.sh", input, after, parent })];
}

function fetchKubeconfig(node: KubeadmNode, control: pulumi.Resource): pulumi.Output<string> {
  const read = runOnHost(`${node.name}-kubeconfig`, {
    ...node,
    script: "read-kubeconfig.sh",
    after: [control],
    parent: node.args.parent,
    secret: true,
  });
  return pulumi.secret(read.stdout);
}
