import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { emulatedDevicesName } from "../../infra/resourceNames.ts";
import type { RecordedResource } from "../engine/recordedRuns.ts";
import type { EvictedPods } from "../kubernetes/evictedPods.ts";
import { formatFirstItems } from "../terminal/formatList.ts";

function listEmulatedNodes(config: ClusterConfig): readonly string[] {
  if (config.kind !== "existing" || !Array.isArray(config.devices.emulated)) return [];
  return config.devices.emulated;
}

/** Lists the nodes whose devices this state emulates and the file of its stack no longer lists. */
export function listWithdrawnNodes(resources: readonly RecordedResource[], config: ClusterConfig): string[] {
  const kept = listEmulatedNodes(config);
  const namePattern = new RegExp(`::${emulatedDevicesName}-(.+)$`);
  return resources.flatMap(({ urn }) => namePattern.exec(urn)?.[1] ?? []).filter((node) => !kept.includes(node));
}

/** A node that stays without the devices that it reported, and the pods that use them. */
interface WithdrawnNode {
  readonly name: string;
  readonly pods: EvictedPods;
}

/** Lists the nodes whose emulated devices `cluster up` takes back. */
export function formatWithdrawnNodes(stack: string, nodes: readonly WithdrawnNode[]): string[] {
  if (nodes.length === 0) return [];
  return [
    `cluster up ${stack} takes back the emulated devices of`,
    ...nodes.flatMap(({ name, pods }) => [
      `  ${name}, which devices.emulated in infra/Pulumi.${stack}.yaml no longer lists: the node stays`,
      `    ${formatDevicePods(pods)}`,
    ]),
  ];
}

function formatDevicePods(pods: EvictedPods): string {
  if ("unavailable" in pods) return `unknown which pods use them: ${pods.unavailable}`;
  return pods.length === 0 ? "no pods use them" : `these pods use them: ${formatFirstItems(pods, { limit: 8 })}`;
}
