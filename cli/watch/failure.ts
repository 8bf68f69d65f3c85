import { lastLine } from "./progress.ts";
import { conditionOf, millisecondsOf, nameOf, type Conditioned, type Pod, type Snapshot } from "./snapshot.ts";

export interface Failure {
  /** What failed, such as `train` or `evaluate`. */
  readonly step: string;
  readonly object: string;
  readonly exitCode: number | null;
  readonly reason: string;
  readonly lastLine: string | null;
  /** Shows more. */
  readonly command: string;
}

const terminated = (pod: Pod) =>
  [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])]
    .flatMap(({ state }) => state?.terminated ?? [])
    .find(({ exitCode }) => exitCode !== 0);

const finishedAt = (pod: Pod): number => millisecondsOf(terminated(pod)?.finishedAt) ?? 0;

const latestFailed = (pods: readonly Pod[]): Pod | undefined =>
  pods.filter((pod) => pod.status?.phase === "Failed").sort((a, b) => finishedAt(a) - finishedAt(b)).at(-1);

const reasonOf = (object: Conditioned, pod: Pod | undefined): string => {
  const container = pod && terminated(pod);
  if (container) return container.reason === undefined || container.reason === "Error" ? "failed" : container.reason;
  const condition = conditionOf(object, "Failed");
  return pod?.status?.reason ?? condition?.message ?? condition?.reason ?? "failed";
};

interface Failed {
  readonly step: string;
  readonly kind: "job" | "trainjob" | "jobset";
  readonly object: Conditioned;
  readonly pods: readonly Pod[];
}

/** Why an object failed, from its last failed pod where that is still there; `kubectl` is how a command to its cluster begins. */
export const failureOf = ({ step, kind, object, pods }: Failed, { logs, kubectl }: { logs: Snapshot["logs"]; kubectl: string }): Failure => {
  const pod = latestFailed(pods);
  return {
    step,
    object: nameOf(object),
    exitCode: (pod && terminated(pod)?.exitCode) ?? null,
    reason: reasonOf(object, pod),
    lastLine: pod === undefined ? null : lastLine(logs.get(nameOf(pod))),
    command: pod === undefined ? `${kubectl} describe ${kind} ${nameOf(object)}` : `${kubectl} logs ${nameOf(pod)}`,
  };
};

/** Why it failed, in one line. */
export const failureText = ({ step, exitCode, reason, lastLine: line }: Failure): string =>
  [`${step} ${reason}`, exitCode === null ? [] : `(exit code ${exitCode})`, line === null ? [] : `: ${line}`].flat().join(" ").replace(" : ", ": ");
