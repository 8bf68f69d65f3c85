import type { ClusterHardware } from "../../jobs/kube/clusterOutputs.ts";
import type { ClusterPods } from "../../jobs/kube/podSettings.ts";
import { parseQuantity } from "../../jobs/kube/quantities.ts";
import { applyPodSettings, buildResourceRequirements } from "../../jobs/kube/restrictedPod.ts";
import { selectNodeResources } from "../../jobs/kube/trainingRuntime.ts";

/** What a node offers to pods, by resource, as Kubernetes quantities. */
export interface MeasuredNode {
  readonly allocatable: Readonly<Record<string, string>>;
}

/**
 * Finds that a node offers less than a training on all of its devices requests; undefined if it has room. The memory
 * is the one in the cluster's file, or at least 64Gi: how much more depends on the model. Other pods are not counted,
 * because most of them end.
 */
export function checkRoom(
  { allocatable }: MeasuredNode,
  { hardware, pods: { training } }: { hardware: ClusterHardware; pods: ClusterPods },
): { kind: "too small"; reason: string } | undefined {
  const { requests = {} } = buildResourceRequirements(applyPodSettings(selectNodeResources(hardware), training));
  const short = Object.entries(requests as Record<string, string>)
    .map(([resource, requested]) => ({ resource, requested, offered: allocatable[resource] ?? "0" }))
    .filter(({ requested, offered }) => parseQuantity(offered) < parseQuantity(requested))
    .map(({ resource, requested, offered }) => `${resource} ${offered} of ${requested}`);
  if (short.length === 0) return undefined;
  const reason =
    `offers less than a training on all of its devices requests (${short.join(", ")}); ` +
    "lower cpus, memoryGiB or resources of training in the file";
  return { kind: "too small", reason };
}
