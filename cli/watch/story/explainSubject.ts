import { formatSlug } from "../../../jobs/kube/objectNames.ts";
import { computeDataJobState } from "../dataStage.ts";
import { computeGridState } from "../gridState.ts";
import type { WatchedBase, WatchedCell, WatchedStack } from "../watchedStack.ts";
import type { SnapshotContext } from "../workloadFailure.ts";
import { collectStory } from "./cellStory.ts";
import { renderStory } from "./renderStory.ts";
import type { StoryFrame } from "./renderStory.ts";

/** A cell, a base model, or a Job or JobSet that prepares data, with the name that a user gives. */
type ExplainedSubject = { readonly id: string } & (
  | { readonly cell: WatchedCell; readonly base?: never }
  | { readonly base: WatchedBase; readonly cell?: never }
  | { readonly cell?: never; readonly base?: never }
);

/** Lists all that a stack can explain; `jobs` are the Jobs and JobSets that it submits beside its cells. */
export function listSubjects({ cells, bases }: WatchedStack, jobs: readonly string[]): ExplainedSubject[] {
  const dataJobs = new Set([...cells, ...bases].flatMap((cell) => cell.dataJobs).concat(jobs));
  return [
    ...cells.map((cell) => ({ id: cell.id, cell })),
    ...bases.map((base) => ({ id: base.id, base })),
    ...[...dataJobs].map((id) => ({ id })),
  ];
}

/** Finds a subject by its name or its slug. */
export function findSubject(subjects: readonly ExplainedSubject[], word: string): ExplainedSubject | undefined {
  return subjects.find(({ id }) => id === word) ?? subjects.find(({ id }) => formatSlug(id) === formatSlug(word));
}

function computeSubjectState({ id, cell, base }: ExplainedSubject, context: SnapshotContext) {
  if (cell !== undefined) return computeGridState({ cells: [cell], bases: [] }, context).cells[0];
  if (base !== undefined) return computeGridState({ cells: [], bases: [base] }, context).bases[0];
  return computeDataJobState(id, context);
}

/** Explains a subject in lines of text. */
export function explainSubject(
  subject: ExplainedSubject,
  context: SnapshotContext,
  frame: Omit<StoryFrame, "id">,
): string[] {
  const stage = computeSubjectState(subject, context);
  const story = collectStory(subject.cell ?? subject.base ?? { dataJobs: [subject.id] }, context.snapshot);
  return stage === undefined ? [] : renderStory(stage, story, { ...frame, id: subject.id });
}
