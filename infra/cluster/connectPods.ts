import type * as pulumi from "@pulumi/pulumi";
import type { PodNetwork } from "../network/podNetworkConfig.ts";
import { formatPodNetwork, formatPodRange } from "../network/podNetworkConfig.ts";
import { publishRoutes, pushRoutes, renderRouteTable } from "./nodeRoutes.ts";
import type { Host, HostAccess } from "./remoteHost.ts";
import { sendToHost } from "./remoteHost.ts";

/** The variables of scripts that tell a node about the network: of the cluster, and its own part. */
export interface PodNetworkInput {
  readonly POD_NETWORK: string;
  readonly POD_RANGE: string;
}

/** Cilium gives each node its part of the range. */
export function buildPodNetworkInput(podNetwork: PodNetwork, host: Host): PodNetworkInput {
  const { kind, pods } = podNetwork;
  return {
    POD_NETWORK: formatPodNetwork(podNetwork),
    POD_RANGE: kind === "routes" ? formatPodRange(host.number, pods) : pods,
  };
}

interface ConnectedNode extends HostAccess {
  readonly name: string;
  readonly prepared: readonly pulumi.Resource[];
}

interface ConnectionArgs {
  readonly podNetwork: PodNetwork;
  /** The directory with Cilium's manifests; undefined if pods are connected by routes. */
  readonly ciliumManifests: string | undefined;
  readonly control: ConnectedNode;
  readonly after: readonly pulumi.Resource[];
  readonly parent: pulumi.Resource;
}

/** Connects the pods of all nodes, and returns the resources that exist once those of running nodes are connected. */
export function connectPods(name: string, nodes: readonly ConnectedNode[], args: ConnectionArgs): pulumi.Resource[] {
  const { podNetwork, ciliumManifests, control, after, parent } = args;
  if (ciliumManifests !== undefined) {
    const receive = { script: "install-pod-network.sh" };
    return [sendToHost(`${name}-pod-network`, { ...control, trees: [ciliumManifests], receive, after, parent })];
  }
  const hosts = nodes.map(({ host }) => host);
  const table = renderRouteTable(hosts, podNetwork.pods);
  const published = publishRoutes(name, { ...control, table, after, parent });
  return nodes.map((node) => pushRoutes(node.name, { ...node, table, after: [...node.prepared, published], parent }));
}
