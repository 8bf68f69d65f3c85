import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Host } from "./remoteHost.ts";
import type { NodeSoftware } from "../../workspace/toolchain.ts";
import type { GpuModel } from "../../jobs/hardware/gpuCatalog.ts";
import { gpus } from "../../jobs/hardware/gpuCatalog.ts";
import { renderKubeadmConfig, formatPodRange, toleratedPreflightErrors } from "./kubeadmConfig.ts";
import type { HostAccess } from "./remoteHost.ts";
import { runOnHost, sendToHost } from "./remoteHost.ts";

export interface KubeadmClusterArgs {
  readonly hosts: readonly Host[];
  readonly privateKey: pulumi.Output<string>;
  readonly software: NodeSoftware;
  /** The OCI layout (a directory) with the images of the work; absent where nodes fetch them from a registry. */
  readonly workImages?: string;
  /** Devices that the nodes only say they have; absent where AMD's device plugin tells the truth. */
  readonly emulated?: { gpu: GpuModel; devicesPerNode: number };
}

/** A Kubernetes cluster that kubeadm makes of hosts reached by SSH; the first host is its control plane. */
export class KubeadmCluster extends pulumi.ComponentResource {
  readonly kubeconfig: pulumi.Output<string>;
  /** Resolved when the nodes have joined and tell of their devices. The images of the work may still be on their way. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: KubeadmClusterArgs, options?: pulumi.ComponentResourceOptions) {
    super("mixcpt:infra:Cluster", name, {}, options);
    const nodes = args.hosts.map((host) => prepareNode({ ...args, name, host, parent: this }));
    const [first, ...others] = nodes;
    if (first === undefined) throw new Error("a cluster needs at least one host");
    const control = initControlPlane(first, args.software);
    const joined = others.map((node) => joinNode(node, { control: first, after: [control] }));
    // the images of the work are large: they come when the cluster stands, beside its controllers
    const { workImages: layout } = args;
    if (layout !== undefined)
      for (const node of nodes) sendImages(node, { imageSet: "work", layout, after: [control, ...joined] });
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
  /** The node runs containerd and holds the cluster's images. */
  readonly prepared: pulumi.Resource[];
}

const nodeFiles = resolve(import.meta.dirname, "files");
// in ctr itself: the daemon's own way takes twice the processor time; unpacked layers are not kept a second time
const importImagesCommand =
  "ctr --namespace k8s.io images import --local --discard-unpacked-layers --digests=false - >/dev/null";

function prepareNode(args: KubeadmNodeArgs): KubeadmNode {
  const { host, hosts, privateKey, software, parent } = args;
  const name = `${args.name}-${host.id}`;
  const access = { host, privateKey, parent };
  const laid = sendToHost(`${name}-software`, {
    ...access,
    trees: [software.nodeSoftware, nodeFiles],
    receive: "tar -x -C /",
  });
  const others = hosts.filter((other) => other !== host);
  const routes = pulumi.all(
    others.map(({ number, address }) => pulumi.interpolate`${formatPodRange(number)} via ${address}`),
  );
  const input = {
    NODE_NAME: host.name,
    POD_RANGE: formatPodRange(host.number),
    ROUTES: routes.apply((lines) => lines.join("\n")),
  };
  const running = runOnHost(`${name}-prepare`, {
    ...access,
    script: "prepare-node.sh",
    undo: "reset-node.sh",
    input,
    after: [laid],
  });
  const node = { name, args, host, privateKey };
  return {
    ...node,
    prepared: [running, sendImages(node, { imageSet: "cluster", layout: software.clusterImages, after: [running] })],
  };
}

interface ImageTransfer {
  readonly imageSet: "cluster" | "work";
  /** Directory of an OCI layout. */
  readonly layout: string;
  readonly after: pulumi.Resource[];
}

function sendImages(
  { name, args: { parent }, ...access }: Omit<KubeadmNode, "prepared">,
  { imageSet: which, layout, after }: ImageTransfer,
): pulumi.Resource {
  return sendToHost(`${name}-${which}-images`, {
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

/** What the control plane does for another node, and after what. */
interface NodeDependencies {
  readonly control: KubeadmNode;
  readonly after: pulumi.Resource[];
}

/** The control plane makes the node a token of its own when it is ready to join, and a new one when the machine was installed anew. */
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
