import { z } from "zod";
import { parse } from "yaml";
import type { ApiConnection } from "../../../plugins/kubernetes/apiConnection.ts";
import { readPatiently } from "../../kubernetes/probeApiServer.ts";
import type { LinePrinter } from "../../terminal/printLine.ts";

/** A node with the version of its kubelet. */
export interface NodeVersion {
  readonly name: string;
  readonly kubelet: string;
  readonly isReady: boolean;
  /** True from the time when an upgrade closes the node until it opens the node again. */
  readonly isClosed: boolean;
}

/** On nodes that an upgrade closed, not an administrator. */
export const closedAnnotation = "mixcpt.io/upgrade";

/** The versions of everything that an upgrade changes, as the cluster says. */
export interface ClusterVersions {
  readonly nodes: readonly NodeVersion[];
  /** The version of the API server of each control plane, by the name of its node. */
  readonly apiServers: ReadonlyMap<string, string>;
  /** The version that kubeadm recorded when the last upgrade of the control plane ended. */
  readonly recorded: string;
}

const nodesSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), annotations: z.record(z.string(), z.string()).default({}) }),
      spec: z.object({ unschedulable: z.boolean().default(false) }).default({ unschedulable: false }),
      status: z.object({
        nodeInfo: z.object({ kubeletVersion: z.string() }),
        conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
      }),
    }),
  ),
});

const podsSchema = z.object({
  items: z.array(
    z.object({
      spec: z.object({
        nodeName: z.string().default(""),
        containers: z.array(z.object({ name: z.string(), image: z.string() })),
      }),
    }),
  ),
});

const kubeadmConfigSchema = z.object({ data: z.object({ ClusterConfiguration: z.string() }) });
const clusterConfigurationSchema = z.looseObject({ kubernetesVersion: z.string() });

const kubeSystem = "/api/v1/namespaces/kube-system";
export const kubeadmConfigPath = `${kubeSystem}/configmaps/kubeadm-config`;

/** Reads the configuration that kubeadm keeps in the cluster. */
export function parseClusterConfiguration(configMap: unknown): z.infer<typeof clusterConfigurationSchema> {
  const { data } = kubeadmConfigSchema.parse(configMap);
  return clusterConfigurationSchema.parse(parse(data.ClusterConfiguration));
}

/** Maps control planes to the version of their API servers, which is the tag of the image. */
function mapApiServers(podList: unknown): Map<string, string> {
  const containers = podsSchema
    .parse(podList)
    .items.flatMap(({ spec: { nodeName, containers: list } }) => list.map((container) => ({ nodeName, ...container })));
  return new Map(
    containers
      .filter(({ name }) => name === "kube-apiserver")
      .map(({ nodeName, image }) => [nodeName, image.split(":").at(-1) ?? ""]),
  );
}

/** Asks a cluster for its versions. While its API server restarts, asks again. */
export async function fetchClusterVersions(connection: ApiConnection, print: LinePrinter): Promise<ClusterVersions> {
  const [nodes, pods, configMap] = await Promise.all([
    readPatiently(connection, "/api/v1/nodes", { print }),
    readPatiently(connection, `${kubeSystem}/pods`, { print }),
    readPatiently(connection, kubeadmConfigPath, { print }),
  ]);
  return {
    nodes: nodesSchema
      .parse(nodes)
      .items.map(({ metadata: { name, annotations }, spec, status }) => ({
        name,
        kubelet: status.nodeInfo.kubeletVersion,
        isReady: status.conditions.some(({ type, status: value }) => type === "Ready" && value === "True"),
        isClosed: spec.unschedulable && annotations[closedAnnotation] === "closed",
      })),
    apiServers: mapApiServers(pods),
    recorded: parseClusterConfiguration(configMap).kubernetesVersion,
  };
}
