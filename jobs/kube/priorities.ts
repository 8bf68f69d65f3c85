import { partOfLabel } from "./objectLabels.ts";
import type { NamedObject } from "./manifestTypes.ts";
import type { PlatformNames } from "./platformNames.ts";
import { platformNames } from "./platformNames.ts";

export const kueueApiVersion = "kueue.x-k8s.io/v1beta2";

export const priorityLabel = "kueue.x-k8s.io/priority-class";

export interface PriorityClassManifest extends NamedObject<typeof kueueApiVersion, "WorkloadPriorityClass"> {
  readonly value: number;
  readonly description: string;
}

/** Number of priority classes of trainings: one for each cell of a family in the study. */
const priorityLevels = 12;

function formatPriorityName(level: number): string {
  return `train-${String(level)}`;
}

/** Formats the name of a priority class on a cluster; undefined if work has no priority there. */
export function formatPriorityClass(
  { priorityPrefix }: Pick<PlatformNames, "priorityPrefix">,
  name: string,
): string | undefined {
  return priorityPrefix === "" ? undefined : `${priorityPrefix}-${name}`;
}

/** Builds the label of the pods that Kueue ranks by a priority class. */
export function buildPriorityLabels(
  cluster: Pick<PlatformNames, "priorityPrefix">,
  name: string,
): Record<string, string> {
  const priorityClass = formatPriorityClass(cluster, name);
  return priorityClass === undefined ? {} : { [priorityLabel]: priorityClass };
}

/**
 * Names of the classes of evaluations without the cluster's prefix. They come before all waiting trainings: a score is
 * there minutes after its checkpoint, instead of after the last training has started. A base model's comes first of
 * those that wait, because it tries the image, the devices and the benchmarks that every other score needs. Trainings
 * that were admitted before its model and benchmarks were complete do not wait for it.
 */
export const evaluationPriorities = { base: "base-evaluation", cell: "evaluations" } as const;

/**
 * Selects the priority class of the training with this rank (from 0) among `count` in the order of submission. Kueue
 * admits by priority, then by the creation time of the pod, which is when its corpus became ready. Priorities preempt
 * nothing (see the preemption of the queues): they only decide what is admitted next.
 */
export function selectTrainingPriority(rank: number, count: number): string {
  return formatPriorityName(1 + Math.floor((rank * priorityLevels) / count));
}

function buildPriorityClass(name: string, value: number, description: string): PriorityClassManifest {
  return {
    apiVersion: kueueApiVersion,
    kind: "WorkloadPriorityClass",
    metadata: { name, labels: { [partOfLabel]: "mixcpt" } },
    value,
    description,
  };
}

/**
 * Builds the priority classes, the highest first: evaluations of base models and of cells, then trainings. All are
 * below 0, the priority of pods without a class: in a queue that a site shares among teams, work of this project comes
 * after that of the others, and ends none of it where the queue preempts (`LowerPriority`).
 */
export function buildPriorityClasses(prefix: string = platformNames.priorityPrefix): PriorityClassManifest[] {
  const buildClass = (name: string, value: number, description: string): PriorityClassManifest =>
    buildPriorityClass(`${prefix}-${name}`, value, description);
  const trainings = Array.from({ length: priorityLevels }, (_, index) =>
    buildClass(
      formatPriorityName(index + 1),
      -3 - index,
      `training ${String(index + 1)} of ${String(priorityLevels)} in the order of submission`,
    ),
  );
  return [
    buildClass(evaluationPriorities.base, -1, "evaluation of a base model: the smoke test"),
    buildClass(evaluationPriorities.cell, -2, "evaluation of a checkpoint"),
    ...trainings,
  ];
}
