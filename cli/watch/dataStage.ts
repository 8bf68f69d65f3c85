import { awaitJobName } from "../../jobs/kube/awaitJob.ts";
import { findObject, getObjectLabel, getObjectName, listJobPods, listJobSetPods } from "../kubernetes/apiObjects.ts";
import type { ClusterSnapshot, ConditionedObject, JobObject, PodObject } from "../kubernetes/apiObjects.ts";
import { hasFailed, hasSucceeded } from "../kubernetes/objectConditions.ts";
import { replicatedJobLabel } from "../kubernetes/objectKinds.ts";
import { isPodFailed, isPodQueued, isPodRunning } from "../kubernetes/podStatus.ts";
import { addWaitingReason, buildFailedStage, buildStage } from "./cellStage.ts";
import type { Stage } from "./cellStage.ts";
import { estimateSecondsLeft, findLastLine, findPodProgress } from "./logProgress.ts";
import type { SnapshotContext } from "./workloadFailure.ts";

/** The stage of a Job or JobSet that prepares data, a model or benchmarks. */
export interface DataJobState extends Stage {
  /** Name of the object. */
  readonly job: string;
}

const doneStage = buildStage("done", "data", { fraction: 1 });

/** The stage of the pods that do the work, some of which may have failed before. */
function computeWorkStage(pods: readonly PodObject[], snapshot: ClusterSnapshot): Stage {
  const running = pods.find(isPodRunning);
  if (running) {
    const progress = findPodProgress(running, snapshot);
    const fraction = progress?.fraction ?? 0;
    return buildStage("data", "data", {
      fraction,
      stepEta: progress?.etaSeconds ?? estimateSecondsLeft([running], fraction, snapshot),
      detail: progress?.text ?? "",
    });
  }
  const waiting = pods.filter((pod) => !isPodFailed(pod));
  return waiting.some(isPodQueued) ? buildStage("queued", "data") : buildStage("starting", "data");
}

function computeJobStage(job: JobObject, context: SnapshotContext): Stage {
  const pods = listJobPods(context.snapshot, getObjectName(job));
  if (hasSucceeded("job", job)) return doneStage;
  if (hasFailed("job", job)) return buildFailedStage({ step: "data", kind: "job", object: job, pods }, context);
  return computeWorkStage(pods, context.snapshot);
}

/** The paths that a pod waits for, from the last line that `mixcpt-await` printed. */
export function findAwaitedPaths(pod: PodObject, { logs }: ClusterSnapshot): string {
  const line = findLastLine(logs.get(getObjectName(pod))) ?? "";
  return /^waiting for (.+?) *\(\d+ s so far\)$/.exec(line)?.[1] ?? "";
}

/** The stage of a JobSet. It first waits for its inputs; the pods that do the work exist only after that. */
function computeJobSetStage(jobSet: ConditionedObject, context: SnapshotContext): Stage {
  const { snapshot } = context;
  const pods = listJobSetPods(snapshot, getObjectName(jobSet));
  if (hasSucceeded("jobset", jobSet)) return doneStage;
  if (hasFailed("jobset", jobSet))
    return buildFailedStage({ step: "data", kind: "jobset", object: jobSet, pods }, context);
  const { waiting = [], working = [] } = Object.groupBy(pods, (pod) =>
    getObjectLabel(pod, replicatedJobLabel) === awaitJobName ? "waiting" : "working",
  );
  if (working.length > 0) return computeWorkStage(working, snapshot);
  const details = waiting.filter((pod) => !isPodFailed(pod)).map((pod) => findAwaitedPaths(pod, snapshot));
  return buildStage("waiting for data", "data", { detail: details.find(Boolean) ?? "" });
}

function computeDataObjectStage(name: string, context: SnapshotContext): Stage {
  const jobSet = findObject(context.snapshot.jobSets, name);
  if (jobSet !== undefined)
    return addWaitingReason(computeJobSetStage(jobSet, context), { kind: "jobset", name }, context);
  const job = findObject(context.snapshot.jobs, name);
  if (job === undefined) return buildStage("not submitted", "data");
  return addWaitingReason(computeJobStage(job, context), { kind: "job", name }, context);
}

export function computeDataJobState(name: string, context: SnapshotContext): DataJobState {
  return { job: name, ...computeDataObjectStage(name, context) };
}

/** The stage of a cell while its data is being prepared; null once all of the data exists. */
export function computeDataStage(jobs: readonly DataJobState[]): Stage | null {
  const open = jobs.filter(({ name }) => name !== "done");
  if (open.length === 0) return null;
  const fraction = jobs.reduce((sum, job) => sum + job.fraction, 0) / jobs.length;
  const failed = open.find(({ name }) => name === "failed");
  if (failed) return buildStage("failed", "data", { fraction, failure: failed.failure });
  const running = open.find(({ name }) => name === "data");
  if (running) return buildStage("data", "data", { fraction, detail: running.detail, reason: running.reason });
  const { detail = "", reason = null } =
    open.find((job) => job.reason !== null) ?? open.find((job) => job.detail !== "") ?? {};
  return buildStage("waiting for data", "data", { fraction, detail, reason });
}
