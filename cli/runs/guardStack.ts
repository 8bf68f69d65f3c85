import type { PreviewOptions, Stack } from "@pulumi/pulumi/automation/index.js";
import { parseInterruptedRuns } from "../engine/interruptedRuns.ts";
import { fetchDeployment, fetchRecordedStack, parseRecordedStack } from "../engine/recordedRuns.ts";
import type { RecordedRun } from "../engine/recordedRuns.ts";
import { recognizesOwnObjects } from "../engine/pluginSources.ts";
import { objectKinds } from "../kubernetes/objectKinds.ts";
import { formatCount } from "../terminal/formatList.ts";
import { formatActiveRun, narrowUnknownRuns, refuseEndingRuns, refuseForeignRuns } from "./endedRuns.ts";
import type { EndingContext } from "./endedRuns.ts";
import { previewChanges, selectDeletedRuns } from "./previewedChanges.ts";
import type { PreviewedChanges } from "./previewedChanges.ts";
import { formatClusterName } from "./clusterReading.ts";
import { findLateCheckpoints, listDeclaredCells, refuseLateCheckpoints } from "./lateCheckpoints.ts";
import { readCluster, readClusterRuns } from "./stackRuns.ts";
import { listActiveRecordedRuns, listForeignRuns, listUnknownRuns, surveyStack } from "./stackSurvey.ts";
import type { StackSurvey } from "./stackSurvey.ts";
import { refuseUnrecordedRuns } from "./unrecordedRuns.ts";

interface SubmissionGuard extends EndingContext {
  readonly target: string;
  /** Lists the cells that the stack's file describes; by default reads the file of that name in this checkout. */
  readonly listCells?: () => Parameters<typeof findLateCheckpoints>[0];
  /** True if the user has agreed that active runs end, and that clusters that cannot be read are not asked. */
  readonly endRunning: boolean;
}

/** @throws Error if the target of an `up` cannot be read, unless its state is about to be refused with its runs */
function refuseUnreadableTarget({ clusters }: StackSurvey, target: string): void {
  const { reading, runs } = clusters.find(({ name }) => name === target) ?? {};
  if (reading?.unavailable === undefined || (runs ?? []).length > 0) return;
  const advice = reading.unavailable.includes("no kubeconfig")
    ? `; bring it up with ./mixcpt cluster up ${target}`
    : "";
  throw new Error(`${reading.unavailable}${advice}`);
}

/** The parts of a survey that an `up` may endanger. */
function listEndangeredRuns(survey: StackSurvey, { stack, target, endRunning }: SubmissionGuard) {
  return {
    ended: endRunning ? [] : listActiveRecordedRuns(survey),
    unknown: endRunning ? [] : listUnknownRuns(survey),
    foreign: listForeignRuns(survey, { stack, target, recognizesOwnObjects: recognizesOwnObjects() }),
  };
}

/** @throws Error for each kind of harm that the announced changes would do */
function refuseHarmfulChanges(
  { ended, unknown, foreign }: ReturnType<typeof listEndangeredRuns>,
  changes: PreviewedChanges,
  guard: SubmissionGuard,
): void {
  const created = new Set(changes.created);
  refuseForeignRuns(
    foreign.filter(({ name }) => created.has(name)),
    guard,
  );
  const select = (runs: readonly RecordedRun[]) => selectDeletedRuns(runs, changes);
  // An unreadable target is refused even if nothing on it would be deleted: `up` could not submit to it either.
  const unreadableTarget = unknown.filter(({ cluster }) => cluster === guard.target);
  const others = unknown.filter(({ cluster }) => cluster !== guard.target);
  refuseEndingRuns(
    { ended: selectDeletedRuns(ended, changes), unknown: [...unreadableTarget, ...narrowUnknownRuns(others, select)] },
    guard,
  );
}

/** @throws Error if submitted trainings will not write what the stack's file evaluates by now */
function refuseUnwrittenCheckpoints({ recorded }: StackSurvey, guard: SubmissionGuard): void {
  const { verb, stack, target, listCells = () => listDeclaredCells(stack) } = guard;
  const runs = recorded.runs.filter(({ cluster }) => cluster.name === undefined || cluster.name === target);
  if (!runs.some(({ checkpoints }) => checkpoints !== undefined)) return;
  refuseLateCheckpoints(findLateCheckpoints(listCells(), runs), verb, stack);
}

/**
 * Refuses an `up` that would end active runs, wherever the state records them, or that would submit a run that others
 * have submitted under the same name, or evaluations of checkpoints that no submitted training writes.
 * Reads the state and the clusters in it, and runs the engine's preview only if there is anything to lose.
 * @returns what it read
 * @throws Error that lists the runs and says what to do
 */
export async function guardSubmission(opened: Stack, guard: SubmissionGuard): Promise<StackSurvey> {
  const reading = guard.verb === "retry" ? readCluster : readClusterRuns; // a retry looks for failures
  const survey = await surveyStack(await fetchRecordedStack(opened), { readCluster: reading, target: guard.target });
  if (!guard.endRunning) refuseUnreadableTarget(survey, guard.target);
  refuseUnwrittenCheckpoints(survey, guard);
  const endangered = listEndangeredRuns(survey, guard);
  if (Object.values(endangered).some((runs) => runs.length > 0))
    refuseHarmfulChanges(endangered, await previewChanges(opened), guard);
  return survey;
}

/**
 * Runs the engine's preview with options that print it, then refuses what `up` would refuse.
 * @returns what the preview announces
 * @throws Error as `guardSubmission`
 */
export async function previewSubmission(
  opened: Stack,
  submission: Pick<SubmissionGuard, "stack" | "target" | "listCells">,
  options: PreviewOptions = {},
): Promise<PreviewedChanges> {
  const guard: SubmissionGuard = { ...submission, verb: "up", endRunning: false };
  const changes = await previewChanges(opened, options);
  const survey = await surveyStack(await fetchRecordedStack(opened), {
    readCluster: readClusterRuns,
    target: guard.target,
  });
  refuseUnreadableTarget(survey, guard.target);
  refuseUnwrittenCheckpoints(survey, guard);
  refuseHarmfulChanges(listEndangeredRuns(survey, guard), changes, guard);
  return changes;
}

/** `on cluster "a": 12 TrainJobs, 13 JobSets, 14 Jobs` for each cluster */
function formatRemovedRuns({ clusters }: StackSurvey): string[] {
  return clusters.map(({ name, runs }) => {
    const kinds = Map.groupBy(runs, ({ kind }) => kind);
    const counts = [...kinds].map(([kind, group]) => formatCount(group.length, objectKinds[kind].kind));
    return `on ${formatClusterName(name)}: ${counts.join(", ")}`;
  });
}

interface DestructionGuard {
  readonly stack: string;
  readonly endRunning: boolean;
  readonly print: (line: string) => void;
}

/**
 * Prints what a `destroy` removes, and refuses to end active runs and to leave runs that the state does not record.
 * @returns the number of objects that it would remove
 * @throws Error that lists the unrecorded runs, and the active ones unless `endRunning` is set
 */
export async function guardDestruction(opened: Stack, { stack, endRunning, print }: DestructionGuard): Promise<number> {
  const deployment = await fetchDeployment(opened);
  await refuseUnrecordedRuns(parseInterruptedRuns(deployment), { stack, readCluster: readClusterRuns, print });
  const recorded = parseRecordedStack(deployment.resources ?? []);
  const survey = await surveyStack(recorded, { readCluster: readClusterRuns });
  if (survey.recorded.runs.length === 0) return 0;
  print(`destroy ${stack} removes`);
  for (const line of formatRemovedRuns(survey)) print(`  ${line}`);
  const runs = { ended: listActiveRecordedRuns(survey), unknown: listUnknownRuns(survey) };
  if (!endRunning) refuseEndingRuns(runs, { verb: "destroy", stack });
  for (const run of runs.ended) print(`  and ends ${formatActiveRun(run)}`);
  for (const { reason } of runs.unknown) print(`  and may end active runs: ${reason}`);
  print("corpora, checkpoints and scores in the store are kept");
  return survey.recorded.runs.length;
}
