import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { NodeSoftware } from "../../workspace/toolchain.ts";
import type { PodNetwork } from "../network/podNetworkConfig.ts";
import { selectControlPlanes } from "../inventory.ts";
import { auditPolicyText } from "./apiServerConfig.ts";
import { buildControlAccess } from "./hostOwnership.ts";
import { deleteUsedToken } from "./joinTokens.ts";
import type { Endpoint, HostKind } from "./kubeadmConfig.ts";
import {
  formatEndpoint,
  patientTimeouts,
  renderKubeadmConfig,
  staticPodProbes,
  toleratedPreflightErrors,
} from "./kubeadmConfig.ts";
import { renderKubeVipManifest } from "./kubeVip.ts";
import type { Host, HostAccess } from "./remoteHost.ts";
import { buildHostCommand, runFromOperator, runOnHost } from "./remoteHost.ts";

/** An endpoint with what leads its address to a control plane that answers. */
export interface HeldEndpoint extends Endpoint {
  readonly heldBy: "kube-vip" | "load-balancer";
}

interface ControlPlaneNode extends HostAccess {
  readonly name: string;
  readonly machineId: pulumi.Output<string>;
  readonly args: {
    readonly hosts: readonly Host[];
    readonly hostKind: HostKind;
    readonly endpoint?: HeldEndpoint | undefined;
    readonly software: NodeSoftware;
    readonly podNetwork: PodNetwork;
    readonly parent: pulumi.Resource;
  };
}

interface ControlPlane {
  readonly kubeconfig: pulumi.Output<string>;
  /** The resource that exists once other nodes may join. */
  readonly control: pulumi.Resource;
}

/** Makes a host the first control plane and reads the administrator's kubeconfig before anything else. */
export function startControlPlane(
  node: ControlPlaneNode,
  { after }: { readonly after: readonly pulumi.Resource[] },
): ControlPlane {
  const { name, args } = node;
  const initialized = initControlPlane(node, after);
  const dependent = { ...node, parent: args.parent, after: [initialized, ...holdEndpoint(node, initialized)] };
  return {
    kubeconfig: fetchKubeconfig(name, { ...dependent, after: [initialized] }),
    // A script of its own, so that its failure does not hide that kubeadm succeeded.
    control: runOnHost(`${name}-proxy-rights`, { ...dependent, script: "grant-proxy-rights.sh" }),
  };
}

/** The address that the machines themselves hold; empty if a load balancer has it, or if there is none. */
function selectHeldAddress(endpoint: HeldEndpoint | undefined): string {
  return endpoint?.heldBy === "kube-vip" ? endpoint.address : "";
}

/**
 * Runs kubeadm on the first node. The resource's output is the administrator's kubeconfig, from which the command line
 * recovers it if another resource fails before it was read (cli/cluster/recordedKubeconfig.ts).
 */
function initControlPlane(node: ControlPlaneNode, after: readonly pulumi.Resource[]): pulumi.Resource {
  const { name, host } = node;
  const { hostKind, endpoint, software, podNetwork, parent } = node.args;
  const { kubernetesVersion, etcdVersion, corednsVersion } = software;
  const versions = { kubernetesVersion, etcdVersion, corednsVersion };
  const config = pulumi
    .output(host.address)
    .apply((address) =>
      renderKubeadmConfig({ hostKind, endpoint, nodeName: host.name, address, podNetwork, ...versions }),
    );
  return runOnHost(`${name}-init`, {
    ...node,
    after,
    parent,
    script: "init-control-plane.sh",
    input: {
      KUBEADM_CONFIG: config,
      AUDIT_POLICY: auditPolicyText,
      PROBES: staticPodProbes[hostKind],
      TOLERATED: toleratedPreflightErrors[hostKind],
      ...(endpoint !== undefined && {
        ADDRESS: host.address,
        ENDPOINT: formatEndpoint(endpoint),
        HELD_ADDRESS: selectHeldAddress(endpoint),
      }),
    },
    secret: true,
    logging: local.Logging.Stderr,
  });
}

/** Reads the kubeconfig by a script that never changes, so that a repeated init leaves the providers unchanged. */
function fetchKubeconfig(name: string, args: Omit<Parameters<typeof runOnHost>[1], "script">): pulumi.Output<string> {
  const read = runOnHost(`${name}-kubeconfig`, { ...args, script: "read-kubeconfig.sh", secret: true });
  return pulumi.secret(read.stdout);
}

/** A line `NAME ADDRESS` for each control plane. */
function renderControlPlanes({ hosts }: ControlPlaneNode["args"]): pulumi.Output<string> {
  const lines = selectControlPlanes(hosts).map(({ name, address }) => pulumi.interpolate`${name} ${address}`);
  return pulumi.all(lines).apply((planes) => planes.join("\n"));
}

/** Lets a control plane take the endpoint's address, and waits until the API answers there. */
function holdEndpoint(node: ControlPlaneNode, after: pulumi.Resource): pulumi.Resource[] {
  const { endpoint, software, parent } = node.args;
  if (endpoint === undefined) return [];
  const address = selectHeldAddress(endpoint);
  const input = {
    ADDRESS: node.host.address,
    ENDPOINT: formatEndpoint(endpoint),
    HELD_ADDRESS: address,
    MANIFEST: address === "" ? "" : renderKubeVipManifest({ image: software.endpointImage, address }),
    CONTROL_PLANES: renderControlPlanes(node.args),
  };
  return [runOnHost(`${node.name}-endpoint`, { ...node, script: "hold-endpoint.sh", input, after: [after], parent })];
}

interface JoinDependencies {
  /** A control plane that is up. */
  readonly control: ControlPlaneNode;
  readonly after: readonly pulumi.Resource[];
}

/** Makes a prepared node another control plane; returns the resource that exists once it is one. */
export function joinControlPlane(node: ControlPlaneNode, { control, after }: JoinDependencies): pulumi.Resource {
  const { name, host, args } = node;
  const { parent } = args;
  const admission = runOnHost(`${name}-admission`, {
    ...control,
    script: "admit-control-plane.sh",
    input: {
      NODE_NAME: host.name,
      ADDRESS: host.address,
      MACHINE_ID: node.machineId,
      CONTROL_PLANES: renderControlPlanes(args),
    },
    after,
    triggers: [host.hostKey],
    parent,
    secret: true,
    logging: local.Logging.Stderr,
  });
  const joined = joinWithKeys(node, { control, join: admission });
  deleteUsedToken(name, { control, join: admission.stdout, joined, parent });
  return holdEndpoint(node, joined)[0] ?? joined;
}

interface JoinArgs {
  readonly control: ControlPlaneNode;
  /** Prints the command with the token. */
  readonly join: local.Command;
}

/**
 * Joins with the keys that all control planes share, which pass through the operator's machine: those of the
 * certificate authorities, of service accounts, and of the Secrets in etcd. Neither Pulumi's state nor the cluster
 * holds them. They are sent with every attempt, so that a machine whose attempt has failed keeps none.
 */
function joinWithKeys(node: ControlPlaneNode, { control, join }: JoinArgs): pulumi.Resource {
  const { name, host, args } = node;
  const receive = buildHostCommand("join-control-plane.sh", node, {
    JOIN: join.stdout,
    NODE_NAME: host.name,
    ADDRESS: host.address,
    PROBES: staticPodProbes[args.hostKind],
    TOLERATED: toleratedPreflightErrors[args.hostKind],
    TIMEOUTS: JSON.stringify(patientTimeouts),
  });
  return runFromOperator(`${name}-join`, {
    ...node,
    create: "copy-between-hosts.sh",
    input: {
      ...buildControlAccess(control),
      READ: buildHostCommand("read-cluster-keys.sh", control),
      RECEIVE: receive,
    },
    after: [join],
    parent: args.parent,
    secret: true,
  });
}
