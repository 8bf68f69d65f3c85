import { partOfLabel } from "./objectLabels.ts";
import type { NamedObject } from "./manifestTypes.ts";

export const priorityLabel = "kueue.x-k8s.io/priority-class";

export interface PriorityClassManifest extends NamedObject<"kueue.x-k8s.io/v1beta2", "WorkloadPriorityClass"> {
  readonly value: number;
  readonly description: string;
}

/** As many as a family has cells in the study: each has a class of its own. */
const priorityLevels = 12;

function formatPriorityName(level: number): string {
  return `mixcpt-train-${String(level)}`;
}

/**
 * Class of the training that is `rank`-th of `count` (from 0) in the order of submission. Kueue admits by priority, then by the time
 * a pod was made, and that is when its corpus was ready. Nothing is preempted for it: the order decides who is next.
 */
export function selectTrainingPriority(rank: number, count: number): string {
  return formatPriorityName(1 + Math.floor((rank * priorityLevels) / count));
}

/** Classes of trainings, the first the highest. Evaluations have none, which is 0: they fill what trainings leave. */
export function buildPriorityClasses(): PriorityClassManifest[] {
  return Array.from({ length: priorityLevels }, (_, index) => ({
    apiVersion: "kueue.x-k8s.io/v1beta2",
    kind: "WorkloadPriorityClass",
    metadata: { name: formatPriorityName(index + 1), labels: { [partOfLabel]: "mixcpt" } },
    value: priorityLevels - index,
    description: `training ${String(index + 1)} of ${String(priorityLevels)} in the order of submission`,
  }));
}
