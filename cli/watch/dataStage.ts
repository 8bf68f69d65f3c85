import { awaitJobName } from "../../jobs/kube/awaitJob.ts";
import { describeFailure } from "./workloadFailure.ts";
import {
  isPodFailed,
  isPodQueued,
  isPodRunning,
  findPodObstacle,
  estimateSecondsLeft,
  findPodProgress,
} from "../kubernetes/podStatus.ts";
import { findLastLine } from "./logProgress.ts";
import {
  findTrueCondition,
  jobLabel,
  getObjectLabel,
  getObjectName,
  findObject,
  listJobSetPods,
  replicatedJobLabel,
} from "../kubernetes/apiObjects.ts";
import type { ConditionedObject, JobObject, PodObject, ClusterSnapshot } from "../kubernetes/apiObjects.ts";
import { buildStage } from "./cellStage.ts";
import type { Stage } from "./cellStage.ts";

/** Where a Job or JobSet is that makes data, a model or benchmarks. */
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
  return waiting.some(isPodQueued)
    ? buildStage("queued", "data")
    : buildStage("starting", "data", { detail: waiting.map(findPodObstacle).find(Boolean) ?? "" });
}

function computeJobStage(job: JobObject, snapshot: ClusterSnapshot, kubectl: string): Stage {
  const pods = snapshot.pods.filter((pod) => getObjectLabel(pod, jobLabel) === getObjectName(job));
  if (findTrueCondition(job, "Complete")) return doneStage;
  if (!findTrueCondition(job, "Failed")) return computeWorkStage(pods, snapshot);
  return buildStage("failed", "data", {
    failure: describeFailure({ step: "data", kind: "job", object: job, pods }, { logs: snapshot.logs, kubectl }),
  });
}

/** The paths that a pod waits for, as `mixcpt-await` names them. */
function findAwaitedPaths(pod: PodObject, { logs }: ClusterSnapshot): string {
  return /^waiting for (.+?) *\(\d+ s so far\)$/.exec(findLastLine(logs.get(getObjectName(pod))) ?? "")?.[1] ?? "";
}

/** A JobSet waits for what its work is made from; its work has no pods before that. */
function computeJobSetStage(jobSet: ConditionedObject, snapshot: ClusterSnapshot, kubectl: string): Stage {
  const pods = listJobSetPods(snapshot, getObjectName(jobSet));
  if (findTrueCondition(jobSet, "Completed")) return doneStage;
  if (findTrueCondition(jobSet, "Failed")) {
    return buildStage("failed", "data", {
      failure: describeFailure(
        { step: "data", kind: "jobset", object: jobSet, pods },
        { logs: snapshot.logs, kubectl },
      ),
    });
  }
  const { waiting = [], working = [] } = Object.groupBy(pods, (pod) =>
    getObjectLabel(pod, replicatedJobLabel) === awaitJobName ? "waiting" : "working",
  );
  if (working.length > 0) return computeWorkStage(working, snapshot);
  const open = waiting.filter((pod) => !isPodFailed(pod));
  return buildStage("waiting for data", "data", {
    detail: open.map((pod) => findPodObstacle(pod) || findAwaitedPaths(pod, snapshot)).find(Boolean) ?? "",
  });
}

function computeDataObjectStage(name: string, snapshot: ClusterSnapshot, kubectl: string): Stage {
  const jobSet = findObject(snapshot.jobSets, name);
  if (jobSet !== undefined) return computeJobSetStage(jobSet, snapshot, kubectl);
  const job = findObject(snapshot.jobs, name);
  return job === undefined ? buildStage("not submitted", "data") : computeJobStage(job, snapshot, kubectl);
}

export function computeDataJobState(name: string, snapshot: ClusterSnapshot, kubectl: string): DataJobState {
  return { job: name, ...computeDataObjectStage(name, snapshot, kubectl) };
}

/** The stage of a cell as far as its data goes; null once all of it is there. */
export function computeDataStage(jobs: readonly DataJobState[]): Stage | null {
  const open = jobs.filter(({ name }) => name !== "done");
  if (open.length === 0) return null;
  const fraction = jobs.reduce((sum, job) => sum + job.fraction, 0) / jobs.length;
  const failed = open.find(({ name }) => name === "failed");
  if (failed) return buildStage("failed", "data", { fraction, failure: failed.failure });
  const running = open.find(({ name }) => name === "data");
  return running
    ? buildStage("data", "data", { fraction, detail: running.detail })
    : buildStage("waiting for data", "data", {
        fraction,
        detail: open.find(({ detail }) => detail !== "")?.detail ?? "",
      });
}
