import { formatKubectlPrefix } from "../kubernetes/formatKubectlPrefix.ts";
import { categoryNames, dataKinds } from "../../jobs/matrix/index.ts";
import { buildCell } from "../../jobs/matrix/matrixCell.ts";
import { jobLabel, jobSetLabel, replicatedJobLabel } from "../kubernetes/apiObjects.ts";
import type {
  ObjectCondition,
  ConditionedObject,
  JobObject,
  PodObject,
  ClusterSnapshot,
  WatchedBase,
  WatchedCell,
  WatchedStack,
} from "../kubernetes/apiObjects.ts";

/** API objects as the cluster gives them, cut down to what matters, for tests and for looking at the grid. */
export const snapshotTime = Date.parse("2026-11-24T06:30:00Z");

export function formatTimeAgo(seconds: number): string {
  return new Date(snapshotTime - seconds * 1000).toISOString();
}

export const watchedCells = dataKinds.flatMap((data) =>
  categoryNames.map((category): WatchedCell => {
    const { id, slug } = buildCell({ family: "tiny", data, category });
    return {
      id,
      trainJob: `${slug}-0a1b2c3d`,
      evaluation: `eval-${slug}-4e5f6071`,
      dataJobs: [`data-${slug.slice(5)}-11112222`, "model-tiny-33334444"],
    };
  }),
);

/** How commands that are shown begin. */
export const kubectlPrefix = formatKubectlPrefix("dev");

export const watchedBase: WatchedBase = {
  id: "Tiny-base",
  evaluation: "eval-tiny-base-8a9b0c1d",
  dataJobs: ["model-tiny-33334444"],
};

/** Cells of a stack, and the model that they start from. */
export const watchedDemo: WatchedStack = { cells: watchedCells, bases: [watchedBase] };

/** Cells alone. */
export function watchCells(...cells: WatchedCell[]): WatchedStack {
  return { cells, bases: [] };
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

export type PodPhase = keyof typeof podStatuses;

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

export function formatProgressLine(
  done: number,
  total: number,
  more: { unit?: string; loss?: number; eta_seconds?: number } = {},
): string {
  return JSON.stringify({ mixcpt: "progress", done, total, ...more });
}

export function buildSnapshot(more: Partial<ClusterSnapshot>): ClusterSnapshot {
  return { now: snapshotTime, jobs: [], trainJobs: [], jobSets: [], pods: [], logs: new Map(), ...more };
}

/** A cluster in the middle of it: two cells done, one failed, others in every stage. */
export function buildBusySnapshot(): ClusterSnapshot {
  const [done, publishing, failed, evaluating, training, waits, starting, early, ...queued] = watchedCells as [
    WatchedCell,
    WatchedCell,
    WatchedCell,
    WatchedCell,
    WatchedCell,
    WatchedCell,
    WatchedCell,
    WatchedCell,
    ...WatchedCell[],
  ];
  const trained = [done, publishing, evaluating, waits];
  const unfinished = new Set(queued.slice(2).map(({ dataJobs }) => dataJobs[0]));
  const dataJobs = [...new Set(watchedCells.flatMap((cell) => cell.dataJobs))];
  return buildSnapshot({
    trainJobs: watchedCells.map((cell) =>
      buildConditionedObject(
        cell.trainJob,
        ...(trained.includes(cell) ? ["Complete"] : cell === failed ? ["Failed"] : []),
      ),
    ),
    jobSets: [
      buildConditionedObject(watchedBase.evaluation),
      ...watchedCells.map((cell) => buildConditionedObject(cell.evaluation, ...(cell === done ? ["Completed"] : []))),
    ],
    jobs: [
      ...dataJobs.map((name) => (unfinished.has(name) ? buildJobObject(name) : buildJobObject(name, "Complete"))),
      buildChildJob(evaluating.evaluation, "sib200", { succeeded: 1 }),
      buildChildJob(evaluating.evaluation, "flores200", { completions: 2, succeeded: 1 }),
      buildChildJob(waits.evaluation, "sib200"),
      buildChildJob(watchedBase.evaluation, "sib200", { succeeded: 1 }),
      buildChildJob(watchedBase.evaluation, "flores200"),
    ],
    pods: [
      buildPodObject(publishing.evaluation, "publish", "running"),
      buildPodObject(failed.trainJob, "node", "killed"),
      buildPodObject(evaluating.evaluation, "flores200", "running"),
      buildPodObject(training.trainJob, "node", "running"),
      buildPodObject(waits.evaluation, "sib200", "queued"),
      buildPodObject(watchedBase.evaluation, "flores200", "running"),
      buildPodObject(starting.trainJob, "node", "pulling"),
      buildPodObject(early.trainJob, "node", "running"),
      ...queued.slice(0, 2).map((cell) => buildPodObject(cell.trainJob, "node", "queued")),
      ...[...unfinished].flatMap((name) => (name === undefined ? [] : [buildJobPod(name, "running")])).slice(0, 1),
    ],
    logs: new Map([
      [
        `${failed.trainJob}-node-0-0-killed`,
        "RuntimeError: the data loader was killed by signal 9 while it prepared the second epoch of the corpus",
      ],
      [`${evaluating.evaluation}-flores200-0-0-running`, formatProgressLine(10, 24)],
      [`${watchedBase.evaluation}-flores200-0-0-running`, formatProgressLine(6, 40)],
      [
        `${training.trainJob}-node-0-0-running`,
        formatProgressLine(31, 48, { unit: "steps", loss: 4.4821, eta_seconds: 22 }),
      ],
      ...[...unfinished]
        .slice(0, 1)
        .map((name): [string, string] => [`${name ?? ""}-running`, formatProgressLine(3, 7, { unit: "sources" })]),
    ]),
  });
}
