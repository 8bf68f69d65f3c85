/** The first cell of the watched stack and its objects on the cluster. */
import { buildConditionedObject, buildJobObject } from "../kubernetes/apiObjects.fixture.ts";
import type { ClusterSnapshot } from "../kubernetes/apiObjects.ts";
import { computeGridState } from "./gridState.ts";
import { buildCellsStack, buildContext, watchedCells } from "./watchedStack.fixture.ts";
import type { WatchedCell } from "./watchedStack.ts";

export const [firstCell] = watchedCells as [WatchedCell];
export const { trainJob, evaluation } = firstCell;
export const [mixture, model] = firstCell.dataJobs as [string, string];

export const submitted = {
  trainJobs: [buildConditionedObject(trainJob)],
  jobSets: [buildConditionedObject(evaluation)],
};
export const dataDone = [buildJobObject(mixture, "Complete"), buildJobObject(model, "Complete")];
export const trained = { ...submitted, trainJobs: [buildConditionedObject(trainJob, "Complete")], jobs: dataDone };

export function computeFirstCellState(objects: Partial<ClusterSnapshot>) {
  const [state] = computeGridState(buildCellsStack(firstCell), buildContext(objects)).cells;
  if (state === undefined) throw new Error("the grid has no cell");
  return state;
}

export function buildPodLogs(name: string, ...lines: string[]) {
  return new Map([[name, lines.join("\n")]]);
}
