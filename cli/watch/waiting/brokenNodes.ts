import { brokenNodeExitCode } from "../../../jobs/kube/failurePolicies.ts";
import { getObjectName } from "../../kubernetes/apiObjects.ts";
import type { ClusterSnapshot, PodObject } from "../../kubernetes/apiObjects.ts";
import { isPodRunning, listContainerStates } from "../../kubernetes/podStatus.ts";
import { findLastLine } from "../logProgress.ts";
import { findLastFailedPod, getCreationTime } from "./runObjects.ts";
import type { RunObjects } from "./runObjects.ts";
import { truncateMessage } from "./waitingReason.ts";
import type { WaitingReason } from "./waitingReason.ts";

/** The words of images/base (device.py) in the log of a pod that keeps broken GPUs from other work. */
const brokenGpus = /the GPUs of this node are broken: (?<problem>.+)/;

export function hasBrokenNodeExit(pod: PodObject): boolean {
  return listContainerStates(pod).some(({ terminated }) => terminated?.exitCode === brokenNodeExitCode);
}

/** Finds what a pod found wrong with its node, if that is the last that it wrote. */
function findProblem(pod: PodObject, { logs }: ClusterSnapshot): string | undefined {
  return brokenGpus.exec(findLastLine(logs.get(getObjectName(pod))) ?? "")?.groups?.["problem"];
}

function buildBrokenNodeReason(pod: PodObject, problem: string): WaitingReason {
  const { nodeName = "unknown" } = pod.spec ?? {};
  return {
    kind: "broken node",
    source: "pod",
    summary: `node ${nodeName} has broken GPUs: ${truncateMessage(problem.split(";")[0] ?? "")}`,
    message: problem,
    object: { kind: "Node", name: nodeName },
    since: getCreationTime(pod),
  };
}

/** Finds a node whose GPUs did not compute for a pod of the run: one that still keeps them, or the last that failed. */
export function findBrokenNode(run: RunObjects, snapshot: ClusterSnapshot): WaitingReason | undefined {
  const last = findLastFailedPod(run);
  const failed = last !== undefined && hasBrokenNodeExit(last) ? [last] : [];
  const candidates = [...run.pods.filter(isPodRunning), ...failed];
  return candidates
    .flatMap((pod) => {
      const problem = findProblem(pod, snapshot) ?? (pod === last ? "a test of them failed" : undefined);
      return problem === undefined ? [] : [buildBrokenNodeReason(pod, problem)];
    })
    .at(0);
}
