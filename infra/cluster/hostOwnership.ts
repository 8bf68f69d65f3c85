import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { checkoutDirectory } from "../../workspace/environment.ts";
import type { PodNetwork, PodNetworkKind } from "../network/podNetworkConfig.ts";
import { buildPodNetworkInput } from "./connectPods.ts";
import { readScript } from "./hostScripts.ts";
import type { HostKind } from "./kubeadmConfig.ts";
import type { Host, HostAccess } from "./remoteHost.ts";
import { buildHostCommand, formatHostLabel, runFromOperator, runOnHost } from "./remoteHost.ts";

/**
 * Records an id that is unique to this Pulumi state and never changes. Returns `CLUSTER ID ORIGIN`, by which hosts, and
 * nodes with emulated devices, recognize their owner: another checkout with stacks and machines of the same names has
 * another id.
 */
export function recordOwner(
  name: string,
  cluster: string,
  options: pulumi.CustomResourceOptions = {},
): pulumi.Output<string> {
  const owner = new local.Command(
    `${name}-owner`,
    {
      interpreter: ["/bin/bash", "-c"],
      create: readScript("record-owner.sh"),
      update: `echo "\${PULUMI_COMMAND_STDOUT:?}"`,
      environment: { CHECKOUT: checkoutDirectory },
      logging: local.Logging.None,
    },
    { ...options, ignoreChanges: ["interpreter", "create", "update", "environment"] },
  );
  return pulumi.interpolate`${cluster} ${owner.stdout}`;
}

export type NodeRole = "controlPlane" | "worker";

/** Of kubelet (its own health, its API) and kube-proxy (metrics, health). */
const nodePorts = "10248 10249 10250 10256";

/** Of API server, etcd (clients, members, metrics), controller manager and scheduler. */
const controlPlanePorts = "6443 2379 2380 2381 10257 10259";

/** Of Cilium's agent (health of nodes, its own, gops), VXLAN, and of the operator, which may run on any node. */
const ciliumPorts = "4240 9879 9890 8472/udp 9234 9891 9963";

/** Lists the ports that a node listens on: TCP unless they say otherwise. */
function listPorts(role: NodeRole, podNetwork: PodNetworkKind): string {
  return [
    nodePorts,
    ...(role === "controlPlane" ? [controlPlanePorts] : []),
    ...(podNetwork === "cilium" ? [ciliumPorts] : []),
  ].join(" ");
}

/** The modules of the kernel that kubelet, kube-proxy, containerd and the network of pods use. */
const kernelModules = "overlay br_netfilter nf_conntrack vxlan";

/**
 * Patterns of the versions of AMD's driver: of ROCm 6.4 (6.12) to 7.2 (30.30), the version in the images. AMD tests its
 * newest driver with ROCm back to 6.3; that older drivers serve ROCm 7.2 as far is our assumption.
 */
const amdgpuDrivers = "6.12.* 6.14.* 6.16.* 30.*";

interface InspectionArgs extends HostAccess {
  readonly role: NodeRole;
  readonly hostKind: HostKind;
  readonly podNetwork: PodNetwork;
  /** The folder that all nodes share; absent if a storage class provides it. */
  readonly storePath: string | undefined;
  readonly parent: pulumi.Resource;
}

/**
 * Reports all that prevents a host from becoming a node, without changing it, and prints `MACHINE_ID HOSTNAME`.
 * Everything that changes any host depends on the inspections of all.
 */
export function inspectHost(
  name: string,
  { role, hostKind, podNetwork, storePath, ...args }: InspectionArgs,
): local.Command {
  const { host } = args;
  const input = {
    HOST_KIND: hostKind,
    NODE_NAME: host.name,
    ADDRESS: host.address,
    ...buildPodNetworkInput(podNetwork, host),
    PORTS: listPorts(role, podNetwork.kind),
    MODULES: kernelModules,
    DRIVERS: hostKind === "local" ? "" : amdgpuDrivers,
    STORE: storePath ?? "",
  };
  return runOnHost(`${name}-inspection`, {
    ...args,
    script: "inspect-host.sh",
    operatorScript: "inspect-from-operator.sh",
    input,
    // At most a minute and a half of silence: enough for a local host that has just started.
    attempts: 16,
  });
}

interface IdentityArgs {
  readonly inspected: readonly { readonly host: Host; readonly inspection: local.Command }[];
  readonly parent: pulumi.Resource;
}

/** Fails if two of the inspected hosts are one machine. */
export function compareIdentities(name: string, { inspected, parent }: IdentityArgs): pulumi.Resource {
  const lines = inspected.map(
    ({ host, inspection }) => pulumi.interpolate`${host.name} ${host.address} ${inspection.stdout}`,
  );
  return new local.Command(
    `${name}-identities`,
    {
      interpreter: ["/bin/bash", "-c"],
      create: readScript("check-identities.sh"),
      environment: { IDENTITIES: pulumi.all(lines).apply((texts) => texts.join("\n")) },
      logging: local.Logging.Stderr,
    },
    { parent, dependsOn: inspected.map(({ inspection }) => inspection) },
  );
}

/** The script that releases a host, which its owner leaves on it for the case that the Pulumi state is lost. */
export function buildReleaseScript(access: HostAccess): pulumi.Output<string> {
  return buildHostCommand("reset-node.sh", access);
}

interface ClaimArgs extends HostAccess {
  /** The control plane that drains and deletes the node; absent for the only one. */
  readonly control?: HostAccess;
  /** True for one of several control planes. */
  readonly hasPeers: boolean;
  readonly after: readonly pulumi.Resource[];
  readonly parent: pulumi.Resource;
}

/** The time that the pods of a node get to end when it is removed. */
const secondsToDrain = "600";

/**
 * Makes this Pulumi state the owner of a host. Deleting the resource removes the host from the cluster: its node is
 * drained, Kubernetes is ended on it, and the node is deleted. `scripts/release-host.sh` has the rules for hosts that
 * do not answer.
 */
export function claimHost(name: string, { control, hasPeers, after, parent, ...access }: ClaimArgs): pulumi.Resource {
  const input = {
    NODE_NAME: access.host.name,
    RESET: buildReleaseScript(access),
    ...(hasPeers && { ROLE: "control-plane" }),
    ...(control !== undefined && buildControlInput(control, access.host.name)),
  };
  return runFromOperator(`${name}-claim`, {
    ...access,
    create: "run-on-host.sh",
    undo: "release-host.sh",
    input,
    stdin: buildHostCommand("claim-host.sh", access, { RELEASE: buildReleaseScript(access) }),
    after,
    parent,
  });
}

/** The variables by which a script of the operator's machine logs in to a control plane, too. */
export function buildControlAccess({ host }: HostAccess) {
  return {
    CONTROL_HOST: formatHostLabel(host),
    CONTROL_ADDRESS: host.address,
    CONTROL_PORT: String(host.port),
    CONTROL_USER: host.user,
    CONTROL_HOST_KEY: host.hostKey,
  };
}

function buildControlInput(control: HostAccess, nodeName: string) {
  return {
    ...buildControlAccess(control),
    DRAIN: buildHostCommand("drain-node.sh", control, { NODE_NAME: nodeName, SECONDS_TO_DRAIN: secondsToDrain }),
    DELETE: buildHostCommand("delete-node.sh", control, { NODE_NAME: nodeName }),
  };
}
