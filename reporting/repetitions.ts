import { serializeCanonically } from "../jobs/kube/contentHash.ts";
import { listChangedSettings } from "../jobs/train/index.ts";
import { buildModelKey } from "./baseScores.ts";
import type { Report, ReportCell } from "./reportModel.ts";
import { findScore, indexScores, isComparable } from "./scoreIndex.ts";
import type { Measure } from "./scoreMeasure.ts";
import type { Score } from "./scoresConfigMap.ts";
import { computeMean, computeStandardDeviation } from "./statistics/mean.ts";

/** The setting in which the runs of one experiment may differ. */
export const seedSetting = "seed";

export function hasScores({ scores }: ReportCell): boolean {
  return scores.length > 0;
}

/** The same text for cells of one model, mixture and category, whichever their stack, seed and recipe. */
function buildDesignKey({ withoutSeed, parts: { family, ingredients, category } }: ReportCell): string {
  const { training, related } = category;
  return serializeCanonically({ model: buildModelKey(family), withoutSeed, ingredients, training, related });
}

function findCheckpointName({ result }: ReportCell): string | undefined {
  return result?.checkpoint.split("/").at(-1);
}

/** Models of an evaluation stack whose names differ in the seed have folders of their own names, and no steps. */
function areModelsOfTwoSeeds(one: ReportCell, other: ReportCell): boolean {
  return one.kind === "evaluated" && other.kind === "evaluated" && one.group === other.group && one.id !== other.id;
}

/**
 * Returns true if two cells of one design are runs of one experiment: their recorded recipes differ at most in the seed
 * and the checkpoints with their scores have one name. Two unknown recipes count as equal, so that scores are never
 * counted twice.
 */
function isRepetition(one: ReportCell, other: ReportCell): boolean {
  if (findCheckpointName(one) !== findCheckpointName(other) && !areModelsOfTwoSeeds(one, other)) return false;
  const [recipe, otherRecipe] = [one.result?.recipe ?? null, other.result?.recipe ?? null];
  if (recipe === null || otherRecipe === null) return recipe === otherRecipe;
  return listChangedSettings(recipe, otherRecipe).every((setting) => setting === seedSetting);
}

/** A run without scores, whose recipe is unknown, belongs to an experiment of its own stack. */
function isRunOf(runs: readonly ReportCell[], cell: ReportCell): boolean {
  return cell.result === null
    ? runs.some(({ group }) => group === cell.group)
    : runs.every((run) => isRepetition(run, cell));
}

/** Runs without scores come last, so that they do not keep runs with scores apart. */
function groupRuns(cells: readonly ReportCell[]): ReportCell[][] {
  const experiments: ReportCell[][] = [];
  for (const cell of cells.toSorted((a, b) => Number(a.result === null) - Number(b.result === null))) {
    const experiment = experiments.find((runs) => isRunOf(runs, cell));
    if (experiment === undefined) experiments.push([cell]);
    else experiment.push(cell);
  }
  return experiments;
}

/** ` (dev, dev-2)` from the labels of cells of two stacks; empty without the names of stacks. */
function formatJointSuffix(runs: readonly ReportCell[]): string {
  const stacks = new Set(runs.map(({ id, label }) => label.slice(id.length).replace(/^ \(|\)$/g, "")).filter(Boolean));
  return stacks.size === 0 ? "" : ` (${[...stacks].join(", ")})`;
}

/** The mean of a score over all runs; none if a run lacks it, or computed it on other items or by other means. */
function poolScore(score: Score, runs: readonly ReportCell[]): Score[] {
  const scores = runs.map(({ scoreIndex }) => findScore(scoreIndex, score, score.language));
  const comparable = scores.filter((other) => other !== undefined).filter((other) => isComparable(score, other));
  const value = computeMean(comparable.map((one) => one.value));
  return comparable.length < runs.length || value === null ? [] : [{ ...score, value }];
}

function pickResult(runs: readonly ReportCell[]): ReportCell["result"] {
  const result = runs[0]?.result ?? null;
  return result && { ...result, failures: runs.flatMap((run) => run.result?.failures ?? []) };
}

/** One cell for all runs of an experiment, with the means of their scores; runs without scores are left out. */
function mergeRuns(runs: readonly [ReportCell, ...ReportCell[]]): ReportCell {
  const scored = runs.filter(hasScores);
  const first = scored[0] ?? runs[0];
  const suffix = formatJointSuffix(runs);
  const ownSuffix = first.label.slice(first.id.length);
  const scores = first.scores.flatMap((score) => poolScore(score, scored));
  return {
    ...first,
    id: first.withoutSeed,
    label: `${first.withoutSeed}${suffix}`,
    group: `${first.group.slice(0, first.group.length - ownSuffix.length)}${suffix}`,
    scores,
    scoreIndex: indexScores(scores),
    result: pickResult(scored),
    repetitions: scored,
  };
}

/** The cells of an experiment's runs as one. */
function poolExperiment([first, ...others]: readonly ReportCell[]): ReportCell[] {
  if (first === undefined) return [];
  return [others.length === 0 ? first : mergeRuns([first, ...others])];
}

/**
 * The report with one cell for each experiment: runs that repeat one another count once, with the means of their
 * scores. The same report if it has no repetitions, and for the paper's cells.
 */
export function poolRepetitions<Kind extends Report>(report: Kind): Kind {
  if (report.source === "published") return report;
  const experiments = [...Map.groupBy(report.cells, buildDesignKey).values()].flatMap(groupRuns);
  if (experiments.length === report.cells.length) return report;
  const rankExperiment = (runs: readonly ReportCell[]): number =>
    Math.min(...runs.map((run) => report.cells.indexOf(run)));
  const inOrder = experiments.toSorted((a, b) => rankExperiment(a) - rankExperiment(b));
  return { ...report, cells: inOrder.flatMap(poolExperiment) };
}

/** Counts positions in the tables; a model with a name of its own is one, however many categories it has. */
function countDistinct(cells: readonly ReportCell[]): number {
  return new Set(cells.map(({ label, run }) => `${label} ${run}`)).size;
}

/** Counts a report's cells, those with scores, and its runs, of which a cell may have several. */
export function countCells(report: Report): { readonly cells: number; readonly scored: number; readonly runs: number } {
  const { cells } = poolRepetitions(report);
  return {
    cells: countDistinct(cells),
    scored: countDistinct(cells.filter(hasScores)),
    runs: countDistinct(report.cells),
  };
}

/** A cell's scores of one measure and language from each of its runs; empty if it lacks the score. */
export function listRunScores(cell: ReportCell, measure: Measure, language: string): Score[] {
  if (findScore(cell.scoreIndex, measure, language) === undefined) return [];
  const runs = cell.repetitions === undefined || cell.repetitions.length === 0 ? [cell] : cell.repetitions;
  return runs.flatMap((run) => findScore(run.scoreIndex, measure, language) ?? []);
}

/** Number of runs behind a cell's scores. */
export function countRuns({ repetitions }: ReportCell): number {
  return Math.max(1, repetitions?.length ?? 1);
}

/** Standard deviation over its runs of a cell's score; null for a single run. */
export function computeSeedDeviation(cell: ReportCell, measure: Measure, language: string): number | null {
  return computeStandardDeviation(listRunScores(cell, measure, language).map(({ value }) => value));
}
