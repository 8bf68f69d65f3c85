import { partOfLabel } from "./objectLabels.ts";
import type { NamedObject } from "./manifestTypes.ts";

export const kueueApiVersion = "kueue.x-k8s.io/v1beta2";

export const priorityLabel = "kueue.x-k8s.io/priority-class";

export interface PriorityClassManifest extends NamedObject<typeof kueueApiVersion, "WorkloadPriorityClass"> {
  readonly value: number;
  readonly description: string;
}

/** Number of priority classes: one for each cell of a family in the study. */
const priorityLevels = 12;

function formatPriorityName(level: number): string {
  return `mixcpt-train-${String(level)}`;
}

/**
 * Selects the priority class of the training with this rank (from 0) among `count` in the order of submission. Kueue
 * admits by priority, then by the creation time of the pod, which is when its corpus became ready. Priorities preempt
 * nothing: they only decide which training is admitted next.
 */
export function selectTrainingPriority(rank: number, count: number): string {
  return formatPriorityName(1 + Math.floor((rank * priorityLevels) / count));
}

/**
 * Builds the priority classes of trainings, the highest first. Evaluations have no class, which counts as 0, so they
 * use the capacity that trainings leave.
 */
export function buildPriorityClasses(): PriorityClassManifest[] {
  return Array.from({ length: priorityLevels }, (_, index) => ({
    apiVersion: kueueApiVersion,
    kind: "WorkloadPriorityClass",
    metadata: { name: formatPriorityName(index + 1), labels: { [partOfLabel]: "mixcpt" } },
    value: priorityLevels - index,
    description: `training ${String(index + 1)} of ${String(priorityLevels)} in the order of submission`,
  }));
}
