import { getObjectLabel, getObjectName } from "./apiObjects.ts";
import type { ClusterSnapshot, ConditionedObject, ObjectCondition, PodObject, WorkloadObject } from "./apiObjects.ts";
import { findTrueCondition } from "./objectConditions.ts";
import { createIndex } from "./objectIndex.ts";
import { podGroupLabel } from "./objectKinds.ts";

/** The condition of a type, whatever its status. */
export function findCondition(object: ConditionedObject | undefined, type: string): ObjectCondition | undefined {
  return object?.status?.conditions?.find((condition) => condition.type === type);
}

/** True while a workload is neither finished nor has reserved quota. */
export function isWaitingForQuota(workload: WorkloadObject): boolean {
  return findTrueCondition(workload, "Finished", "QuotaReserved") === undefined;
}

const findWorkloadByName = createIndex<WorkloadObject>((workload) => [getObjectName(workload)]);
const findByPod = createIndex<WorkloadObject>(({ metadata }) =>
  (metadata?.ownerReferences ?? []).filter(({ kind }) => kind === "Pod").map(({ name }) => name),
);

/** Lists the Workloads of pods: a pod owns its Workload, and the Workload of a group has the group's name. */
export function listPodWorkloads(
  { workloads }: Pick<ClusterSnapshot, "workloads">,
  pods: readonly PodObject[],
): WorkloadObject[] {
  const groups = pods.flatMap((pod) => getObjectLabel(pod, podGroupLabel) ?? []);
  const owned = pods.flatMap((pod) => findByPod(workloads, getObjectName(pod)));
  return [...new Set([...groups.flatMap((group) => findWorkloadByName(workloads, group)), ...owned])];
}
