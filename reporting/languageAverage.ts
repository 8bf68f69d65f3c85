import { english } from "../jobs/matrix/knownLanguages.ts";
import { selectCategories, selectMixtures } from "./matrixAxes.ts";
import type { ResourceLevel } from "./published/rowSchemas.ts";
import type { Report, ReportCell } from "./reportModel.ts";
import { selectCells } from "./reportModel.ts";
import { findScore } from "./scoreIndex.ts";
import type { ScoreIndex } from "./scoreIndex.ts";
import { buildMeasureKey } from "./scoreMeasure.ts";
import type { Measure } from "./scoreMeasure.ts";
import { computeMean } from "./statistics/mean.ts";

/** Which languages of a cell an average is over. A resource level: training languages of that level; unclassified: those without one. */
export type LanguageSubset = "training" | "related" | "english" | ResourceLevel | "unclassified";

/** A cell's languages of a part, whether or not they were evaluated. */
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

/** Those that some cell beside it has a score for: a benchmark may lack a language, or a run leave it out on purpose. */
function listEvaluatedLanguages({ cells }: Report, cell: ReportCell, measure: Measure): ReadonlySet<string> {
  const peers = cells.filter(({ group, category }) => group === cell.group && category === cell.category);
  const key = buildMeasureKey(measure);
  return new Set(
    peers.flatMap(({ scores }) =>
      scores.filter((score) => buildMeasureKey(score) === key).map(({ language }) => language),
    ),
  );
}

/** Values of a part's languages in one set of scores; null as soon as one is not there. */
function listScoreValues(index: ScoreIndex, measure: Measure, languages: readonly string[]): number[] | null {
  const values = languages.map((language) => findScore(index, measure, language)?.value);
  return values.includes(undefined) ? null : values.filter((value) => value !== undefined);
}

/** Values of one part of several cells, cell by cell; null for a cell that lacks one. */
export function listSubsetValues(
  report: Report,
  cells: readonly ReportCell[],
  { measure, part, selectScores: of = (cell) => cell.index }: SubsetOptions,
): (number[] | null)[] {
  return cells.map((cell) => {
    const there = listEvaluatedLanguages(report, cell, measure);
    return listScoreValues(
      of(cell),
      measure,
      selectSubsetLanguages(cell, part, report.published.resources).filter((language) => there.has(language)),
    );
  });
}

export interface SubsetOptions {
  readonly measure: Measure;
  readonly part: LanguageSubset;
  /** The scores to take in place of the cell's own, such as those of its base model. */
  readonly selectScores?: (cell: ReportCell) => ScoreIndex;
}

/**
 * Mean over the languages of several cells, each language of each cell with the same weight. null where nothing was
 * evaluated, and where a score is missing: a mean over what happens to be there could not be compared.
 */
export function computeAverage(report: Report, cells: readonly ReportCell[], options: SubsetOptions): number | null {
  const values = listSubsetValues(report, cells, options);
  return values.includes(null) ? null : computeMean(values.flatMap((some) => some ?? []));
}

/** The row of the model before any training. No mixture may be called so. */
export const baseRowName = "base";

/** The rows of a table of a group's averages: the base, then its mixtures. */
export function listAverageRows(report: Report, group: readonly ReportCell[]): string[] {
  return [baseRowName, ...selectMixtures(report, group)];
}

interface RowSelection {
  readonly cells: readonly ReportCell[];
  readonly selectScores: (cell: ReportCell) => ScoreIndex;
}

/** The cells of one group that a row is over. Of the base, the languages of each category count once. */
function selectRowCells(report: Report, group: readonly ReportCell[], row: string): RowSelection {
  return row === baseRowName
    ? {
        cells: selectCategories(report, group).flatMap(({ name }) =>
          selectCells(group, { category: name }).slice(0, 1),
        ),
        selectScores: ({ base }) => base,
      }
    : { cells: selectCells(group, { data: row }), selectScores: ({ index }) => index };
}

interface AverageRowOptions {
  readonly group: readonly ReportCell[];
  readonly row: string;
  readonly measure: Measure;
  readonly part: LanguageSubset;
}

/** Mean of a part's languages in one row; null where a score is missing. */
export function computeRowAverage(report: Report, { group, row, measure, part }: AverageRowOptions): number | null {
  const { cells, selectScores: of } = selectRowCells(report, group, row);
  return computeAverage(report, cells, { measure, part, selectScores: of });
}

/** The single values behind a row's average; none where a score is missing. */
export function listRowValues(report: Report, { group, row, measure, part }: AverageRowOptions): number[] {
  const { cells, selectScores: of } = selectRowCells(report, group, row);
  const values = listSubsetValues(report, cells, { measure, part, selectScores: of });
  return values.includes(null) ? [] : values.flatMap((some) => some ?? []);
}
