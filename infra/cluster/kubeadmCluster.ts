import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterHardware } from "../../jobs/kube/clusterOutputs.ts";
import { listDeviceIds } from "../../jobs/kube/clusterOutputs.ts";
import type { NodeSoftware } from "../../workspace/toolchain.ts";
import { selectControlPlanes } from "../inventory.ts";
import type { PodNetwork } from "../network/podNetworkConfig.ts";
import { claimHosts } from "./claims.ts";
import { buildPodNetworkInput, connectPods } from "./connectPods.ts";
import { joinControlPlane, startControlPlane } from "./controlPlane.ts";
import type { HeldEndpoint } from "./controlPlane.ts";
import type { NodeRole } from "./hostOwnership.ts";
import { buildReleaseScript, compareIdentities, inspectHost, recordOwner } from "./hostOwnership.ts";
import { deleteUsedToken } from "./joinTokens.ts";
import type { HostKind } from "./kubeadmConfig.ts";
import { patientTimeouts, toleratedPreflightErrors } from "./kubeadmConfig.ts";
import { setNodeLabels } from "./nodeLabels.ts";
import { selectNodeTrees } from "./nodeTrees.ts";
import type { Host, HostAccess, SshLogin } from "./remoteHost.ts";
import { runOnHost, sendToHost } from "./remoteHost.ts";

interface KubeadmClusterArgs extends SshLogin {
  /** The identifier of the cluster, for people who find it on a host. */
  readonly cluster: string;
  readonly hostKind: HostKind;
  readonly hosts: readonly Host[];
  /** Absent if the only control plane is reached by its own address. */
  readonly endpoint?: HeldEndpoint | undefined;
  readonly software: NodeSoftware;
  readonly podNetwork: PodNetwork;
  /** The folder of the store on every node; absent if a storage class provides it, or cluster up makes it. */
  readonly storePath?: string | undefined;
  /** The directory with Cilium's manifests; absent if pods are connected by routes. */
  readonly ciliumManifests?: string;
  /** The OCI layout (a directory) with kube-vip; absent unless it holds the endpoint. */
  readonly endpointImages?: string;
  /** The OCI layout (a directory) with Cilium's images; absent if nodes fetch them from a registry. */
  readonly ciliumImages?: string;
  /** The OCI layout (a directory) with the images of the work; absent if nodes fetch them from a registry. */
  readonly workImages?: string;
  /** Devices that the nodes only claim to have; absent if AMD's device plugin reports the real ones. */
  readonly emulated?: Pick<ClusterHardware, "gpu" | "devicesPerNode" | "deviceId">;
}

/** A Kubernetes cluster that kubeadm builds from hosts reached by SSH. */
export class KubeadmCluster extends pulumi.ComponentResource {
  readonly kubeconfig: pulumi.Output<string>;
  /** Resources that exist once the nodes have joined and report their devices; images of the work may come later. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: KubeadmClusterArgs, options?: pulumi.ComponentResourceOptions) {
    super("mixcpt:infra:Cluster", name, {}, options);
    const nodes = prepareNodes(name, args, this);
    const [first, ...otherPlanes] = selectControlPlanes(args.hosts).flatMap((host) => findNode(nodes, host));
    if (first === undefined) throw new Error("a cluster needs at least one host");
    const { kubeconfig, control } = startControlPlane(first, { after: first.prepared });
    this.kubeconfig = kubeconfig;
    const planes = joinControlPlanes(otherPlanes, { control: first, after: [control] });
    const workers = nodes.filter((node) => node !== first && !otherPlanes.includes(node));
    const joined = workers.map((node) => joinNode(node, { control: first, after: [control, ...planes] }));
    const others = [...planes, ...joined];
    // The images of the work are large: they are sent after the cluster is up, while its controllers are installed.
    const { workImages } = args;
    if (workImages !== undefined)
      for (const node of nodes) sendImages(node, { imageSet: "work", layout: workImages, after: [control, ...others] });
    const emulated = nodes.flatMap((node) => emulateDevices(node, { control: first, after: [control, ...others] }));
    const labels = nodes.flatMap(({ name: node, host }) =>
      setNodeLabels(node, { host, control: first, after: [control, ...others], parent: this }),
    );
    const connected = connectPods(name, nodes, {
      podNetwork: args.podNetwork,
      ciliumManifests: args.ciliumManifests,
      control: first,
      after: [control],
      parent: this,
    });
    this.ready = [control, ...others, ...emulated, ...labels, ...connected];
    this.registerOutputs({ kubeconfig: this.kubeconfig });
  }
}

function findNode(nodes: readonly KubeadmNode[], host: Host): KubeadmNode[] {
  return nodes.filter((node) => node.host === host);
}

/** One after another: etcd takes one new member at a time. */
function joinControlPlanes(nodes: readonly KubeadmNode[], { control, after }: NodeDependencies): pulumi.Resource[] {
  const joined: pulumi.Resource[] = [];
  for (const node of nodes) {
    const dependencies = [...after, ...joined, ...node.prepared];
    joined.push(joinControlPlane(node, { control, after: dependencies }));
  }
  return joined;
}

interface KubeadmNodeArgs extends KubeadmClusterArgs {
  readonly parent: pulumi.Resource;
}

interface PreparedHost extends HostAccess {
  readonly name: string;
  readonly role: NodeRole;
  readonly args: KubeadmNodeArgs;
  readonly claim: pulumi.Resource;
}

interface KubeadmNode extends PreparedHost {
  /** The id of the installed system; another one after it was installed again. */
  readonly machineId: pulumi.Output<string>;
  /** Resources that exist once the node runs containerd and holds the cluster's images. */
  readonly prepared: pulumi.Resource[];
}

/** Inspects all hosts before it changes the first one. */
function prepareNodes(name: string, args: KubeadmClusterArgs, parent: pulumi.Resource): KubeadmNode[] {
  const { hosts, hostKind, podNetwork, storePath, privateKey, bastion } = args;
  const planes = selectControlPlanes(hosts);
  const owner = recordOwner(name, args.cluster, { parent });
  const accesses = hosts.map((host) => ({
    host,
    privateKey,
    bastion,
    owner,
    name: `${name}-${host.id}`,
    role: planes.includes(host) ? ("controlPlane" as const) : ("worker" as const),
  }));
  const inspected = accesses.map((access) => ({
    host: access.host,
    inspection: inspectHost(access.name, { ...access, hostKind, storePath, podNetwork, parent }),
  }));
  const inspections = [
    ...inspected.map(({ inspection }) => inspection),
    compareIdentities(name, { inspected, parent }),
  ];
  const claims = claimHosts(accesses, { after: inspections, parent });
  return claims.map((claimed) => prepareNode({ ...claimed, args: { ...args, parent } }));
}

function prepareNode(node: PreparedHost): KubeadmNode {
  const { name, host, claim } = node;
  const { software, parent, podNetwork, storePath = "" } = node.args;
  const installed = sendToHost(`${name}-software`, {
    ...node,
    trees: selectNodeTrees(software.nodeTrees, { role: node.role, podNetwork }),
    receive: { script: "lay-files.sh", input: { RELEASE: buildReleaseScript(node) } },
    check: "check-laid-files.sh",
    after: [claim],
    parent,
  });
  const preparation = runOnHost(`${name}-prepare`, {
    ...node,
    script: "prepare-node.sh",
    input: { NODE_NAME: host.name, STORE: storePath, ...buildPodNetworkInput(podNetwork, host) },
    after: [installed],
    parent,
  });
  const images = listImageSets(node).map((set) => sendImages(node, { ...set, after: [preparation] }));
  return { ...node, machineId: preparation.stdout, prepared: [preparation, ...images] };
}

/** Lists the images that a node needs before it joins. */
function listImageSets({ role, args }: PreparedHost): Omit<ImageTransfer, "after">[] {
  const { software, endpointImages, ciliumImages } = args;
  const sets: Omit<ImageTransfer, "after">[] = [{ imageSet: "cluster", layout: software.clusterImages }];
  if (role === "controlPlane") sets.push({ imageSet: "control-plane", layout: software.controlPlaneImages });
  if (role === "controlPlane" && endpointImages !== undefined)
    sets.push({ imageSet: "endpoint", layout: endpointImages });
  if (ciliumImages !== undefined) sets.push({ imageSet: "cilium", layout: ciliumImages });
  return sets;
}

interface ImageTransfer {
  readonly imageSet: "cluster" | "control-plane" | "cilium" | "endpoint" | "work";
  /** Directory of an OCI layout. */
  readonly layout: string;
  readonly after: pulumi.Resource[];
}

function sendImages(node: PreparedHost, { imageSet, layout, after }: ImageTransfer): pulumi.Resource {
  return sendToHost(`${node.name}-${imageSet}-images`, {
    ...node,
    trees: [layout],
    receive: { script: "import-images.sh" },
    check: "check-images.sh",
    after,
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
    args: { parent, hostKind },
  } = node;
  const admission = runOnHost(`${name}-admission`, {
    ...control,
    script: "admit-node.sh",
    input: { NODE_NAME: host.name, ADDRESS: host.address, MACHINE_ID: node.machineId },
    after: [...after, ...node.prepared],
    triggers: [host.hostKey],
    parent,
    secret: true,
    logging: local.Logging.Stderr,
  });
  const input = {
    JOIN: admission.stdout,
    NODE_NAME: host.name,
    ADDRESS: host.address,
    TOLERATED: toleratedPreflightErrors[hostKind],
    TIMEOUTS: JSON.stringify(patientTimeouts),
  };
  const script = "join-node.sh";
  const joined = runOnHost(`${name}-join`, { ...node, script, input, after: [admission], parent, secret: true });
  deleteUsedToken(name, { control, join: admission.stdout, joined, parent });
  return joined;
}

function emulateDevices(node: KubeadmNode, { control, after }: NodeDependencies): pulumi.Resource[] {
  const { emulated, parent } = node.args;
  if (emulated === undefined) return [];
  const input = {
    NODE_NAME: node.host.name,
    DEVICES: String(emulated.devicesPerNode),
    DEVICE_ID: listDeviceIds(emulated)[0],
  };
  return [runOnHost(`${node.name}-emulated-gpus`, { ...control, script: "emulate-gpus.sh", input, after, parent })];
}
