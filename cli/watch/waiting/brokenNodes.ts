import { brokenNodeExitCode } from "../../../jobs/kube/failurePolicies.ts";
import { getObjectName } from "../../kubernetes/apiObjects.ts";
import type { ClusterSnapshot, PodObject } from "../../kubernetes/apiObjects.ts";
import { isPodRunning, listContainerStates } from "../../kubernetes/podStatus.ts";
import { findLastLine } from "../logProgress.ts";
import { findLastFailedPod, getCreationTime } from "./runObjects.ts";
import type { RunObjects } from "./runObjects.ts";
import { truncateMessage } from "./waitingReason.ts";
import type { WaitingReason } from "./waitingReason.ts";

/** The words of images/base in the log of a pod that keeps its place on a broken node, and what to show for them. */
const failures = [
  // device.py and store_identity.py
  { pattern: /the GPUs of this node are broken: (?<problem>.+)/, summary: "has broken GPUs" },
  { pattern: /this node does not have the store: (?<problem>.+)/, summary: "does not have the store" },
] as const;

interface NodeFailure {
  readonly summary: string;
  readonly problem: string;
}

export function hasBrokenNodeExit(pod: PodObject): boolean {
  return listContainerStates(pod).some(({ terminated }) => terminated?.exitCode === brokenNodeExitCode);
}

/** Finds what a pod found wrong with its node, if that is the last that it wrote. */
function findFailure(pod: PodObject, { logs }: ClusterSnapshot): NodeFailure | undefined {
  const line = findLastLine(logs.get(getObjectName(pod))) ?? "";
  return failures.flatMap(({ pattern, summary }): NodeFailure[] => {
    const problem = pattern.exec(line)?.groups?.["problem"];
    return problem === undefined ? [] : [{ summary, problem }];
  })[0];
}

const unknownFailure: NodeFailure = { summary: "is broken", problem: "a test of its GPUs or its store failed" };

function buildBrokenNodeReason(pod: PodObject, { summary, problem }: NodeFailure): WaitingReason {
  const { nodeName = "unknown" } = pod.spec ?? {};
  return {
    kind: "broken node",
    source: "pod",
    summary: `node ${nodeName} ${summary}: ${truncateMessage(problem.split(";")[0] ?? "")}`,
    message: problem,
    object: { kind: "Node", name: nodeName },
    since: getCreationTime(pod),
  };
}

/** Finds a node that was broken for a pod of the run: one that still keeps its place there, or the last that failed. */
export function findBrokenNode(run: RunObjects, snapshot: ClusterSnapshot): WaitingReason | undefined {
  const last = findLastFailedPod(run);
  const failed = last !== undefined && hasBrokenNodeExit(last) ? [last] : [];
  const candidates = [...run.pods.filter(isPodRunning), ...failed];
  return candidates
    .flatMap((pod) => {
      const failure = findFailure(pod, snapshot) ?? (pod === last ? unknownFailure : undefined);
      return failure === undefined ? [] : [buildBrokenNodeReason(pod, failure)];
    })
    .at(0);
}
