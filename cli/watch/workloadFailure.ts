import { findLastLine } from "./logProgress.ts";
import { findTrueCondition, parseMilliseconds, getObjectName } from "../kubernetes/apiObjects.ts";
import type { ConditionedObject, PodObject, ClusterSnapshot } from "../kubernetes/apiObjects.ts";

export interface WorkloadFailure {
  /** What failed, such as `train` or `evaluate`. */
  readonly step: string;
  readonly object: string;
  readonly exitCode: number | null;
  readonly reason: string;
  readonly lastLine: string | null;
  /** Shows more. */
  readonly command: string;
}

function findTerminatedState(pod: PodObject) {
  return [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])]
    .flatMap(({ state }) => state?.terminated ?? [])
    .find(({ exitCode }) => exitCode !== 0);
}

function getFinishTime(pod: PodObject): number {
  return parseMilliseconds(findTerminatedState(pod)?.finishedAt) ?? 0;
}

function findLatestFailedPod(pods: readonly PodObject[]): PodObject | undefined {
  return pods
    .filter((pod) => pod.status?.phase === "Failed")
    .sort((a, b) => getFinishTime(a) - getFinishTime(b))
    .at(-1);
}

function findFailureReason(object: ConditionedObject, pod: PodObject | undefined): string {
  const container = pod && findTerminatedState(pod);
  if (container) return container.reason === undefined || container.reason === "Error" ? "failed" : container.reason;
  const condition = findTrueCondition(object, "Failed");
  return pod?.status?.reason ?? condition?.message ?? condition?.reason ?? "failed";
}

interface FailedObject {
  readonly step: string;
  readonly kind: "job" | "trainjob" | "jobset";
  readonly object: ConditionedObject;
  readonly pods: readonly PodObject[];
}

/** Why an object failed, from its last failed pod where that is still there; `kubectl` is how a command to its cluster begins. */
export function describeFailure(
  { step, kind, object, pods }: FailedObject,
  { logs, kubectl }: { logs: ClusterSnapshot["logs"]; kubectl: string },
): WorkloadFailure {
  const pod = findLatestFailedPod(pods);
  return {
    step,
    object: getObjectName(object),
    exitCode: (pod && findTerminatedState(pod)?.exitCode) ?? null,
    reason: findFailureReason(object, pod),
    lastLine: pod === undefined ? null : findLastLine(logs.get(getObjectName(pod))),
    command:
      pod === undefined
        ? `${kubectl} describe ${kind} ${getObjectName(object)}`
        : `${kubectl} logs ${getObjectName(pod)}`,
  };
}

/** Why it failed, in one line. */
export function formatFailure({ step, exitCode, reason, lastLine: line }: WorkloadFailure): string {
  return [`${step} ${reason}`, exitCode === null ? [] : `(exit code ${exitCode})`, line === null ? [] : `: ${line}`]
    .flat()
    .join(" ")
    .replace(" : ", ": ");
}
