import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { emulatedDevicesName } from "../../infra/resourceNames.ts";
import type { RecordedResource } from "../engine/recordedRuns.ts";
import type { EvictedPods } from "../kubernetes/evictedPods.ts";
import { formatNodePods } from "./formatNodePods.ts";

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
      `    ${formatNodePods(pods, { verb: "use them", heading: "these pods use them" })}`,
    ]),
  ];
}
