import { english } from "../jobs/matrix/knownLanguages.ts";
import { listFailedLanguages } from "./incompleteUnits.ts";
import { formatMixtureLabel, selectCategories, selectMixtures } from "./matrixAxes.ts";
import type { ResourceLevel } from "./published/rowSchemas.ts";
import { countRuns } from "./repetitions.ts";
import { selectCells } from "./reportModel.ts";
import type { Report, ReportCell } from "./reportModel.ts";
import { canPool, findScore } from "./scoreIndex.ts";
import type { ScoreIndex } from "./scoreIndex.ts";
import { isScoreOf } from "./scoreMeasure.ts";
import type { Measure } from "./scoreMeasure.ts";
import type { Score } from "./scoresConfigMap.ts";
import { computeMean, computeStandardDeviation } from "./statistics/mean.ts";

/**
 * The languages of a cell that an average covers. A resource level stands for the training languages of that level,
 * `unclassified` for the training languages without one.
 */
export type LanguageSubset = "training" | "related" | "english" | ResourceLevel | "unclassified";

/** A cell's languages of a subset, whether or not they were evaluated. */
export function selectSubsetLanguages(
  { parts }: Pick<ReportCell, "parts">,
  part: LanguageSubset,
  resources: ReadonlyMap<string, ResourceLevel>,
): readonly string[] {
  const { training, related } = parts.category;
  if (part === "training") return training;
  if (part === "related") return related;
  return part === "english"
    ? [english.code]
    : training.filter((language) => (resources.get(language) ?? "unclassified") === part);
}

/**
 * Languages in which some cell of the group and category has a score, or would have one if its evaluation had not
 * failed: a benchmark may lack a language, or a run omit it.
 */
function listEvaluatedLanguages({ cells }: Report, cell: ReportCell, measure: Measure): ReadonlySet<string> {
  const peers = cells.filter(({ group, category }) => group === cell.group && category === cell.category);
  return new Set(
    peers.flatMap(({ scores, result }) => [
      ...scores.filter((score) => isScoreOf(score, measure)).map(({ language }) => language),
      ...listFailedLanguages(result?.failures ?? [], measure),
    ]),
  );
}

/** Scores of some languages; null if any is missing. */
function listLanguageScores(index: ScoreIndex, measure: Measure, languages: readonly string[]): Score[] | null {
  const scores = languages.map((language) => findScore(index, measure, language));
  return scores.includes(undefined) ? null : scores.filter((score) => score !== undefined);
}

/** The evaluated languages of a subset of a cell. */
export function listSubsetLanguages(
  report: Report,
  cell: ReportCell,
  { measure, part }: Pick<SubsetOptions, "measure" | "part">,
): string[] {
  const evaluated = listEvaluatedLanguages(report, cell, measure);
  return selectSubsetLanguages(cell, part, report.published.resources).filter((language) => evaluated.has(language));
}

interface SubsetOptions {
  readonly measure: Measure;
  readonly part: LanguageSubset;
  /** The scores to use in place of the cell's own, such as those of its base model. */
  readonly selectScores?: (cell: ReportCell) => ScoreIndex;
}

/** Values of one subset over several cells; null if any is missing or their signatures differ. */
function listSubsetValues(
  report: Report,
  cells: readonly ReportCell[],
  { measure, part, selectScores = ({ scoreIndex }) => scoreIndex }: SubsetOptions,
): number[] | null {
  const scoresByCell = cells.map((cell) =>
    listLanguageScores(selectScores(cell), measure, listSubsetLanguages(report, cell, { measure, part })),
  );
  if (scoresByCell.includes(null)) return null;
  const scores = scoresByCell.flatMap((cellScores) => cellScores ?? []);
  return canPool(scores) ? scores.map(({ value }) => value) : null;
}

/**
 * Mean over the languages of several cells, each language of each cell with the same weight. null if nothing was
 * evaluated, a score is missing or signatures differ: a mean over only the scores that exist could not be compared.
 */
export function computeAverage(report: Report, cells: readonly ReportCell[], options: SubsetOptions): number | null {
  const values = listSubsetValues(report, cells, options);
  return values && computeMean(values);
}

/** The row of the model before any training. No mixture may have this name. */
export const baseRowName = "base";

/** The rows of a table of a group's averages: the base, then its mixtures, each with its values on added axes. */
export function listAverageRows(report: Report, group: readonly ReportCell[]): string[] {
  const rows = selectMixtures(report, group).flatMap((data) => {
    const labels = selectCells(group, { data }).map(formatMixtureLabel);
    return labels.length === 0 ? [data] : [...new Set(labels)];
  });
  return [baseRowName, ...rows];
}

interface RowSelection {
  readonly cells: readonly ReportCell[];
  readonly selectScores: (cell: ReportCell) => ScoreIndex;
}

/** The cells of one group that a row covers. In the base row the languages of each category count once. */
function selectRowCells(report: Report, group: readonly ReportCell[], row: string): RowSelection {
  return row === baseRowName
    ? {
        cells: selectCategories(report, group).flatMap(({ name }) =>
          selectCells(group, { category: name }).slice(0, 1),
        ),
        selectScores: ({ base }) => base,
      }
    : { cells: group.filter((cell) => formatMixtureLabel(cell) === row), selectScores: ({ scoreIndex }) => scoreIndex };
}

interface AverageRowOptions {
  readonly group: readonly ReportCell[];
  readonly row: string;
  readonly measure: Measure;
  readonly part: LanguageSubset;
}

/** Mean of a subset's languages in one row; null if a score is missing. */
export function computeRowAverage(report: Report, { group, row, measure, part }: AverageRowOptions): number | null {
  const { cells, selectScores } = selectRowCells(report, group, row);
  return computeAverage(report, cells, { measure, part, selectScores });
}

/**
 * Standard deviation of a row's average over the runs of its cells, which are numbered within each cell; null if a cell
 * has another number of runs than the others, as after a failure, or all have one.
 */
export function computeRowDeviation(report: Report, { group, row, measure, part }: AverageRowOptions): number | null {
  const { cells } = selectRowCells(report, group, row);
  const [runs = 1, ...others] = new Set(cells.map(countRuns));
  if (row === baseRowName || runs < 2 || others.length > 0) return null;
  const averages = Array.from({ length: runs }, (_, run) =>
    computeAverage(report, cells, {
      measure,
      part,
      selectScores: ({ repetitions, scoreIndex }) => repetitions?.[run]?.scoreIndex ?? scoreIndex,
    }),
  );
  return averages.includes(null) ? null : computeStandardDeviation(averages.filter((average) => average !== null));
}

/** The single values behind a row's average; empty if a score is missing. */
export function listRowValues(report: Report, { group, row, measure, part }: AverageRowOptions): number[] {
  const { cells, selectScores } = selectRowCells(report, group, row);
  return listSubsetValues(report, cells, { measure, part, selectScores }) ?? [];
}
