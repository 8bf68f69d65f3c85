import { categoryNames, dataKinds } from "../../jobs/matrix/index.ts";
import { buildCell } from "../../jobs/matrix/matrixCell.ts";
import {
  buildChildJob,
  buildConditionedObject,
  buildJobObject,
  buildJobPod,
  buildPodObject,
  buildSnapshot,
} from "../kubernetes/apiObjects.fixture.ts";
import type { ClusterSnapshot, ConditionedObject, JobObject, PodObject } from "../kubernetes/apiObjects.ts";
import { formatKubectlPrefix } from "../kubernetes/formatKubectlPrefix.ts";
import type { WatchedBase, WatchedCell, WatchedStack } from "./watchedStack.ts";
import type { SnapshotContext } from "./workloadFailure.ts";

/** The cells of the stack dev. */
export const watchedCells = dataKinds.flatMap((data) =>
  categoryNames.map((category): WatchedCell => {
    const { id, slug } = buildCell({ family: "tiny", data, category });
    return {
      id,
      trainJob: `${slug}-0a1b2c3d`,
      evaluation: `eval-${slug}-4e5f6071`,
      earlierEvaluations: [],
      dataJobs: [`data-${slug.slice(5)}-11112222`, "model-tiny-33334444"],
    };
  }),
);

const kubectlPrefix = formatKubectlPrefix("dev");

/** A snapshot of the cluster dev with the given objects, for the computation of stages. */
export function buildContext(objects: Partial<ClusterSnapshot>): SnapshotContext {
  return { snapshot: buildSnapshot(objects), kubectlPrefix };
}

export const watchedBase: WatchedBase = {
  id: "Tiny-base",
  evaluation: "eval-tiny-base-8a9b0c1d",
  earlierEvaluations: [],
  dataJobs: ["model-tiny-33334444"],
};

/** The cells of the stack dev and their base model. */
export const watchedDevStack: WatchedStack = { cells: watchedCells, bases: [watchedBase] };

/** A stack of cells without a base model. */
export function buildCellsStack(...cells: WatchedCell[]): WatchedStack {
  return { cells, bases: [] };
}

export function formatProgressLine(
  done: number,
  total: number,
  more: { unit?: string; loss?: number; eta_seconds?: number } = {},
): string {
  return JSON.stringify({ mixcpt: "progress", done, total, ...more });
}

const [doneCell, publishingCell, failedCell, evaluatingCell, trainingCell, waitingCell, pullingCell, startedCell] =
  watchedCells as [
    WatchedCell,
    WatchedCell,
    WatchedCell,
    WatchedCell,
    WatchedCell,
    WatchedCell,
    WatchedCell,
    WatchedCell,
  ];
const queuedCells = watchedCells.slice(8, 10);
/** The cells whose data is not ready: the data of the first is being made, that of the second has not begun. */
const dataCells = watchedCells.slice(10);
const openDataJobs = dataCells.flatMap(({ dataJobs }) => dataJobs.slice(0, 1));

function buildBusyTrainJobs(): ConditionedObject[] {
  const trainedCells = [doneCell, publishingCell, evaluatingCell, waitingCell];
  return watchedCells.map((cell) => {
    const conditions = trainedCells.includes(cell) ? ["Complete"] : cell === failedCell ? ["Failed"] : [];
    return buildConditionedObject(cell.trainJob, ...conditions);
  });
}

function buildBusyJobs(): JobObject[] {
  const dataJobs = [...new Set(watchedCells.flatMap((cell) => cell.dataJobs))];
  return [
    ...dataJobs.map((name) => buildJobObject(name, ...(openDataJobs.includes(name) ? [] : ["Complete"]))),
    buildChildJob(evaluatingCell.evaluation, "sib200", { succeeded: 1 }),
    buildChildJob(evaluatingCell.evaluation, "flores200", { completions: 2, succeeded: 1 }),
    buildChildJob(waitingCell.evaluation, "sib200"),
    buildChildJob(watchedBase.evaluation, "sib200", { succeeded: 1 }),
    buildChildJob(watchedBase.evaluation, "flores200"),
  ];
}

function buildBusyPods(): PodObject[] {
  return [
    buildPodObject(publishingCell.evaluation, "publish", "running"),
    buildPodObject(failedCell.trainJob, "node", "killed"),
    buildPodObject(evaluatingCell.evaluation, "flores200", "running"),
    buildPodObject(trainingCell.trainJob, "node", "running"),
    buildPodObject(waitingCell.evaluation, "sib200", "queued"),
    buildPodObject(watchedBase.evaluation, "flores200", "running"),
    buildPodObject(pullingCell.trainJob, "node", "pulling"),
    buildPodObject(startedCell.trainJob, "node", "running"),
    ...queuedCells.map((cell) => buildPodObject(cell.trainJob, "node", "queued")),
    ...openDataJobs.slice(0, 1).map((name) => buildJobPod(name, "running")),
  ];
}

function buildBusyLogs(): Map<string, string> {
  return new Map([
    [
      `${failedCell.trainJob}-node-0-0-killed`,
      "RuntimeError: the data loader was killed by signal 9 while it prepared the second epoch of the corpus",
    ],
    [`${evaluatingCell.evaluation}-flores200-0-0-running`, formatProgressLine(10, 24)],
    [`${watchedBase.evaluation}-flores200-0-0-running`, formatProgressLine(6, 40)],
    [
      `${trainingCell.trainJob}-node-0-0-running`,
      formatProgressLine(31, 48, { unit: "steps", loss: 4.4821, eta_seconds: 22 }),
    ],
    [`${openDataJobs[0] ?? ""}-running`, formatProgressLine(3, 7, { unit: "sources" })],
  ]);
}

/** A cluster at work: one cell is done, one publishes, one has failed, and others are at every other stage. */
export function buildBusySnapshot(): ClusterSnapshot {
  return buildSnapshot({
    trainJobs: buildBusyTrainJobs(),
    jobSets: [
      buildConditionedObject(watchedBase.evaluation),
      ...watchedCells.map((cell) =>
        buildConditionedObject(cell.evaluation, ...(cell === doneCell ? ["Completed"] : [])),
      ),
    ],
    jobs: buildBusyJobs(),
    pods: buildBusyPods(),
    logs: buildBusyLogs(),
  });
}
