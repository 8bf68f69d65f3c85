import { resolve } from "node:path";
import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterHardware } from "../../jobs/kube/clusterOutputs.ts";
import { listDeviceIds } from "../../jobs/kube/clusterOutputs.ts";
import type { NodeSoftware } from "../../workspace/toolchain.ts";
import { startControlPlane } from "./controlPlane.ts";
import type { NodeRole } from "./hostOwnership.ts";
import { buildReleaseScript, claimHost, compareIdentities, inspectHost, recordOwner } from "./hostOwnership.ts";
import type { HostKind } from "./kubeadmConfig.ts";
import { formatPodRange, toleratedPreflightErrors } from "./kubeadmConfig.ts";
import { setNodeLabels } from "./nodeLabels.ts";
import { publishRoutes, pushRoutes, renderRouteTable } from "./nodeRoutes.ts";
import type { Host, HostAccess, SshLogin } from "./remoteHost.ts";
import { runOnHost, sendToHost } from "./remoteHost.ts";

interface KubeadmClusterArgs extends SshLogin {
  /** The identifier of the cluster, for people who find it on a host. */
  readonly cluster: string;
  readonly hostKind: HostKind;
  readonly hosts: readonly Host[];
  readonly software: NodeSoftware;
  /** The OCI layout (a directory) with the images of the work; absent if nodes fetch them from a registry. */
  readonly workImages?: string;
  /** Devices that the nodes only claim to have; absent if AMD's device plugin reports the real ones. */
  readonly emulated?: Pick<ClusterHardware, "gpu" | "devicesPerNode" | "deviceId">;
}

/** A Kubernetes cluster that kubeadm builds from hosts reached by SSH; the first host is the control plane. */
export class KubeadmCluster extends pulumi.ComponentResource {
  readonly kubeconfig: pulumi.Output<string>;
  /** Resources that exist once the nodes have joined and report their devices; images of the work may come later. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: KubeadmClusterArgs, options?: pulumi.ComponentResourceOptions) {
    super("mixcpt:infra:Cluster", name, {}, options);
    const nodes = prepareNodes(name, args, this);
    const [first, ...others] = nodes;
    if (first === undefined) throw new Error("a cluster needs at least one host");
    const { kubeconfig, control } = startControlPlane(first.name, {
      ...first,
      hostKind: args.hostKind,
      software: args.software,
      after: first.prepared,
      parent: this,
    });
    this.kubeconfig = kubeconfig;
    const joined = others.map((node) => joinNode(node, { control: first, after: [control] }));
    // The images of the work are large: they are sent after the cluster is up, while its controllers are installed.
    const { workImages } = args;
    if (workImages !== undefined)
      for (const node of nodes) sendImages(node, { imageSet: "work", layout: workImages, after: [control, ...joined] });
    const emulated = nodes.flatMap((node) => emulateDevices(node, { control: first, after: [control, ...joined] }));
    const labels = nodes.flatMap(({ name: node, host }) =>
      setNodeLabels(node, { host, control: first, after: [control, ...joined], parent: this }),
    );
    const routes = connectPods(name, nodes, { control: first, after: [control] });
    this.ready = [control, ...joined, ...emulated, ...labels, ...routes];
    this.registerOutputs({ kubeconfig: this.kubeconfig });
  }
}

interface KubeadmNodeArgs extends KubeadmClusterArgs {
  readonly parent: pulumi.Resource;
}

interface ClaimedHost extends HostAccess {
  readonly name: string;
  readonly args: KubeadmNodeArgs;
  readonly claim: pulumi.Resource;
}

interface KubeadmNode extends ClaimedHost {
  /** The id of the installed system; another one after it was installed again. */
  readonly machineId: pulumi.Output<string>;
  /** Resources that exist once the node runs containerd and holds the cluster's images. */
  readonly prepared: pulumi.Resource[];
}

/** Inspects all hosts before it changes the first one. */
function prepareNodes(name: string, args: KubeadmClusterArgs, parent: pulumi.Resource): KubeadmNode[] {
  const { hosts, privateKey, bastion } = args;
  const owner = recordOwner(name, args.cluster, { parent });
  const accesses = hosts.map((host) => ({ host, privateKey, bastion, owner, name: `${name}-${host.id}` }));
  const inspected = accesses.map((access, index) => ({
    host: access.host,
    inspection: inspectHost(access.name, { ...access, role: selectRole(index), hostKind: args.hostKind, parent }),
  }));
  const inspections = [
    ...inspected.map(({ inspection }) => inspection),
    compareIdentities(name, { inspected, parent }),
  ];
  return claimHosts(accesses, inspections, { ...args, parent }).map(prepareNode);
}

function selectRole(index: number): NodeRole {
  return index === 0 ? "controlPlane" : "worker";
}

/**
 * Claims every host. The claims of the others depend on that of the control plane, which therefore remains until it has
 * drained and deleted them.
 */
function claimHosts(
  accesses: readonly (HostAccess & { readonly name: string })[],
  inspections: readonly pulumi.Resource[],
  args: KubeadmNodeArgs,
): ClaimedHost[] {
  const { parent } = args;
  const [first, ...others] = accesses;
  if (first === undefined) return [];
  const claimed = { ...first, args, claim: claimHost(first.name, { ...first, after: inspections, parent }) };
  const after = [...inspections, claimed.claim];
  return [
    claimed,
    ...others.map((access) => ({
      ...access,
      args,
      claim: claimHost(access.name, { ...access, control: first, after, parent }),
    })),
  ];
}

const nodeFiles = resolve(import.meta.dirname, "files");

function prepareNode(node: ClaimedHost): KubeadmNode {
  const { name, host, claim } = node;
  const { software, parent } = node.args;
  const installed = sendToHost(`${name}-software`, {
    ...node,
    trees: [software.nodeSoftware, nodeFiles],
    receive: { script: "lay-files.sh", input: { RELEASE: buildReleaseScript(node) } },
    after: [claim],
    parent,
  });
  const preparation = runOnHost(`${name}-prepare`, {
    ...node,
    script: "prepare-node.sh",
    input: { NODE_NAME: host.name, POD_RANGE: formatPodRange(host.number) },
    after: [installed],
    parent,
  });
  const images = sendImages(node, { imageSet: "cluster", layout: software.clusterImages, after: [preparation] });
  return { ...node, machineId: preparation.stdout, prepared: [preparation, images] };
}

interface ImageTransfer {
  readonly imageSet: "cluster" | "work";
  /** Directory of an OCI layout. */
  readonly layout: string;
  readonly after: pulumi.Resource[];
}

function sendImages(node: ClaimedHost, { imageSet, layout, after }: ImageTransfer): pulumi.Resource {
  return sendToHost(`${node.name}-${imageSet}-images`, {
    ...node,
    trees: [layout],
    receive: { script: "import-images.sh" },
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

/** Publishes the routes between the pods of different nodes and sets them on every node that answers. */
function connectPods(name: string, nodes: readonly KubeadmNode[], { control, after }: NodeDependencies) {
  const table = renderRouteTable(nodes.map(({ host }) => host));
  const { parent } = control.args;
  const published = publishRoutes(name, { ...control, table, after, parent });
  return nodes.map((node) => pushRoutes(node.name, { ...node, table, after: [...node.prepared, published], parent }));
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
