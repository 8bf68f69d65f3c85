import { findObject, getObjectName } from "../../kubernetes/apiObjects.ts";
import type { ClusterSnapshot, EventObject, PodObject } from "../../kubernetes/apiObjects.ts";
import { getEventTime } from "../../kubernetes/objectEvents.ts";
import { collectRunObjects } from "../waiting/runObjects.ts";
import type { RunReference } from "../waiting/runObjects.ts";
import { listClaimNames } from "../waiting/schedulerReasons.ts";
import type { WatchedBase, WatchedCell } from "../watchedStack.ts";
import {
  describeClaimState,
  describeConditionedState,
  describeJobState,
  describeNodeState,
  describePodState,
  describeWorkloadState,
} from "./objectStates.ts";
import type { ObjectState } from "./objectStates.ts";

/** The objects of one step of a cell's pipeline. */
export interface StorySection {
  readonly title: string;
  readonly objects: readonly ObjectState[];
}

export interface StoryEvents {
  readonly sections: readonly StorySection[];
  /** The last events of these objects, the newest last. */
  readonly events: readonly EventObject[];
}

function buildRunReference(name: string, { jobSets }: ClusterSnapshot): RunReference {
  return { kind: findObject(jobSets, name) === undefined ? "job" : "jobset", name };
}

const absentState = { state: "not on the cluster", since: null, messages: [] };
const submittedKinds = { trainjob: "TrainJob", jobset: "JobSet", job: "Job or JobSet" } as const;

/** Describes a submitted object and all that controllers have made of it. */
function describeRun(run: RunReference, snapshot: ClusterSnapshot): ObjectState[] {
  const { trainJob, jobSet, jobs, pods, workloads } = collectRunObjects(run, snapshot);
  const states = [
    trainJob === undefined ? [] : describeConditionedState("TrainJob", trainJob),
    jobSet === undefined ? [] : describeConditionedState("JobSet", jobSet),
    jobs.map(describeJobState),
    pods.map(describePodState),
    workloads.map(describeWorkloadState),
  ].flat();
  return states.length > 0 ? states : [{ kind: submittedKinds[run.kind], name: run.name, ...absentState }];
}

/** The claims and nodes that the pods of the runs use. */
function describeSurroundings(pods: readonly PodObject[], { claims, nodes }: ClusterSnapshot): ObjectState[] {
  const claimNames = new Set(pods.flatMap(listClaimNames));
  const nodeNames = new Set(pods.flatMap(({ spec }) => spec?.nodeName ?? []));
  return [
    ...claims.filter((claim) => claimNames.has(getObjectName(claim))).map(describeClaimState),
    ...(nodes ?? []).filter((node) => nodeNames.has(getObjectName(node))).map(describeNodeState),
  ];
}

const lastEventCount = 12;

function listLastEvents(objects: readonly ObjectState[], { events }: ClusterSnapshot): EventObject[] {
  const keys = new Set(objects.map(({ kind, name }) => `${kind}/${name}`));
  return events
    .filter(({ involvedObject: { kind, name } }) => keys.has(`${kind ?? ""}/${name ?? ""}`))
    .toSorted((a, b) => getEventTime(a) - getEventTime(b))
    .slice(-lastEventCount);
}

type StorySubject = Pick<WatchedBase, "dataJobs"> &
  Partial<Pick<WatchedCell, "trainJob" | "evaluation" | "earlierEvaluations">>;

/** Lists every object of a cell, a base model or a data job, with its state, and the last events of them. */
export function collectStory(
  { dataJobs, trainJob, evaluation, earlierEvaluations = [] }: StorySubject,
  snapshot: ClusterSnapshot,
): StoryEvents {
  const evaluations = evaluation === undefined ? [] : [...earlierEvaluations, evaluation];
  const runs: (readonly [string, RunReference[]])[] = [
    ["data", dataJobs.map((name) => buildRunReference(name, snapshot))],
    ["train", trainJob === undefined ? [] : [{ kind: "trainjob", name: trainJob }]],
    ["evaluate", evaluations.map((name) => ({ kind: "jobset", name }))],
  ];
  const steps = runs.map(([title, references]) => ({
    title,
    objects: references.flatMap((run) => describeRun(run, snapshot)),
  }));
  const pods = runs.flatMap(([, references]) => references.flatMap((run) => collectRunObjects(run, snapshot).pods));
  const sections = [...steps, { title: "volumes and nodes", objects: describeSurroundings(pods, snapshot) }].filter(
    ({ objects }) => objects.length > 0,
  );
  return {
    sections,
    events: listLastEvents(
      sections.flatMap(({ objects }) => objects),
      snapshot,
    ),
  };
}
