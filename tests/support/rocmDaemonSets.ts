/** AMD's device plugin and node labeller on the cluster of the tests. */
import { runMixcptSuccessfully } from "./mixcptCommand.ts";
import type { ObjectWithConditions } from "./testCluster.ts";
import { platformStack } from "./testCluster.ts";

interface RocmDaemonSet extends ObjectWithConditions {
  readonly spec: { template: { spec: { containers: { image: string }[]; nodeSelector: Record<string, string> } } };
  readonly status: ObjectWithConditions["status"] & { desiredNumberScheduled: number };
}

export async function listRocmDaemonSets(): Promise<RocmDaemonSet[]> {
  const kubectl = ["kubectl", "--cluster", platformStack, "-n", "amd-gpu"];
  const output = await runMixcptSuccessfully(...kubectl, "get", "daemonsets", "-o", "json");
  return (JSON.parse(output) as { items: RocmDaemonSet[] }).items;
}
