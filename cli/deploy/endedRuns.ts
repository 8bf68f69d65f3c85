import { findRecordedStack } from "../engine/findRecordedStack.ts";
import { fetchRecordedStack } from "../engine/recordedRuns.ts";
import type { SnapshotComparison } from "../preview/compareSnapshots.ts";
import { listAcceptedStacks } from "../preview/compareSnapshots.ts";
import type { StackComparison } from "../preview/compareStacks.ts";
import type { EndedRun } from "../preview/commentContext.ts";
import { formatActiveRun } from "../runs/endedRuns.ts";
import { readClusterRuns } from "../runs/stackRuns.ts";
import { listActiveRecordedRuns, listUnknownRuns, surveyStack } from "../runs/stackSurvey.ts";
import { formatRecordedRun } from "./recordedObjects.ts";

/** Lists the active runs, and those that cannot be asked, among the objects that a stack would lose. */
async function listStackEndedRuns({ stack, deleted }: StackComparison): Promise<EndedRun[]> {
  if (deleted.length === 0) return [];
  const opened = await findRecordedStack("mixcpt", stack);
  if (opened === undefined) return [];
  const survey = await surveyStack(await fetchRecordedStack(opened), { readCluster: readClusterRuns });
  const isDeleted = ({ object }: Pick<EndedRun, "object">): boolean => deleted.includes(object);
  const active = listActiveRecordedRuns(survey).map((run) => ({
    stack,
    object: formatRecordedRun(run),
    description: formatActiveRun(run),
  }));
  const unknown = listUnknownRuns(survey).flatMap(({ reason, runs }) =>
    runs.map((run) => ({ stack, object: formatRecordedRun(run), description: reason })),
  );
  return [...active.filter(isDeleted), ...unknown.filter(isDeleted).slice(0, 1)];
}

/**
 * Lists the active runs that a deployment would have to end, so that it refuses their stacks. It reads the states at
 * hand and asks the clusters that they record; without a state it lists nothing.
 */
export async function listEndedRuns({ stacks }: Pick<SnapshotComparison, "stacks">): Promise<EndedRun[]> {
  return (await Promise.all(listAcceptedStacks({ stacks }).map(listStackEndedRuns))).flat();
}
