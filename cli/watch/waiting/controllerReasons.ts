import { getObjectName } from "../../kubernetes/apiObjects.ts";
import type { ApiObject, ClusterSnapshot, ConditionedObject, EventObject } from "../../kubernetes/apiObjects.ts";
import { findTrueCondition, hasEnded } from "../../kubernetes/objectConditions.ts";
import { getEventTime, isWarning, listObjectEvents } from "../../kubernetes/objectEvents.ts";
import { getCreationTime, listJobsWithoutPods, listPodsOfJob } from "./runObjects.ts";
import type { RunObjects } from "./runObjects.ts";
import { isOverdue, truncateMessage } from "./waitingReason.ts";
import type { WaitingReason } from "./waitingReason.ts";

/** An object whose children do not exist. */
interface ChildlessObject {
  readonly kind: "TrainJob" | "JobSet" | "Job";
  readonly object: ApiObject;
  /** Such as `JobSet`. */
  readonly child: string;
  /** The program that makes the child, such as `Kubeflow Trainer`. */
  readonly maker: string;
  /** The creation of the last child that existed, in milliseconds since 1970; 0 if there was none. */
  readonly lastChild: number;
}

function isSuspended(object: ConditionedObject | undefined): boolean {
  return findTrueCondition(object, "Suspended") !== undefined;
}

/** Lists the objects of a run that have not been turned into the next kind, in the order of their creation. */
function listChildlessObjects(run: RunObjects): ChildlessObject[] {
  const { trainJob, jobSet, jobs, pods } = run;
  if (trainJob && !jobSet && pods.length === 0 && !hasEnded("trainjob", trainJob))
    return [{ kind: "TrainJob", object: trainJob, child: "JobSet", maker: "Kubeflow Trainer", lastChild: 0 }];
  if (jobSet && jobs.length === 0 && pods.length === 0 && !hasEnded("jobset", jobSet))
    return [{ kind: "JobSet", object: jobSet, child: "Job", maker: "JobSet's controller", lastChild: 0 }];
  return listJobsWithoutPods(run).map((object) => ({
    kind: "Job",
    object,
    child: "pod",
    maker: "kube-controller-manager",
    lastChild: Math.max(0, ...listPodsOfJob(object, pods).map((pod) => getCreationTime(pod) ?? 0)),
  }));
}

/** Names what refused to create an object, from the words of the API server. */
function summarizeRefusal(message: string, child: string): string {
  const unreachable = /failed calling webhook "([^"]+)"/.exec(message)?.[1];
  if (unreachable !== undefined) return `webhook ${unreachable} does not respond`;
  const [, webhook, refusal] = /admission webhook "([^"]+)" denied the request:? ?(.*)/s.exec(message) ?? [];
  if (webhook !== undefined) return `webhook ${webhook} refuses: ${truncateMessage(refusal ?? "")}`;
  const quota = /exceeded quota: ([^\s,]+)/.exec(message)?.[1];
  if (quota !== undefined) return `${child} refused: exceeds the ResourceQuota ${quota}`;
  if (message.includes("violates PodSecurity")) return `${child} refused: violates PodSecurity`;
  if (message.includes("security context constraint")) return `${child} refused: no security context constraint fits`;
  return `${child} refused: ${truncateMessage(message)}`;
}

function findCreationFailure({ kind, object, lastChild }: ChildlessObject, snapshot: ClusterSnapshot) {
  return listObjectEvents(snapshot, kind, getObjectName(object)).findLast(
    (event: EventObject) =>
      isWarning(event) && /fail|refus|denied|error/i.test(event.reason ?? "") && getEventTime(event) > lastChild,
  );
}

/** Finds an object whose children are refused by a webhook, a quota or a policy. */
export function findRefusal(run: RunObjects, snapshot: ClusterSnapshot): WaitingReason | undefined {
  return listChildlessObjects(run).flatMap((childless): WaitingReason[] => {
    const event = findCreationFailure(childless, snapshot);
    if (event === undefined) return [];
    const message = event.message ?? event.reason ?? "";
    return [
      {
        kind: "refused",
        source: "controller",
        summary: summarizeRefusal(message, childless.child),
        message,
        object: { kind: childless.kind, name: getObjectName(childless.object) },
        since: getEventTime(event) || null,
      },
    ];
  })[0];
}

/** Finds an object that no controller has picked up for more than three minutes. */
export function findMissingController(run: RunObjects, { now }: ClusterSnapshot): WaitingReason | undefined {
  if (isSuspended(run.trainJob) || isSuspended(run.jobSet)) return undefined;
  return listChildlessObjects(run).flatMap(({ kind, object, child, maker, lastChild }): WaitingReason[] => {
    const since = getCreationTime(object);
    if (lastChild > 0 || !isOverdue(since, now) || isSuspended(object)) return [];
    return [
      {
        kind: "no controller",
        source: "controller",
        summary: `no ${child}: is ${maker} running?`,
        message: `the ${kind} exists, and ${maker} has not made a ${child} of it`,
        object: { kind, name: getObjectName(object) },
        since,
      },
    ];
  })[0];
}

/** Finds a run that somebody has suspended. */
export function findSuspension({ trainJob, jobSet }: RunObjects): WaitingReason | undefined {
  const [kind, object] = isSuspended(trainJob) ? (["TrainJob", trainJob] as const) : (["JobSet", jobSet] as const);
  const condition = findTrueCondition(object, "Suspended");
  if (object === undefined || condition === undefined) return undefined;
  return {
    kind: "suspended",
    source: "controller",
    summary: `${kind} is suspended`,
    message: condition.message ?? "spec.suspend is true",
    object: { kind, name: getObjectName(object) },
    since: null,
  };
}
