import type { Run } from "../train/index.ts";
import type { EvaluationSubject } from "./evaluationSubject.ts";
import { buildRunSubjects } from "./evaluationSubject.ts";

/** Builds the subject that has the score of a run's cell. */
export function buildLastSubject(run: Run): EvaluationSubject {
  const subject = buildRunSubjects(run).at(-1);
  if (subject === undefined) throw new Error(`${run.name} evaluates no checkpoint`);
  return subject;
}
