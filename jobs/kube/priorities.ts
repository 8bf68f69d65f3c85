import { partOfLabel } from "./labels.ts";
import type { NamedObject } from "./manifests.ts";

export const priorityLabel = "kueue.x-k8s.io/priority-class";

export interface PriorityClassManifest extends NamedObject<"kueue.x-k8s.io/v1beta2", "WorkloadPriorityClass"> {
  value: number;
  description: string;
}

/** As many as a family has cells in the study: each has a class of its own. */
const levels = 12;

const nameOf = (level: number): string => `mixcpt-train-${String(level)}`;

/**
 * Class of the training that is `rank`-th of `count` (from 0) in the order of submission. Kueue admits by priority, then by the time
 * a pod was made, and that is when its corpus was ready. Nothing is preempted for it: the order decides who is next.
 */
export const trainingPriority = (rank: number, count: number): string => nameOf(1 + Math.floor((rank * levels) / count));

/** Classes of trainings, the first the highest. Evaluations have none, which is 0: they fill what trainings leave. */
export function priorityClasses(): PriorityClassManifest[] {
  return Array.from({ length: levels }, (_, index) => ({
    apiVersion: "kueue.x-k8s.io/v1beta2",
    kind: "WorkloadPriorityClass",
    metadata: { name: nameOf(index + 1), labels: { [partOfLabel]: "mixcpt" } },
    value: levels - index,
    description: `training ${String(index + 1)} of ${String(levels)} in the order of submission`,
  }));
}
