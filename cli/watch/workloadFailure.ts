import { getObjectName, parseMilliseconds } from "../kubernetes/apiObjects.ts";
import type { ClusterSnapshot, ConditionedObject, PodObject } from "../kubernetes/apiObjects.ts";
import { findTrueCondition } from "../kubernetes/objectConditions.ts";
import { objectKinds } from "../kubernetes/objectKinds.ts";
import type { RunKind } from "../kubernetes/objectKinds.ts";
import { isPodFailed, listContainerStates } from "../kubernetes/podStatus.ts";
import { findLastLine } from "./logProgress.ts";

/** A snapshot, and the beginning of kubectl commands about its cluster. */
export interface SnapshotContext {
  readonly snapshot: ClusterSnapshot;
  readonly kubectlPrefix: string;
}

/** A submitted object with its pods, and the step that it performs, such as `train` or `evaluate`. */
export interface SubmittedObject<StepName extends string = string> {
  readonly step: StepName;
  readonly kind: RunKind;
  readonly object: ConditionedObject;
  readonly pods: readonly PodObject[];
}

export interface WorkloadFailure {
  /** The step that failed, such as `train` or `evaluate`. */
  readonly step: string;
  readonly object: string;
  readonly exitCode: number | null;
  readonly reason: string;
  readonly lastLine: string | null;
  /** The command that shows more. */
  readonly command: string;
}

function findTerminatedState(pod: PodObject) {
  return listContainerStates(pod)
    .flatMap(({ terminated }) => terminated ?? [])
    .find(({ exitCode }) => exitCode !== 0);
}

function getFinishTime(pod: PodObject): number {
  return parseMilliseconds(findTerminatedState(pod)?.finishedAt) ?? 0;
}

function findLatestFailedPod(pods: readonly PodObject[]): PodObject | undefined {
  return pods
    .filter(isPodFailed)
    .sort((a, b) => getFinishTime(a) - getFinishTime(b))
    .at(-1);
}

function findFailureReason({ kind, object }: SubmittedObject, pod: PodObject | undefined): string {
  const container = pod && findTerminatedState(pod);
  if (container) return container.reason === undefined || container.reason === "Error" ? "failed" : container.reason;
  const condition = findTrueCondition(object, objectKinds[kind].endConditions.failed);
  return pod?.status?.reason ?? condition?.message ?? condition?.reason ?? "failed";
}

/** Describes why an object failed: from its last failed pod if that still exists, else from its conditions. */
export function describeFailure(
  failed: SubmittedObject,
  { snapshot, kubectlPrefix }: SnapshotContext,
): WorkloadFailure {
  const name = getObjectName(failed.object);
  const pod = findLatestFailedPod(failed.pods);
  return {
    step: failed.step,
    object: name,
    exitCode: (pod && findTerminatedState(pod)?.exitCode) ?? null,
    reason: findFailureReason(failed, pod),
    lastLine: pod === undefined ? null : findLastLine(snapshot.logs.get(getObjectName(pod))),
    command: `${kubectlPrefix} ${pod === undefined ? `describe ${failed.kind} ${name}` : `logs ${getObjectName(pod)}`}`,
  };
}

const memoryKeys: Readonly<Record<string, string>> = { train: "training", evaluate: "evaluation" };

/** What to change after a pod that used more memory than it requests; undefined for every other failure. */
function adviseOnMemory({ step, reason }: Pick<WorkloadFailure, "step" | "reason">): string | undefined {
  return reason === "OOMKilled" ? `raise ${memoryKeys[step] ?? "data"}.memoryGiB in the cluster's file` : undefined;
}

/** `train OOMKilled (exit code 137): out of memory; raise training.memoryGiB in the cluster's file` */
export function formatFailure(failure: WorkloadFailure): string {
  const { step, exitCode, reason, lastLine } = failure;
  const code = exitCode === null ? "" : ` (exit code ${exitCode})`;
  const advice = adviseOnMemory(failure);
  return [`${step} ${reason}${code}${lastLine === null ? "" : `: ${lastLine}`}`, advice ?? []].flat().join("; ");
}
