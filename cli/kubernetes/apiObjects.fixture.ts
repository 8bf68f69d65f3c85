import { emptyEvidence } from "./apiObjects.ts";
import type { ClusterSnapshot, ConditionedObject, JobObject, ObjectCondition, PodObject } from "./apiObjects.ts";
import { jobLabel, jobSetLabel, replicatedJobLabel } from "./objectKinds.ts";

/** The time at which the snapshots of tests are taken, in milliseconds since 1970. */
export const snapshotTime = Date.parse("2026-11-24T06:30:00Z");

function formatTimeAgo(seconds: number): string {
  return new Date(snapshotTime - seconds * 1000).toISOString();
}

function buildCondition(type: string): ObjectCondition {
  return { type, status: "True", reason: type };
}

/** A TrainJob or JobSet with the conditions that are true. */
export function buildConditionedObject(name: string, ...conditions: string[]): ConditionedObject {
  return {
    metadata: { name, creationTimestamp: formatTimeAgo(120) },
    status: { conditions: [...conditions.map(buildCondition), { type: "Suspended", status: "False" }] },
  };
}

export function buildJobObject(name: string, ...conditions: string[]): JobObject {
  return {
    metadata: { name },
    spec: { completions: 1 },
    status: { conditions: conditions.map(buildCondition), succeeded: conditions.includes("Complete") ? 1 : 0 },
  };
}

export function buildChildJob(
  jobSet: string,
  replicatedJob: string,
  { completions = 1, succeeded = 0 }: { completions?: number; succeeded?: number } = {},
): JobObject {
  return {
    metadata: {
      name: `${jobSet}-${replicatedJob}-0`,
      labels: { [jobSetLabel]: jobSet, [replicatedJobLabel]: replicatedJob },
    },
    spec: { completions },
    status: { succeeded, conditions: succeeded === completions ? [buildCondition("Complete")] : [] },
  };
}

type PodStatus = NonNullable<PodObject["status"]>;

const podStatuses = {
  queued: { phase: "Pending" },
  pending: { phase: "Pending", containerStatuses: [{ state: { waiting: { reason: "ContainerCreating" } } }] },
  pulling: { phase: "Pending", containerStatuses: [{ state: { waiting: { reason: "ImagePullBackOff" } } }] },
  unschedulable: { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }] },
  running: { phase: "Running", startTime: formatTimeAgo(60), containerStatuses: [{ state: {} }] },
  succeeded: { phase: "Succeeded" },
  failed: {
    phase: "Failed",
    containerStatuses: [{ state: { terminated: { exitCode: 1, reason: "Error", finishedAt: formatTimeAgo(10) } } }],
  },
  killed: {
    phase: "Failed",
    containerStatuses: [
      { state: { terminated: { exitCode: 137, reason: "OOMKilled", finishedAt: formatTimeAgo(5) } } },
    ],
  },
} satisfies Record<string, PodStatus>;

type PodPhase = keyof typeof podStatuses;

function buildNamedPod(name: string, labels: Record<string, string>, phase: PodPhase): PodObject {
  return {
    metadata: { name, labels },
    spec: phase === "queued" ? { schedulingGates: [{ name: "kueue.x-k8s.io/admission" }] } : {},
    status: podStatuses[phase],
  };
}

export function buildPodObject(jobSet: string, replicatedJob: string, phase: PodPhase): PodObject {
  return buildNamedPod(
    `${jobSet}-${replicatedJob}-0-0-${phase}`,
    { [jobSetLabel]: jobSet, [replicatedJobLabel]: replicatedJob },
    phase,
  );
}

export function buildJobPod(name: string, phase: PodPhase): PodObject {
  return buildNamedPod(`${name}-${phase}`, { [jobLabel]: name }, phase);
}

export function buildSnapshot(more: Partial<ClusterSnapshot>): ClusterSnapshot {
  const runs = { now: snapshotTime, jobs: [], trainJobs: [], jobSets: [], pods: [], logs: new Map() };
  return { ...runs, ...emptyEvidence, ...more };
}
